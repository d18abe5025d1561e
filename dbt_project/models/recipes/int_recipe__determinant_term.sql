-- The operands of a recipe's derived quantities, each resolved to the quantity it means. Where
-- every definition of a name hangs on a test of a quantity, what the name means on the levels
-- below is the last choice.
-- One row per recipe, derived quantity, definition and operand.

with determinant as (

    select * from {{ ref('int_recipe__determinant') }}

),

term as (

    select * from {{ source('tariff', 'determinant_term') }}

),

quantity as (

    select * from {{ ref('int_recipe__quantity') }}

),

named as (

    select
        determinant.recipe_id,
        determinant.name,
        determinant.level,
        determinant.tested_condition_set_id,
        determinant.choice_order,
        term.ordinal,
        term.operand,
        term.coefficient,
        term.role,
        term.when_unknown,
        determinant.operation,
        determinant.constant,
        determinant.divisor,
        determinant.from_month,
        determinant.resets,
        determinant.decimals,
        determinant.rounding_step,
        determinant.rounding,
        determinant.at_least,
        determinant.at_most
    from determinant
    inner join term
        on determinant.determinant_id = term.determinant_id
    union all
    select
        recipe_id,
        name,
        level,
        null as tested_condition_set_id,
        max(choice_order) + 1 as choice_order,
        1 as ordinal,
        name as operand,
        1 as coefficient,
        'term' as role,
        'unknown' as when_unknown,
        'first_known' as operation,
        0 as constant,
        null as divisor,
        null as from_month,
        'yearly' as resets,
        6 as decimals,
        null as rounding_step,
        'nearest' as rounding,
        null as at_least,
        null as at_most
    from determinant
    group by recipe_id, name, level
    having count(tested_condition_set_id) = count(*)

)

select
    named.recipe_id,
    named.level,
    made.quantity_id,
    named.tested_condition_set_id,
    named.choice_order,
    named.ordinal,
    meant.quantity_id as operand_quantity_id,
    named.coefficient,
    named.role,
    named.when_unknown,
    named.operation,
    named.constant,
    named.divisor,
    named.from_month,
    named.resets,
    named.decimals,
    named.rounding_step,
    named.rounding,
    named.at_least,
    named.at_most
from named
inner join quantity as made
    on
        named.recipe_id = made.recipe_id
        and named.name = made.operand
        and named.level = made.level
inner join quantity as meant
    on
        named.recipe_id = meant.recipe_id
        and named.operand = meant.operand
        and named.level > meant.level
        and named.level <= meant.last_level
