-- The demand terms that apply in a recipe: those whose clauses hold, and of each choice the
-- first that does. Operands are resolved to quantities on the levels below the demands.
-- One row per recipe and term.

with recipe_version as (

    select * from {{ ref('int_recipe__version') }}

),

demand_rule as (

    select * from {{ source('tariff', 'demand_rule') }}

),

demand_group as (

    select * from {{ source('tariff', 'demand_group') }}

),

demand_term as (

    select * from {{ source('tariff', 'demand_term') }}

),

held as (

    select * from {{ ref('int_recipe__condition_set') }}

),

ranked as (

    select
        recipe_version.recipe_id,
        demand_rule.demand_rule_id,
        demand_rule.known_within_months,
        demand_group.demand_group_id,
        demand_term.demand_term_id,
        demand_term.kind,
        demand_term.operand,
        demand_term.percent,
        demand_term.constant_kw,
        demand_term.window_months,
        demand_term.skip_months,
        demand_term.is_required,
        demand_term.choice,
        row_number() over (
            partition by
                recipe_version.recipe_id,
                demand_group.demand_group_id,
                coalesce(demand_term.choice, cast(demand_term.demand_term_id as text))
            order by demand_term.ordinal
        ) as choice_order
    from recipe_version
    inner join demand_rule
        on recipe_version.version_id = demand_rule.version_id
    inner join demand_group
        on demand_rule.demand_rule_id = demand_group.demand_rule_id
    inner join demand_term
        on demand_group.demand_group_id = demand_term.demand_group_id
    left join held as group_held
        on
            recipe_version.recipe_id = group_held.recipe_id
            and demand_group.condition_set_id = group_held.condition_set_id
    left join held as term_held
        on
            recipe_version.recipe_id = term_held.recipe_id
            and demand_term.condition_set_id = term_held.condition_set_id
    where
        (demand_group.condition_set_id is null or group_held.condition_set_id is not null)
        and (demand_term.condition_set_id is null or term_held.condition_set_id is not null)

),

quantity as (

    select * from {{ ref('int_recipe__quantity') }}

)

select
    ranked.recipe_id,
    ranked.demand_rule_id,
    ranked.known_within_months,
    ranked.demand_group_id,
    ranked.demand_term_id,
    ranked.kind,
    meant.quantity_id as operand_quantity_id,
    ranked.percent,
    ranked.constant_kw,
    ranked.window_months,
    ranked.skip_months,
    ranked.is_required,
    ranked.choice
from ranked
left join quantity as meant
    on
        ranked.recipe_id = meant.recipe_id
        and ranked.operand = meant.operand
        and meant.level < 8
        and meant.last_level >= 8
where ranked.choice_order = 1
