-- Requests that lack what their tariff prices: a line of the sheet that fits (G8), a quantity (named with
-- the inputs that are missing for it), a unit that its sheets know, or a monthly factor of a quantity
-- that is not zero (unless the sheet's charge counts only where a factor is given). Of several reasons the
-- first in that order is kept (G4); last comes what a credit of a difference needs of another version.
-- One row per request that cannot be billed.

with request as (

    select * from {{ ref('int_request__production') }}

),

gap as (

    select * from {{ ref('int_recipe__gap') }}

),

step as (

    select * from {{ ref('int_recipe__charge_step') }}

),

chosen as (

    select * from {{ ref('int_charge__chosen') }}

),

quantity as (

    select * from {{ ref('int_quantity') }}

),

unit as (

    select * from {{ ref('int_unit__counted') }}

),

version as (

    select * from {{ source('tariff', 'version') }}

),

schedule as (

    select * from {{ source('tariff', 'schedule') }}

),

{{ factors_missing() }},

missing_input as (

    select
        request_id,
        quantity_id,
        {{ joined('input', bytewise('input'), "' and '") }} as inputs,
        case when count(*) = 1 then ' is missing' else ' are missing' end as words
    from {{ ref('int_request__missing_input') }}
    group by request_id, quantity_id

),

unknown as (

    select
        unknown.request_id,
        unknown.operand || ' is not known'
        || case
            when missing_input.inputs != unknown.operand
                then ': ' || missing_input.inputs || missing_input.words
            else ''
        end as detail
    from {{ ref('int_request__unknown') }} as unknown
    left join missing_input
        on
            unknown.request_id = missing_input.request_id
            and unknown.quantity_id = missing_input.quantity_id

),

contingent_choice as (

    select distinct
        recipe_id,
        version_id,
        choice
    from step
    where is_contingent and choice is not null

),

taken as (

    select distinct
        chosen.request_id,
        step.version_id,
        step.choice
    from chosen
    inner join request
        on chosen.request_id = request.request_id
    inner join step
        on
            request.recipe_id = step.recipe_id
            and chosen.charge_id = step.charge_id

),

found as (

    select
        request.request_id,
        1 as priority,
        'missing_determinant' as reason,
        gap.detail
    from request
    inner join gap
        on request.recipe_id = gap.recipe_id
    union all
    select
        request.request_id,
        0 as priority,
        'no_rate_in_force' as reason,
        'it is incomplete' as detail
    from request
    inner join version
        on request.version_id = version.version_id
    where request.kind = 'reference' and version.status = 'incomplete'
    union all
    select
        request_id,
        2 as priority,
        'missing_determinant' as reason,
        detail
    from unknown
    union all
    select
        request.request_id,
        3 as priority,
        'missing_determinant' as reason,
        'no ' || contingent_choice.choice
        || ' of the sheet fits the agreement''s attributes and the read''s quantities' as detail
    from request
    inner join contingent_choice
        on request.recipe_id = contingent_choice.recipe_id
    left join taken
        on
            request.request_id = taken.request_id
            and contingent_choice.version_id = taken.version_id
            and contingent_choice.choice = taken.choice
    where taken.request_id is null
    union all
    select
        request.request_id,
        4 as priority,
        'missing_determinant' as reason,
        case
            when unit.quantity is null then 'the quantity of unit ' || unit.unit_code || ' is blank'
            else 'unit ' || unit.unit_code || ' is not on the sheet'
        end as detail
    from request
    inner join unit
        on
            request.agreement_id = unit.agreement_id
            and request.billing_month = unit.billing_month
    where unit.quantity is null or not unit.is_on_sheet
    union all
    select
        unpriced.request_id,
        5 as priority,
        'no_rate_in_force' as reason,
        'no factor of ' || schedule.schedule || ' is known for this month' as detail
    from unpriced
    inner join version
        on unpriced.version_id = version.version_id
    inner join schedule
        on version.schedule_id = schedule.schedule_id
    left join quantity
        on
            unpriced.request_id = quantity.request_id
            and unpriced.quantity_id = quantity.quantity_id
    where quantity.quantity != 0 or unpriced.quantity_id is null

),

ranked as (

    select
        request_id,
        reason,
        detail,
        row_number() over (
            partition by request_id
            order by priority asc, {{ bytewise('detail') }} asc
        ) as ordinal
    from found

),

uncredited as (

    select
        request.request_id,
        ranked.reason,
        'rider ' || rider.schedule || ' needs version ' || cast(version.effective_from as text)
        || ' of schedule ' || schedule.schedule || ': ' || ranked.detail as detail,
        row_number() over (
            partition by request.request_id
            order by {{ bytewise('rider.schedule') }}
        ) as ordinal
    from ranked
    inner join request as reference
        on
            ranked.request_id = reference.request_id
            and ranked.ordinal = 1
            and reference.kind = 'reference'
    inner join request
        on
            reference.agreement_id = request.agreement_id
            and reference.billing_month = request.billing_month
            and request.kind = 'production'
    inner join step
        on
            request.recipe_id = step.recipe_id
            and step.kind = 'difference'
    inner join quantity
        on
            request.request_id = quantity.request_id
            and step.quantity_id = quantity.quantity_id
            and quantity.quantity != 0
    left join chosen
        on
            request.request_id = chosen.request_id
            and step.charge_id = chosen.charge_id
    inner join version
        on reference.version_id = version.version_id
    inner join schedule
        on version.schedule_id = schedule.schedule_id
    inner join version as rider_version
        on step.version_id = rider_version.version_id
    inner join schedule as rider
        on rider_version.schedule_id = rider.schedule_id
    where
        (not step.is_contingent or chosen.request_id is not null)
        and request.request_id not in (select found.request_id from found)

)

select
    request_id,
    reason,
    detail
from ranked
where ordinal = 1
union all
select
    request_id,
    reason,
    detail
from uncredited
where ordinal = 1
