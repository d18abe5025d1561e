-- Requests with a bank whose read lacks a quantity that the schedule requires (G8): they are not
-- billed, so they do not move the bank (I7).
-- One row per request.

with request as (

    select * from {{ ref('int_request__production') }}

),

banked as (

    select distinct recipe_id
    from {{ ref('int_recipe__determinant') }}
    where operation = 'bank'

),

requirement as (

    select * from {{ source('tariff', 'requirement') }}

),

operand as (

    select * from {{ ref('int_operand') }}

),

quantity as (

    select * from {{ ref('int_quantity__read') }}

)

select distinct request.request_id
from request
inner join banked
    on request.recipe_id = banked.recipe_id
inner join requirement
    on request.version_id = requirement.version_id
inner join operand
    on requirement.operand = operand.operand
left join quantity
    on
        request.request_id = quantity.request_id
        and quantity.quantity_id = operand.operand_id * 16
where quantity.request_id is null
