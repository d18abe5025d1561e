-- Why no read of a recipe can be billed: a choice of a sheet of which none fits, such as a voltage
-- or phase without a line (G8), with the attributes that decide it, or a name that two sheets both
-- give to a quantity.
-- One row per recipe and choice without a term or charge, or name and pair of sheets.

with recipe_version as (

    select * from {{ ref('int_recipe__version') }}

),

charge as (

    select * from {{ source('tariff', 'charge') }} where choice is not null

),

recipe_charge as (

    select * from {{ ref('int_recipe__charge') }} where choice is not null

),

recipe_term as (

    select * from {{ ref('int_recipe__demand_term') }}

),

demand_rule as (

    select * from {{ source('tariff', 'demand_rule') }}

),

demand_group as (

    select * from {{ source('tariff', 'demand_group') }}

),

demand_term as (

    select * from {{ source('tariff', 'demand_term') }} where choice is not null

),

chosen_charge as (

    select distinct
        recipe_charge.recipe_id,
        charge.version_id,
        charge.choice
    from recipe_charge
    inner join charge
        on recipe_charge.charge_id = charge.charge_id

),

doubled as (

    select * from {{ ref('int_recipe__doubled') }}

),

offered_charge as (

    select
        recipe_version.recipe_id,
        charge.version_id,
        charge.choice,
        charge.condition_set_id
    from recipe_version
    inner join charge
        on
            recipe_version.version_id = charge.version_id
            and (charge.season is null or recipe_version.season = charge.season)

),

offered_term as (

    select
        recipe_version.recipe_id,
        demand_rule.name,
        demand_group.demand_group_id,
        demand_term.choice,
        demand_term.condition_set_id
    from recipe_version
    inner join demand_rule
        on recipe_version.version_id = demand_rule.version_id
    inner join demand_group
        on demand_rule.demand_rule_id = demand_group.demand_rule_id
    inner join demand_term
        on demand_group.demand_group_id = demand_term.demand_group_id
    inner join recipe_term as group_term
        on
            recipe_version.recipe_id = group_term.recipe_id
            and demand_group.demand_group_id = group_term.demand_group_id

),

unfit as (

    select
        offered_charge.recipe_id,
        offered_charge.choice || ' of the sheet' as what,
        offered_charge.condition_set_id
    from offered_charge
    left join chosen_charge
        on
            offered_charge.recipe_id = chosen_charge.recipe_id
            and offered_charge.version_id = chosen_charge.version_id
            and offered_charge.choice = chosen_charge.choice
    where chosen_charge.recipe_id is null
    union
    select
        offered_term.recipe_id,
        offered_term.choice || ' of the ' || offered_term.name || ' demand' as what,
        offered_term.condition_set_id
    from offered_term
    left join recipe_term
        on
            offered_term.recipe_id = recipe_term.recipe_id
            and offered_term.demand_group_id = recipe_term.demand_group_id
            and offered_term.choice = recipe_term.choice
            and recipe_term.tested_condition_set_id is null
    where recipe_term.recipe_id is null

),

{{ attributes_that_decide() }}

select
    recipe_id,
    'no ' || what || ' fits the agreement''s attributes' || coalesce(' (' || attributes || ')', '')
        as detail
from decided
union
select
    recipe_id,
    operand || ' is defined by both ' || schedule || ' and ' || other_schedule as detail
from doubled
