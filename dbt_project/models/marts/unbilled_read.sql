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
        request.request_id,
        unit.unit_code
    from {{ ref('int_request__production') }} as request
    inner join {{ ref('int_recipe__lit') }} as recipe_lit
        on
            request.recipe_id = recipe_lit.recipe_id
            and recipe_lit.determinant = 'lamp_watts'
    inner join {{ ref('int_unit__counted') }} as unit
        on
            request.agreement_id = unit.agreement_id
            and request.billing_month = unit.billing_month
    where
        unit.is_lamp
        and unit.input_watts = 0

),

unlit as (

    select
        request_id,
        '; units without watts: '
        || {{ joined('unit_code', bytewise('unit_code'), "', '") }} as what_is_missing
    from unlit_unit
    group by request_id

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
        on request.request_id = unlit.request_id
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
