-- Percentages that differ from bill to bill: the month's factor, so much for each unit of a
-- quantity, such as 0.6 % for each point of power factor, or both. What is not known has no row.
-- One row per request and step.

with request as (

    select * from {{ ref('int_request__rated') }}

),

step as (

    select * from {{ ref('int_recipe__charge_step') }}
    where kind = 'percent' and (quantity_id is not null or is_factor)

),

quantity as (

    select * from {{ ref('int_quantity') }}

),

factor as (

    select * from {{ ref('int_factor') }}

),

applied as (

    select
        request.request_id,
        step.step_key,
        step.quantity_id,
        case
            when step.is_factor
                then cast(round(step.sign * factor.factor * 0.01, 8) as decimal(18, 8))
            else step.price
        end as price
    from request
    inner join step
        on request.recipe_id = step.recipe_id
    left join factor
        on
            step.version_id = factor.version_id
            and request.billing_month = factor.billing_month

)

select
    request_id,
    step_key,
    price
from applied
where quantity_id is null and price is not null
union all
select
    applied.request_id,
    applied.step_key,
    cast(round(applied.price * quantity.quantity, 8) as decimal(18, 8)) as price
from applied
inner join quantity
    on
        applied.request_id = quantity.request_id
        and applied.quantity_id = quantity.quantity_id
where applied.price is not null
