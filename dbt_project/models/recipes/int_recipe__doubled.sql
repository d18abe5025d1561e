-- Names that two sheets of a recipe both give to a quantity, and neither goes before the other:
-- two clauses or two riders, two slices or two demands, or a clause or rider that makes it on a
-- lower level. What metering and netting make of a name is built on by the levels above.
-- One row per recipe, name and pair of versions; the schedule, or the first by name, stands first.

with recipe_version as (

    select * from {{ ref('int_recipe__version') }}

),

determinant as (

    select * from {{ source('tariff', 'determinant') }}

),

demand_rule as (

    select * from {{ source('tariff', 'demand_rule') }}

),

split as (

    select * from {{ source('tariff', 'split') }}

),

split_step as (

    select * from {{ ref('int_recipe__split_step') }}

),

held as (

    select * from {{ ref('int_recipe__condition_set') }}

),

version as (

    select * from {{ source('tariff', 'version') }}

),

schedule as (

    select * from {{ source('tariff', 'schedule') }}

),

made as (

    select
        recipe_version.recipe_id,
        recipe_version.version_id,
        'derived' as kind,
        determinant.name as operand,
        determinant.level
    from recipe_version
    inner join determinant
        on recipe_version.version_id = determinant.version_id
    left join held
        on
            recipe_version.recipe_id = held.recipe_id
            and determinant.condition_set_id = held.condition_set_id
    where determinant.condition_set_id is null or held.condition_set_id is not null
    union
    select
        recipe_version.recipe_id,
        recipe_version.version_id,
        'demand' as kind,
        {{ demand_operand('demand_rule.name') }} as operand,
        8 as level
    from recipe_version
    inner join demand_rule
        on recipe_version.version_id = demand_rule.version_id
    union
    select
        split_step.recipe_id,
        split.version_id,
        'slice' as kind,
        split_step.slice_name as operand,
        split_step.level
    from split_step
    inner join split
        on split_step.split_id = split.split_id

),

named as (

    select
        made.recipe_id,
        made.version_id,
        made.kind,
        made.operand,
        made.level,
        recipe_version.role_order,
        schedule.schedule
    from made
    inner join recipe_version
        on
            made.recipe_id = recipe_version.recipe_id
            and made.version_id = recipe_version.version_id
    inner join version
        on made.version_id = version.version_id
    inner join schedule
        on version.schedule_id = schedule.schedule_id

)

select distinct
    one.recipe_id,
    one.operand,
    one.version_id,
    one.schedule,
    other.version_id as other_version_id,
    other.schedule as other_schedule
from named as one
inner join named as other
    on
        one.recipe_id = other.recipe_id
        and one.operand = other.operand
where
    (
        one.role_order < other.role_order
        and (
            (one.kind = other.kind and one.kind != 'derived')
            or (one.level > other.level and other.level > 2)
        )
    )
    or (
        one.role_order = other.role_order
        and {{ bytewise('one.schedule') }} < {{ bytewise('other.schedule') }}
        and (one.level = other.level or one.level > 2 or other.level > 2)
    )
