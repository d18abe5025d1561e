-- What unmetered lights use, wherever a tariff of the request looks at it: the watts of all lamps,
-- ballast included, and the month's hours from dusk to dawn (M25). With a lamp whose watts are not
-- given, the watts are unknown (G8).
-- One row per request and determinant.

with request as (

    select * from {{ ref('int_request') }}

),

recipe_lit as (

    select * from {{ ref('int_recipe__lit') }}

),

assigned as (

    select * from {{ ref('int_read__assigned') }} where reason is null

),

unit as (

    select * from {{ ref('int_unit__counted') }} where is_lamp

),

lighting_hours as (

    select * from {{ source('portfolio', 'lighting_hours') }}

),

lit as (

    select
        request.request_id,
        request.agreement_id,
        request.billing_month,
        assigned.utility,
        recipe_lit.determinant
    from request
    inner join recipe_lit
        on request.recipe_id = recipe_lit.recipe_id
    inner join assigned
        on
            request.agreement_id = assigned.agreement_id
            and request.billing_month = assigned.billing_month

)

select
    lit.request_id,
    lit.determinant,
    {{ to_quantity('coalesce(sum(' ~ wide('unit.quantity') ~ ' * unit.input_watts), 0)') }} as quantity
from lit
left join unit
    on
        lit.agreement_id = unit.agreement_id
        and lit.billing_month = unit.billing_month
where lit.determinant = 'lamp_watts'
group by lit.request_id, lit.determinant
having
    coalesce(min(unit.input_watts), 1) > 0
    and coalesce(sum({{ wide('unit.quantity') }} * unit.input_watts), 0) < {{ '9' * 10 }}
union all
select
    lit.request_id,
    lit.determinant,
    lighting_hours.hours as quantity
from lit
inner join lighting_hours
    on
        lit.utility = lighting_hours.utility
        and lit.billing_month = lighting_hours.billing_month
where
    lit.determinant = 'lighting_hours'
    and lighting_hours.hours is not null
