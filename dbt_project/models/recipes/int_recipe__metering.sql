-- Recipes that make the same of a meter read, and name the same of the lamps and other units: a
-- ratchet compares the months of an agreement under one of them, so that its history is adjusted as
-- the present period is (G6).
-- One row per recipe.

with recipe as (

    select * from {{ ref('int_recipe') }}

),

determinant as (

    select * from {{ ref('int_recipe__determinant') }} where level < 8

),

looked_at as (

    select
        recipe_version.recipe_id,
        named.operand
    from {{ ref('int_recipe__version') }} as recipe_version
    inner join {{ ref('int_unit__named') }} as named
        on recipe_version.version_id = named.version_id
    union
    select
        recipe_id,
        determinant as operand
    from {{ ref('int_recipe__lit') }}

),

-- Meter reads alone are the same by any times of use.
times as (

    select *
    from {{ ref('int_interval__times') }}
    where exists (select 1 from {{ source('portfolio', 'interval_read') }})

),

described as (

    select
        recipe_id,
        {{ joined('cast(determinant_id as text)', 'determinant_id') }} as definitions
    from determinant
    group by recipe_id

),

counted as (

    select
        recipe_id,
        {{ joined('operand', bytewise('operand')) }} as operands
    from looked_at
    group by recipe_id

)

select
    recipe.recipe_id,
    cast(
        dense_rank() over (
            order by
                coalesce(described.definitions, ''),
                coalesce(counted.operands, ''),
                coalesce(times.times_id, 0)
        ) as integer
    ) as metering_id
from recipe
left join described
    on recipe.recipe_id = described.recipe_id
left join counted
    on recipe.recipe_id = counted.recipe_id
left join times
    on recipe.version_id = times.version_id
