{{ config(materialized='view') }}
-- The lines of the bills, each with its sheet.
-- One row per agreement, billing month and line.

with line as (

    select * from {{ ref('int_line__listed') }}

),

step as (

    select
        step.*,
        schedule.schedule,
        version.effective_from,
        sheet.page,
        sheet.document
    from {{ ref('int_recipe__charge_step') }} as step
    inner join {{ source('tariff', 'version') }} as version
        on step.version_id = version.version_id
    inner join {{ source('tariff', 'schedule') }} as schedule
        on version.schedule_id = schedule.schedule_id
    inner join {{ source('tariff', 'sheet') }} as sheet
        on step.sheet_id = sheet.sheet_id

)

select
    line.agreement_id,
    line.billing_month,
    line.line_no,
    step.component,
    step.schedule as schedule_or_rider,
    step.effective_from as version_effective_from,
    step.code as charge_code,
    step.description,
    step.step_no,
    case when step.unit = 'month' then null else step.operand end as determinant,
    line.quantity,
    step.unit,
    cast(line.price as decimal(19, 8)) as price,
    line.amount,
    step.page as sheet,
    step.document as source_document,
    {{ run_id() }} as run_id
from line
inner join step
    on line.step_key = step.step_key
