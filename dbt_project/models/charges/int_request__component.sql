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
    cast(
        sum(case when step.component = 'customer' then line.amount else 0 end) as decimal(18, 2)
    ) as customer_amount,
    cast(
        sum(case when step.component = 'energy' then line.amount else 0 end) as decimal(18, 2)
    ) as energy_amount,
    cast(
        sum(case when step.component = 'demand' then line.amount else 0 end) as decimal(18, 2)
    ) as demand_amount,
    cast(
        sum(case when step.component = 'facilities' then line.amount else 0 end) as decimal(18, 2)
    ) as facilities_amount,
    cast(
        sum(case when step.component = 'minimum' then line.amount else 0 end) as decimal(18, 2)
    ) as minimum_amount,
    cast(
        sum(case when step.component = 'discount' then line.amount else 0 end) as decimal(18, 2)
    ) as discount_amount,
    cast(
        sum(case when step.component = 'adjustment' then line.amount else 0 end) as decimal(18, 2)
    ) as adjustment_amount,
    cast(
        sum(case when step.component = 'rider' then line.amount else 0 end) as decimal(18, 2)
    ) as rider_amount,
    cast(
        sum(case when step.component = 'credit' then line.amount else 0 end) as decimal(18, 2)
    ) as credit_amount,
    cast(sum(line.amount) as decimal(18, 2)) as net_amount,
    cast(sum(line.quantity) as decimal(18, 6)) as line_quantity
from line
inner join step
    on line.step_key = step.step_key
left join part
    on line.request_id = part.request_id
group by coalesce(part.billed_request_id, line.request_id)
