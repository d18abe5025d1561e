-- What a name means in a recipe, seen from a level: the quantity made on the highest level
-- below it, and the meter read itself where none is.
-- One row per recipe, operand and level that makes it; it is meant by the levels above
-- `level`, up to and including `last_level`.

with recipe as (

    select * from {{ ref('int_recipe') }}

),

recipe_version as (

    select * from {{ ref('int_recipe__version') }}

),

operand as (

    select * from {{ ref('int_operand') }}

),

determinant as (

    select * from {{ ref('int_recipe__determinant') }}

),

demand_rule as (

    select * from {{ source('tariff', 'demand_rule') }}

),

split_step as (

    select * from {{ ref('int_recipe__split_step') }}

),

made as (

    select
        recipe.recipe_id,
        operand.operand,
        0 as level
    from recipe
    cross join operand
    union
    select
        recipe_id,
        name as operand,
        level
    from determinant
    union
    select
        recipe_version.recipe_id,
        {{ demand_operand('demand_rule.name') }} as operand,
        8 as level
    from recipe_version
    inner join demand_rule
        on recipe_version.version_id = demand_rule.version_id
    union
    select
        recipe_id,
        slice_name as operand,
        level
    from split_step

)

select
    made.recipe_id,
    made.operand,
    made.level,
    coalesce(
        lead(made.level) over (
            partition by made.recipe_id, made.operand
            order by made.level
        ),
        {{ charge_level() }}
    ) as last_level,
    {{ quantity_id('operand.operand_id', 'made.level') }} as quantity_id
from made
inner join operand
    on made.operand = operand.operand
