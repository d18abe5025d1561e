-- The slices that a recipe's splits make.
-- One row per recipe, split and step.

with recipe_version as (

    select * from {{ ref('int_recipe__version') }}

),

split as (

    select * from {{ source('tariff', 'split') }}

),

split_step as (

    select * from {{ source('tariff', 'split_step') }}

),

held as (

    select * from {{ ref('int_recipe__condition_set') }}

)

select
    recipe_version.recipe_id,
    split.split_id,
    split.level,
    split.kind,
    split.operand,
    split_step.step_no,
    split_step.slice_name,
    split_step.from_quantity,
    split_step.to_quantity,
    split_step.limit_operand,
    split_step.share_operand,
    split_step.step_no = max(split_step.step_no) over (
        partition by recipe_version.recipe_id, split.split_id
    ) as is_last
from recipe_version
inner join split
    on recipe_version.version_id = split.version_id
inner join split_step
    on split.split_id = split_step.split_id
left join held
    on
        recipe_version.recipe_id = held.recipe_id
        and split.condition_set_id = held.condition_set_id
where split.condition_set_id is null or held.condition_set_id is not null
