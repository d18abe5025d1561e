-- Derived quantities and slices that the sheets of a recipe make under conditions only, of which none
-- holds for it (G8). What a read may say under the same name is no such quantity.
-- One row per recipe and name, with the attributes that decide it.

with recipe_version as (

    select * from {{ ref('int_recipe__version') }}

),

determinant as (

    select * from {{ source('tariff', 'determinant') }}

),

determinant_term as (

    select * from {{ source('tariff', 'determinant_term') }}

),

split as (

    select * from {{ source('tariff', 'split') }}

),

split_step as (

    select * from {{ source('tariff', 'split_step') }}

),

held as (

    select * from {{ ref('int_recipe__condition_set') }}

),

made as (

    select
        determinant.version_id,
        determinant.name,
        determinant.condition_set_id
    from determinant
    left join determinant_term as itself
        on
            determinant.determinant_id = itself.determinant_id
            and determinant.name = itself.operand
    where
        itself.determinant_id is null
        and determinant.name not in (
            {% for determinant in read_determinants() -%}
            '{{ determinant }}'{% if not loop.last %},{% endif %}
            {% endfor %}
        )
    union
    select
        split.version_id,
        split_step.slice_name as name,
        split.condition_set_id
    from split
    inner join split_step
        on split.split_id = split_step.split_id

),

offered as (

    select
        recipe_version.recipe_id,
        made.name,
        made.condition_set_id,
        held.condition_set_id is not null or made.condition_set_id is null as is_defined
    from recipe_version
    inner join made
        on recipe_version.version_id = made.version_id
    left join held
        on
            recipe_version.recipe_id = held.recipe_id
            and made.condition_set_id = held.condition_set_id

),

defined as (

    select distinct
        recipe_id,
        name
    from offered
    where is_defined

),

unfit as (

    select
        offered.recipe_id,
        offered.name as what,
        offered.condition_set_id
    from offered
    left join defined
        on
            offered.recipe_id = defined.recipe_id
            and offered.name = defined.name
    where defined.recipe_id is null

),

{{ attributes_that_decide() }}

select
    recipe_id,
    what as operand,
    attributes
from decided
