-- Clauses that test a determinant, such as more than 350 kWh per kW of billing demand (M15). A
-- test of an unknown quantity does not hold.
-- One row per request and clause that holds.

with request as (

    select * from {{ ref('int_request__production') }}

),

held as (

    select * from {{ ref('int_recipe__condition_set') }} where has_determinant_test

),

condition as (

    select * from {{ source('tariff', 'condition') }} where kind = 'determinant'

),

meaning as (

    select * from {{ ref('int_recipe__quantity') }} where last_level = {{ charge_level() }}

),

quantity as (

    select * from {{ ref('int_quantity') }}

),

resolved as (

    select
        held.recipe_id,
        held.condition_set_id,
        condition.ordinal,
        condition.comparison,
        condition.bound,
        condition.bound_factor,
        subject.quantity_id as subject_quantity_id,
        bounding.quantity_id as bound_quantity_id
    from held
    inner join condition
        on held.condition_set_id = condition.condition_set_id
    inner join meaning as subject
        on
            held.recipe_id = subject.recipe_id
            and condition.subject = subject.operand
    left join meaning as bounding
        on
            held.recipe_id = bounding.recipe_id
            and condition.bound_operand = bounding.operand

),

compared as (

    select
        request.request_id,
        resolved.condition_set_id,
        resolved.comparison,
        subject.quantity,
        case
            when resolved.bound_quantity_id is null then resolved.bound
            else {{ to_edge(wide('resolved.bound_factor') ~ ' * bounding.quantity') }}
        end as bound
    from request
    inner join resolved
        on request.recipe_id = resolved.recipe_id
    left join quantity as subject
        on
            request.request_id = subject.request_id
            and resolved.subject_quantity_id = subject.quantity_id
    left join quantity as bounding
        on
            request.request_id = bounding.request_id
            and resolved.bound_quantity_id = bounding.quantity_id

)

select
    request_id,
    condition_set_id
from compared
group by request_id, condition_set_id
having
    sum(
        case
            when comparison = 'at_least' and quantity >= bound then 0
            when comparison = 'above' and quantity > bound then 0
            when comparison = 'at_most' and quantity <= bound then 0
            when comparison = 'below' and quantity < bound then 0
            else 1
        end
    ) = 0
