-- The derived quantities of a recipe. Where several definitions of one name hold at one level,
-- a rider's comes before a clause's and a schedule's, and a later one before an earlier. Those
-- before the first that hangs on no test of a quantity are kept beside it, for each request to
-- take the first whose clause holds.
-- One row per recipe, name, level and definition that may be taken.

with recipe_version as (

    select * from {{ ref('int_recipe__version') }}

),

determinant as (

    select * from {{ source('tariff', 'determinant') }}

),

held as (

    select * from {{ ref('int_recipe__condition_set') }}

),

ranked as (

    select
        recipe_version.recipe_id,
        determinant.determinant_id,
        determinant.name,
        determinant.level,
        determinant.operation,
        determinant.constant,
        determinant.divisor,
        determinant.from_month,
        determinant.resets,
        determinant.decimals,
        determinant.rounding_step,
        determinant.rounding,
        determinant.at_least,
        determinant.at_most,
        case when held.has_determinant_test then held.condition_set_id end
            as tested_condition_set_id,
        row_number() over (
            partition by recipe_version.recipe_id, determinant.name, determinant.level
            order by recipe_version.role_order desc, determinant.ordinal desc
        ) as choice_order
    from recipe_version
    inner join determinant
        on recipe_version.version_id = determinant.version_id
    left join held
        on
            recipe_version.recipe_id = held.recipe_id
            and determinant.condition_set_id = held.condition_set_id
    where determinant.condition_set_id is null or held.condition_set_id is not null

),

counted as (

    select
        *,
        choice_order - 1 - count(tested_condition_set_id) over (
            partition by recipe_id, name, level
            order by choice_order
            rows between unbounded preceding and 1 preceding
        ) as certain_before
    from ranked

)

select
    recipe_id,
    determinant_id,
    name,
    level,
    operation,
    constant,
    divisor,
    from_month,
    resets,
    decimals,
    rounding_step,
    rounding,
    at_least,
    at_most,
    tested_condition_set_id,
    cast(
        case when tested_condition_set_id is not null or choice_order > 1 then choice_order end
        as integer
    ) as choice_order
from counted
where certain_before = 0
