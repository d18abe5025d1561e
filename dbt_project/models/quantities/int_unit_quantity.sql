-- Units as quantities, wherever a tariff names them as such: how many of a unit code count in the
-- period (G9), zero where the inventory has none.
-- One row per request and unit code that its recipe names.

with request as (

    select * from {{ ref('int_request') }}

),

recipe_version as (

    select * from {{ ref('int_recipe__version') }}

),

counted as (

    select
        agreement_id,
        billing_month,
        'units:' || unit_code as operand,
        sum(quantity) as quantity
    from {{ ref('int_unit__counted') }}
    group by agreement_id, billing_month, unit_code

),

named as (

    select * from {{ ref('int_unit__named') }}

),

recipe_unit as (

    select distinct
        recipe_version.recipe_id,
        named.operand
    from recipe_version
    inner join named
        on recipe_version.version_id = named.version_id

)

select
    request.request_id,
    recipe_unit.operand,
    coalesce(counted.quantity, 0) as quantity
from request
inner join recipe_unit
    on request.recipe_id = recipe_unit.recipe_id
left join counted
    on
        request.agreement_id = counted.agreement_id
        and request.billing_month = counted.billing_month
        and recipe_unit.operand = counted.operand
