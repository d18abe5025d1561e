-- The lines of each request summed by component, in dollars.
-- One row per request with lines.

with line as (

    select * from {{ ref('int_line') }}

),

step as (

    select * from {{ ref('int_recipe__charge_step') }}

)

select
    line.request_id,
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
group by line.request_id
