-- Whether there is a demand at all: the adjusted demand must be known in one of so many months,
-- the current one included (G8).
-- One row per request and demand rule for which it is.

with request as (

    select * from {{ ref('int_request') }}

),

recipe_rule as (

    select distinct
        recipe_id,
        demand_rule_id
    from {{ ref('int_recipe__demand_term') }}

),

demand_rule as (

    select * from {{ source('tariff', 'demand_rule') }}

),

meaning as (

    select * from {{ ref('int_recipe__quantity') }} where level < 8 and last_level >= 8

),

quantity as (

    {{ quantities_below(8) }}

),

rule as (

    select
        recipe_rule.recipe_id,
        recipe_rule.demand_rule_id,
        demand_rule.known_within_months,
        meaning.quantity_id
    from recipe_rule
    inner join demand_rule
        on recipe_rule.demand_rule_id = demand_rule.demand_rule_id
    inner join meaning
        on
            recipe_rule.recipe_id = meaning.recipe_id
            and demand_rule.adjusted_operand = meaning.operand

)

select
    request.request_id,
    rule.demand_rule_id
from request
inner join rule
    on
        request.recipe_id = rule.recipe_id
        and rule.known_within_months = 1
inner join quantity
    on
        request.request_id = quantity.request_id
        and rule.quantity_id = quantity.quantity_id
where not request.is_history
union all
select distinct
    request.request_id,
    rule.demand_rule_id
from request
inner join rule
    on
        request.recipe_id = rule.recipe_id
        and rule.known_within_months > 1
inner join request as earlier
    on
        request.agreement_id = earlier.agreement_id
        and request.metering_id = earlier.metering_id
        and earlier.month_index > request.month_index - rule.known_within_months
        and request.month_index >= earlier.month_index
inner join quantity
    on
        earlier.request_id = quantity.request_id
        and rule.quantity_id = quantity.quantity_id
where not request.is_history
