-- The lines of each bill summed by component, in dollars; those of all parts of a prorated one.
-- One row per request with lines that is billed, or a reference.

with line as (

    select * from {{ ref('int_line') }}

),

part as (

    select * from {{ ref('int_request__part') }}

),

step as (

    select * from {{ ref('int_recipe__charge_step') }}

)

select
    coalesce(part.billed_request_id, line.request_id) as request_id,
    {% for component in components() -%}
    cast(
        sum(case when step.component = '{{ component }}' then line.amount else 0 end)
        as decimal(18, 2)
    ) as {{ component }}_amount,
    {% endfor -%}
    cast(sum(line.amount) as decimal(18, 2)) as net_amount,
    cast(sum(line.quantity) as decimal(18, 6)) as line_quantity
from line
inner join step
    on line.step_key = step.step_key
left join part
    on line.request_id = part.request_id
group by coalesce(part.billed_request_id, line.request_id)
