-- The demand terms that apply in a recipe: those whose clauses hold, and of each choice the
-- first that does. Where a clause tests a quantity, each request decides. Operands are resolved
-- to quantities on the levels below the demands. Of a demand that two sheets define, the first's.
-- One row per recipe and term that applies or may apply.

with recipe_version as (

    select * from {{ ref('int_recipe__version') }}

),

demand_rule as (

    select * from {{ source('tariff', 'demand_rule') }}

),

looked_at as (

    select
        version_id,
        name,
        {{ demand_operand('name') }} as operand
    from demand_rule

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

doubled as (

    select * from {{ ref('int_recipe__doubled') }}

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
        looked_at.name as billed_demand,
        demand_term.percent,
        demand_term.constant_kw,
        demand_term.window_months,
        demand_term.skip_months,
        demand_term.average_of,
        demand_term.from_month,
        demand_term.is_required,
        demand_term.choice,
        case when group_held.has_determinant_test then group_held.condition_set_id end
            as tested_group_condition_set_id,
        case when term_held.has_determinant_test then term_held.condition_set_id end
            as tested_condition_set_id,
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
    left join looked_at
        on
            recipe_version.version_id = looked_at.version_id
            and demand_term.operand = looked_at.operand
    left join held as group_held
        on
            recipe_version.recipe_id = group_held.recipe_id
            and demand_group.condition_set_id = group_held.condition_set_id
    left join held as term_held
        on
            recipe_version.recipe_id = term_held.recipe_id
            and demand_term.condition_set_id = term_held.condition_set_id
    left join doubled
        on
            recipe_version.recipe_id = doubled.recipe_id
            and recipe_version.version_id = doubled.other_version_id
            and {{ demand_operand('demand_rule.name') }} = doubled.operand
    where
        (demand_group.condition_set_id is null or group_held.condition_set_id is not null)
        and (demand_term.condition_set_id is null or term_held.condition_set_id is not null)
        and doubled.recipe_id is null

),

counted as (

    select
        *,
        choice_order - 1 - count(tested_condition_set_id) over (
            partition by
                recipe_id, demand_group_id, coalesce(choice, cast(demand_term_id as text))
            order by choice_order
            rows between unbounded preceding and 1 preceding
        ) as certain_before
    from ranked

),

quantity as (

    select * from {{ ref('int_recipe__quantity') }}

)

select
    counted.recipe_id,
    counted.demand_rule_id,
    counted.known_within_months,
    counted.demand_group_id,
    counted.demand_term_id,
    counted.kind,
    meant.quantity_id as operand_quantity_id,
    counted.billed_demand,
    counted.percent,
    counted.constant_kw,
    counted.window_months,
    counted.skip_months,
    counted.average_of,
    counted.from_month,
    counted.is_required,
    counted.choice,
    counted.tested_group_condition_set_id,
    counted.tested_condition_set_id,
    cast(
        case
            when
                counted.tested_group_condition_set_id is not null
                or counted.tested_condition_set_id is not null
                or counted.choice_order > 1
                then counted.choice_order
        end as integer
    ) as choice_order
from counted
left join quantity as meant
    on
        counted.recipe_id = meant.recipe_id
        and counted.operand = meant.operand
        and meant.level < 8
        and meant.last_level >= 8
where counted.certain_before = 0
