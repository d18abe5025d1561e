-- Reads without a bill of their own, each with its reason.
-- One row per agreement and billing month of such a read.

with rejected as (

    select * from {{ ref('int_read__rejected_by_terms') }} where is_asked_for

),

unrated as (

    select
        request.agreement_id,
        request.billing_month,
        unrated.reason,
        unrated.detail,
        row_number() over (
            partition by request.agreement_id, request.billing_month
            order by request.request_id desc
        ) as ordinal
    from {{ ref('int_request__unrated') }} as unrated
    inner join {{ ref('int_request__production') }} as request
        on unrated.request_id = request.request_id
    where request.kind in ('production', 'part')

)

select
    agreement_id,
    billing_month,
    reason,
    detail,
    cast({{ var('run_id') }} as integer) as run_id
from rejected
union all
select
    agreement_id,
    billing_month,
    reason,
    detail,
    cast({{ var('run_id') }} as integer) as run_id
from unrated
where ordinal = 1
