-- What requests lack of the quantities that their tariff needs (G8): those that it requires, and those
-- that it prices or has blocks in multiples of; of a contingent charge, where it is chosen. Of several
-- the first by name is told.
-- One row per request that lacks one, as the sheet calls it.

with request as (

    select * from {{ ref('int_request__production') }}

),

step as (

    select * from {{ ref('int_recipe__charge_step') }}

),

chosen as (

    select * from {{ ref('int_charge__chosen') }}

),

quantity as (

    select * from {{ ref('int_quantity') }}

),

{{ quantities_needed() }},

need as (

    select
        request.request_id,
        needed.operand,
        needed.quantity_id
    from request
    inner join needed
        on request.recipe_id = needed.recipe_id
    union all
    select
        chosen.request_id,
        step.operand,
        step.quantity_id
    from chosen
    inner join request
        on chosen.request_id = request.request_id
    inner join step
        on
            request.recipe_id = step.recipe_id
            and chosen.charge_id = step.charge_id
    where not step.blank_is_zero and not step.is_unit and step.quantity_id is not null

),

lacking as (

    select
        need.request_id,
        need.operand,
        need.quantity_id,
        row_number() over (
            partition by need.request_id
            order by {{ bytewise('need.operand') }} asc, need.quantity_id asc
        ) as ordinal
    from need
    left join quantity
        on
            need.request_id = quantity.request_id
            and need.quantity_id = quantity.quantity_id
    where quantity.request_id is null

)

select
    request_id,
    operand,
    quantity_id
from lacking
where ordinal = 1
