-- Percentages that differ from bill to bill: so much for each unit of a quantity, such as 0.6 %
-- for each point of power factor. An unknown quantity has no row.
-- One row per request and step.

with request as (

    select * from {{ ref('int_request__rated') }}

),

step as (

    select * from {{ ref('int_recipe__charge_step') }}
    where kind = 'percent' and quantity_id is not null

),

quantity as (

    select * from {{ ref('int_quantity') }}

)

select
    request.request_id,
    step.step_key,
    cast(round(step.price * quantity.quantity, 8) as decimal(18, 8)) as price
from request
inner join step
    on request.recipe_id = step.recipe_id
inner join quantity
    on
        request.request_id = quantity.request_id
        and step.quantity_id = quantity.quantity_id
