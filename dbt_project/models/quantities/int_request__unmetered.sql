-- Requests with a bank whose read lacks a quantity that the schedule requires (G8): they are not
-- billed, so they do not move the bank (I7). Of a prorated read every part's version counts: where
-- one part cannot be billed, none is.
-- One row per request.

with banked as (

    select distinct recipe_id
    from {{ ref('int_recipe__determinant') }}
    where operation = 'bank'

),

request as (

    select request.*
    from {{ ref('int_request__production') }} as request
    inner join banked
        on request.recipe_id = banked.recipe_id

),

versioned as (

    select
        request_id,
        version_id
    from request
    union all
    select
        request.request_id,
        part.version_id
    from request
    inner join {{ ref('int_read__versioned') }} as part
        on
            request.agreement_id = part.agreement_id
            and request.billing_month = part.billing_month
    where request.part_days != request.days

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

select distinct versioned.request_id
from versioned
inner join requirement
    on versioned.version_id = requirement.version_id
inner join operand
    on requirement.operand = operand.operand
left join quantity
    on
        versioned.request_id = quantity.request_id
        and quantity.quantity_id = operand.operand_id * 16
where quantity.request_id is null
