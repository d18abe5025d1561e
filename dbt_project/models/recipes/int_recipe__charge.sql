-- The charges that apply in a recipe as far as season and attributes decide. Of a choice, the
-- first charge that applies is taken; where a clause before or in it tests a determinant, the
-- charge is contingent and decided request by request.
-- One row per recipe and charge.

with recipe_version as (

    select * from {{ ref('int_recipe__version') }}

),

charge as (

    select * from {{ source('tariff', 'charge') }}

),

held as (

    select * from {{ ref('int_recipe__condition_set') }}

),

applicable as (

    select
        recipe_version.recipe_id,
        recipe_version.role_order,
        charge.charge_id,
        charge.version_id,
        charge.ordinal,
        charge.choice,
        charge.choice_rule,
        charge.condition_set_id,
        coalesce(held.has_determinant_test, false) as has_determinant_test
    from recipe_version
    inner join charge
        on recipe_version.version_id = charge.version_id
    left join held
        on
            recipe_version.recipe_id = held.recipe_id
            and charge.condition_set_id = held.condition_set_id
    where
        (charge.season is null or charge.season = recipe_version.season)
        and (charge.condition_set_id is null or held.condition_set_id is not null)

),

counted as (

    select
        *,
        coalesce(sum(case when has_determinant_test then 0 else 1 end) over earlier_choices, 0)
            as certain_before,
        coalesce(sum(case when has_determinant_test then 1 else 0 end) over earlier_choices, 0)
            as uncertain_before
    from applicable
    window earlier_choices as (
        partition by recipe_id, version_id, coalesce(choice, 'charge ' || cast(charge_id as text))
        order by ordinal
        rows between unbounded preceding and 1 preceding
    )

)

select
    recipe_id,
    charge_id,
    role_order,
    choice,
    choice_rule,
    case when has_determinant_test then condition_set_id end as tested_condition_set_id,
    has_determinant_test
    or (coalesce(choice_rule, '') = 'first' and uncertain_before > 0) as is_contingent
from counted
where coalesce(choice_rule, '') != 'first' or certain_before = 0
