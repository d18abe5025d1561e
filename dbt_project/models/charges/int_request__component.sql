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
    sum(case when step.component = 'customer' then line.amount else 0 end) as customer_amount,
    sum(case when step.component = 'energy' then line.amount else 0 end) as energy_amount,
    sum(case when step.component = 'demand' then line.amount else 0 end) as demand_amount,
    sum(case when step.component = 'facilities' then line.amount else 0 end) as facilities_amount,
    sum(case when step.component = 'minimum' then line.amount else 0 end) as minimum_amount,
    sum(case when step.component = 'discount' then line.amount else 0 end) as discount_amount,
    sum(case when step.component = 'adjustment' then line.amount else 0 end) as adjustment_amount,
    sum(case when step.component = 'rider' then line.amount else 0 end) as rider_amount,
    sum(case when step.component = 'credit' then line.amount else 0 end) as credit_amount,
    sum(line.amount) as net_amount,
    sum(line.quantity) as line_quantity
from line
inner join step
    on line.step_key = step.step_key
group by line.request_id
