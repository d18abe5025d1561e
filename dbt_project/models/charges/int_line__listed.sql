-- The lines that bills list, numbered: what each is worth; the step says what it is. A line with
-- amount zero is not listed, and its number stays free: the same step has the same number in every
-- bill of a recipe. Only where an inventory row or a part of a prorated bill has lines of its own
-- are they numbered bill by bill.
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
        step_key,
        line_no
    from {{ ref('int_recipe__charge_step') }}

)

select
    request.agreement_id,
    request.billing_month,
    coalesce(counted_line.line_no, step.line_no) as line_no,
    line.step_key,
    line.quantity,
    line.price,
    line.amount
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
