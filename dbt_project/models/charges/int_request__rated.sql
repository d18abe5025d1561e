-- The requests that are priced: those that become bills, with the parts of prorated ones, and their
-- references. Where one part cannot be billed, none is.
-- One row per request.

with part as (

    select * from {{ ref('int_request__part') }}

),

unrated as (

    select distinct coalesce(part.billed_request_id, unrated.request_id) as billed_request_id
    from {{ ref('int_request__unrated') }} as unrated
    left join part
        on unrated.request_id = part.request_id

)

select
    request.request_id,
    request.kind,
    request.agreement_id,
    request.billing_month,
    request.read_from,
    request.read_to,
    request.terms_start_date,
    request.version_id,
    request.season,
    request.recipe_id,
    coalesce(part.billed_request_id, request.request_id) as billed_request_id
from {{ ref('int_request__production') }} as request
left join part
    on request.request_id = part.request_id
left join unrated
    on coalesce(part.billed_request_id, request.request_id) = unrated.billed_request_id
where unrated.billed_request_id is null and request.kind not in ('context', 'context_part')
