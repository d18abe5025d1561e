-- Recipes that make the same of a meter read: a ratchet compares the months of an agreement
-- under one of them, so that its history is adjusted as the present period is (G6).
-- One row per recipe.

with recipe as (

    select * from {{ ref('int_recipe') }}

),

determinant as (

    select * from {{ ref('int_recipe__determinant') }} where level < 8

),

described as (

    select
        recipe_id,
        {{ joined('cast(determinant_id as text)', 'determinant_id') }} as definitions
    from determinant
    group by recipe_id

)

select
    recipe.recipe_id,
    cast(
        dense_rank() over (order by coalesce(described.definitions, '')) as integer
    ) as metering_id
from recipe
left join described
    on recipe.recipe_id = described.recipe_id
