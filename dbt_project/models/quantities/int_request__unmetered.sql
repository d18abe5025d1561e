-- Requests with a bank, or with a demand that a ratchet looks at as billed, whose read lacks a
-- quantity that the schedule requires (G8): they are not billed, so they move neither (I7).
-- One row per request.

with request as (

    select * from {{ ref('int_request__production') }}

),

term as (

    select * from {{ ref('int_recipe__demand_term') }}

),

demand_rule as (

    select * from {{ source('tariff', 'demand_rule') }}

),

carried as (

    select recipe_id
    from {{ ref('int_recipe__determinant') }}
    where operation = 'bank'
    union
    select term.recipe_id
    from term
    inner join demand_rule
        on term.demand_rule_id = demand_rule.demand_rule_id
    inner join term as looking
        on demand_rule.name = looking.billed_demand

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
inner join carried
    on request.recipe_id = carried.recipe_id
inner join requirement
    on request.version_id = requirement.version_id
inner join operand
    on requirement.operand = operand.operand
left join quantity
    on
        request.request_id = quantity.request_id
        and quantity.quantity_id = operand.operand_id * 16
where quantity.request_id is null
