-- The tests of quantities that a recipe's determinants, demand terms and charges hang on, seen from
-- the level that they decide on. A test compares a sum with a bound: the quantity tested, less the
-- multiple of another one that bounds it.
-- One row per recipe, level, clause, test and operand.

with hanging as (

    select
        recipe_id,
        level,
        tested_condition_set_id as condition_set_id
    from {{ ref('int_recipe__determinant') }}
    union
    select
        recipe_id,
        8 as level,
        tested_condition_set_id as condition_set_id
    from {{ ref('int_recipe__demand_term') }}
    union
    select
        recipe_id,
        8 as level,
        tested_group_condition_set_id as condition_set_id
    from {{ ref('int_recipe__demand_term') }}
    union
    select
        recipe_id,
        {{ charge_level() }} as level,
        condition_set_id
    from {{ ref('int_recipe__condition_set') }}
    where has_determinant_test

),

condition as (

    select
        *,
        count(*) over (partition by condition_set_id) as tests
    from {{ source('tariff', 'condition') }}
    where kind = 'determinant'

),

operand as (

    select
        condition_set_id,
        ordinal,
        comparison,
        bound,
        tests,
        subject as operand,
        cast(1 as decimal(18, 6)) as coefficient,
        case when bound_operand is null then 1 else 2 end as operands
    from condition
    union all
    select
        condition_set_id,
        ordinal,
        comparison,
        bound,
        tests,
        bound_operand as operand,
        -bound_factor as coefficient,
        2 as operands
    from condition
    where bound_operand is not null

),

quantity as (

    select * from {{ ref('int_recipe__quantity') }}

)

select
    hanging.recipe_id,
    hanging.level,
    hanging.condition_set_id,
    operand.ordinal,
    operand.comparison,
    operand.bound,
    operand.tests,
    operand.operands,
    operand.coefficient,
    quantity.quantity_id as operand_quantity_id
from hanging
inner join operand
    on hanging.condition_set_id = operand.condition_set_id
inner join quantity
    on
        hanging.recipe_id = quantity.recipe_id
        and operand.operand = quantity.operand
        and hanging.level > quantity.level
        and hanging.level <= quantity.last_level
