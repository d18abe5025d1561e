-- What a percentage, minimum or cap looks at: the steps of earlier stages that belong to one of the
-- components, charges or schedules that its sheet names. A charge is one of its own version; where
-- that has none such, any other's.
-- One row per step of a dependent charge and step of its base.

with step as (

    select * from {{ ref('int_recipe__charge_step') }}

),

charge_base as (

    select * from {{ source('tariff', 'charge_base') }}

),

version as (

    select * from {{ source('tariff', 'version') }}

)

select distinct
    dependent.recipe_id,
    dependent.charge_id,
    base.step_key as base_step_key
from step as dependent
inner join charge_base
    on dependent.charge_id = charge_base.charge_id
inner join step as base
    on
        dependent.recipe_id = base.recipe_id
        and dependent.stage > base.stage
inner join version as base_version
    on base.version_id = base_version.version_id
where
    charge_base.component = base.component
    or charge_base.schedule_id = base_version.schedule_id
    or (
        charge_base.charge_code = base.code
        and (charge_base.is_elsewhere or dependent.version_id = base.version_id)
    )
