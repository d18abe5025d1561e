-- The inputs for want of which a quantity is not known (G8): what it needs of level 0, through derived
-- quantities, splits and demands, each of them unknown as well.
-- One row per request, needed quantity that is not known, and input that is missing.

with recursive unknown as (

    select * from {{ ref('int_request__unknown') }}

),

operand as (

    select * from {{ ref('int_operand') }}

),

known as (

    select
        request_id,
        quantity_id
    from {{ ref('int_quantity') }}
    where request_id in (select unknown.request_id from unknown)

),

needed as (

    select
        request.request_id,
        required.quantity_id,
        required.operand_quantity_id
    from unknown
    inner join {{ ref('int_request__production') }} as request
        on unknown.request_id = request.request_id
    inner join {{ ref('int_recipe__required') }} as required
        on request.recipe_id = required.recipe_id
    union all
    select
        request_id,
        quantity_id,
        operand_quantity_id
    from {{ ref('int_request__demand_lacking') }}

),

-- Found once for all steps down.
part as materialized (

    select needed.*
    from needed
    left join known
        on
            needed.request_id = known.request_id
            and needed.operand_quantity_id = known.quantity_id
    where known.request_id is null

),

descended as (

    select
        request_id,
        quantity_id,
        quantity_id as part_quantity_id
    from unknown
    union
    select
        descended.request_id,
        descended.quantity_id,
        part.operand_quantity_id as part_quantity_id
    from descended
    inner join part
        on
            descended.request_id = part.request_id
            and descended.part_quantity_id = part.quantity_id

)

select
    descended.request_id,
    descended.quantity_id,
    operand.operand as input
from descended
inner join operand
    on descended.part_quantity_id = {{ quantity_id('operand.operand_id') }}
