-- The operands of a recipe's derived quantities, each resolved to the quantity it means.
-- One row per recipe, derived quantity and operand.

with determinant as (

    select * from {{ ref('int_recipe__determinant') }}

),

term as (

    select * from {{ source('tariff', 'determinant_term') }}

),

quantity as (

    select * from {{ ref('int_recipe__quantity') }}

)

select
    determinant.recipe_id,
    determinant.level,
    made.quantity_id,
    term.ordinal,
    meant.quantity_id as operand_quantity_id,
    term.coefficient,
    term.role,
    term.when_unknown,
    determinant.operation,
    determinant.constant,
    determinant.decimals,
    determinant.rounding_step,
    determinant.rounding,
    determinant.at_least,
    determinant.at_most
from determinant
inner join term
    on determinant.determinant_id = term.determinant_id
inner join quantity as made
    on
        determinant.recipe_id = made.recipe_id
        and determinant.name = made.operand
        and determinant.level = made.level
inner join quantity as meant
    on
        determinant.recipe_id = meant.recipe_id
        and term.operand = meant.operand
        and determinant.level > meant.level
        and determinant.level <= meant.last_level
