-- What requests lack of what their tariff prices, in the order in which it is told (G4): a whole version, a
-- line of the sheet that fits (G8), a quantity (named with the inputs that are missing for it, or of which
-- no definition fits), a unit that its sheets know, a monthly factor of a quantity that is not zero.
-- One row per request and reason for which it cannot be billed.

with request as (

    select * from {{ ref('int_request__production') }}

),

step as (

    select * from {{ ref('int_recipe__charge_step') }}

),

version as (

    select * from {{ source('tariff', 'version') }}

),

{{ factors_missing() }},

missing_input as (

    select
        unknown.request_id,
        unknown.operand,
        case when undefined.operand is null then missing_input.input end as input,
        'no definition of ' || undefined.operand || ' fits '
        || coalesce('the agreement''s attributes (' || undefined.attributes || ')', 'the month')
            as misfit
    from {{ ref('int_request__unknown') }} as unknown
    inner join request
        on unknown.request_id = request.request_id
    left join {{ ref('int_request__missing_input') }} as missing_input
        on
            unknown.request_id = missing_input.request_id
            and unknown.quantity_id = missing_input.quantity_id
    left join {{ ref('int_recipe__undefined') }} as undefined
        on
            request.recipe_id = undefined.recipe_id
            and missing_input.input = undefined.operand

),

unknown as (

    select
        request_id,
        operand,
        {{ joined('input', bytewise('input'), "' and '") }} as inputs,
        case when count(input) = 1 then ' is missing' else ' are missing' end as words,
        {{ joined('misfit', bytewise('misfit'), "', '") }} as misfits
    from missing_input
    group by request_id, operand

),

chosen as (

    select * from {{ ref('int_charge__chosen') }}

),

-- Of a choice whose greatest is taken, a charge without a test leaves nothing to be missed.
contingent_choice as (

    select
        recipe_id,
        version_id,
        choice
    from step
    where choice is not null
    group by recipe_id, version_id, choice
    having bool_and(is_contingent)

),

unchosen as (

    select
        request.request_id,
        step.choice
    from request
    inner join contingent_choice
        on request.recipe_id = contingent_choice.recipe_id
    inner join step
        on
            contingent_choice.recipe_id = step.recipe_id
            and contingent_choice.version_id = step.version_id
            and contingent_choice.choice = step.choice
    left join chosen
        on
            request.request_id = chosen.request_id
            and step.charge_id = chosen.charge_id
    group by request.request_id, step.version_id, step.choice
    having count(chosen.request_id) = 0

),

found as (

    select
        request.request_id,
        0 as priority,
        'no_rate_in_force' as reason,
        'it is incomplete' as detail
    from request
    inner join version
        on request.version_id = version.version_id
    where request.kind = 'reference' and version.status = 'incomplete'
    union
    select
        request.request_id,
        1 as priority,
        'missing_determinant' as reason,
        gap.detail
    from request
    inner join {{ ref('int_recipe__gap') }} as gap
        on request.recipe_id = gap.recipe_id
    union
    select
        request_id,
        2 as priority,
        'missing_determinant' as reason,
        operand || ' is not known'
        || case when inputs != operand then ': ' || inputs || words else '' end
        || coalesce(case when inputs is null then ': ' else ', ' end || misfits, '') as detail
    from unknown
    union
    select
        request_id,
        3 as priority,
        'missing_determinant' as reason,
        'no ' || choice
        || ' of the sheet fits the agreement''s attributes and the read''s quantities' as detail
    from unchosen
    union
    select
        request.request_id,
        4 as priority,
        'missing_determinant' as reason,
        case
            when unit.quantity is null then 'the quantity of unit ' || unit.unit_code || ' is blank'
            else 'unit ' || unit.unit_code || ' is not on the sheet'
        end as detail
    from request
    inner join {{ ref('int_unit__counted') }} as unit
        on
            request.agreement_id = unit.agreement_id
            and request.billing_month = unit.billing_month
    where unit.quantity is null or not unit.is_on_sheet
    union
    select
        unpriced.request_id,
        5 as priority,
        'no_rate_in_force' as reason,
        'no factor of ' || schedule.schedule || ' is known for this month' as detail
    from unpriced
    inner join version
        on unpriced.version_id = version.version_id
    inner join {{ source('tariff', 'schedule') }} as schedule
        on version.schedule_id = schedule.schedule_id
    left join {{ ref('int_quantity') }} as quantity
        on
            unpriced.request_id = quantity.request_id
            and unpriced.quantity_id = quantity.quantity_id
    where quantity.quantity != 0 or unpriced.quantity_id is null

)

select
    request_id,
    cast(
        row_number() over (
            partition by request_id
            order by priority asc, {{ bytewise('detail') }} asc
        ) as integer
    ) as ordinal,
    reason,
    detail
from found
