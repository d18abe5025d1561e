-- What recipes look at of unmetered lights, the watts of the lamps and the month's hours: what a
-- version of theirs, its clauses' and riders' too, names anywhere, prices or must have (M25).
-- One row per recipe and determinant.

with recipe_version as (

    select * from {{ ref('int_recipe__version') }}

),

named as (

    select
        version_id,
        operand
    from {{ ref('int_operand__named') }}
    union
    select
        version_id,
        operand
    from {{ source('tariff', 'charge') }}
    union
    select
        version_id,
        covers as operand
    from {{ source('tariff', 'charge') }}
    union
    select
        version_id,
        operand
    from {{ source('tariff', 'requirement') }}

)

select distinct
    recipe_version.recipe_id,
    named.operand as determinant
from recipe_version
inner join named
    on recipe_version.version_id = named.version_id
where named.operand in ('lamp_watts', 'lighting_hours')
