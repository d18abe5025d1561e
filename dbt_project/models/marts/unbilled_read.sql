-- Reads without a bill of their own, each with its reason; where it lacks a determinant, with the
-- intervals that are missing too, and with the units whose watts are, if its sheet measures by them.
-- One row per agreement and billing month of such a read.

with rejected as (

    select * from {{ ref('int_read__rejected_by_terms') }} where is_asked_for

),

incomplete as (

    select
        agreement_id,
        billing_month,
        '; ' || cast(missing_intervals as text) || ' of ' || cast(expected_intervals as text)
        || ' intervals are missing'
        || case
            when overlapping_intervals > 0
                then ', ' || cast(overlapping_intervals as text) || ' are read twice'
            else ''
        end as what_is_missing
    from {{ ref('interval_coverage') }}
    where not is_complete

),

unlit_unit as (

    select distinct
        agreement_id,
        billing_month,
        unit_code
    from {{ ref('int_unit__counted') }}
    where
        not is_one_time
        and input_watts = 0
        and version_id in (
            select determinant.version_id
            from {{ source('tariff', 'determinant') }} as determinant
            inner join {{ source('tariff', 'determinant_term') }} as term
                on determinant.determinant_id = term.determinant_id
            where term.operand = 'lamp_watts'
        )

),

unlit as (

    select
        agreement_id,
        billing_month,
        '; units without watts: '
        || {{ joined('unit_code', bytewise('unit_code'), "', '") }} as what_is_missing
    from unlit_unit
    group by agreement_id, billing_month

),

unrated as (

    select
        request.agreement_id,
        request.billing_month,
        unrated.reason,
        case unrated.reason
            when 'missing_determinant'
                then unrated.detail || coalesce(incomplete.what_is_missing, '')
                    || coalesce(unlit.what_is_missing, '')
            else unrated.detail
        end as detail,
        row_number() over (
            partition by request.agreement_id, request.billing_month
            order by request.request_id desc
        ) as ordinal
    from {{ ref('int_request__unrated') }} as unrated
    inner join {{ ref('int_request__production') }} as request
        on unrated.request_id = request.request_id
    left join incomplete
        on
            request.agreement_id = incomplete.agreement_id
            and request.billing_month = incomplete.billing_month
    left join unlit
        on
            request.agreement_id = unlit.agreement_id
            and request.billing_month = unlit.billing_month
    where request.kind in ('production', 'part')

)

select
    agreement_id,
    billing_month,
    reason,
    detail,
    {{ run_id() }} as run_id
from rejected
union all
select
    agreement_id,
    billing_month,
    reason,
    detail,
    {{ run_id() }} as run_id
from unrated
where ordinal = 1
