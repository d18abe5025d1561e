{{ config(materialized='view') }}
-- The lines of the bills, each with its sheet. A line with amount zero is not listed, and its
-- number stays free: the same step has the same number in every bill of a recipe. Only where an
-- inventory row or a part of a prorated bill has lines of its own are they numbered bill by bill.
-- One row per agreement, billing month and line.

with line as (

    select * from {{ ref('int_line') }}

),

request as (

    select * from {{ ref('int_request__billed') }}

),

part as (

    select * from {{ ref('int_request__part') }}

),

counted_request as (

    select distinct
        line.request_id,
        line.request_id as billed_request_id
    from line
    left join part
        on line.request_id = part.request_id
    where line.unit_no > 1 and part.request_id is null
    union all
    select
        request_id,
        billed_request_id
    from part

),

counted_line as (

    select
        line.request_id,
        line.step_key,
        line.unit_no,
        cast(
            row_number() over (
                partition by counted_request.billed_request_id
                order by line.request_id, line.step_key, line.unit_no
            ) as integer
        ) as line_no
    from line
    inner join counted_request
        on line.request_id = counted_request.request_id

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
    request.agreement_id,
    request.billing_month,
    coalesce(counted_line.line_no, step.line_no) as line_no,
    step.component,
    step.schedule as schedule_or_rider,
    step.effective_from as version_effective_from,
    step.code as charge_code,
    step.description,
    step.step_no,
    case when step.unit = 'month' then null else step.operand end as determinant,
    line.quantity,
    step.unit,
    line.price,
    line.amount,
    step.page as sheet,
    step.document as source_document,
    cast({{ env_var('RATEBOOK_RUN_ID', '0') }} as integer) as run_id
from line
left join part
    on line.request_id = part.request_id
inner join request
    on coalesce(part.billed_request_id, line.request_id) = request.request_id
inner join step
    on line.step_key = step.step_key
left join counted_line
    on
        line.request_id = counted_line.request_id
        and line.step_key = counted_line.step_key
        and line.unit_no = counted_line.unit_no
