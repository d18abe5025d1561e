-- Price times quantity for every step of every charge that applies: the slice of the quantity
-- between the step's edges, which may be hours of a demand. A flat step is charged whole, at
-- zero use too (M5, M18). Units are priced by inventory row. Steps of minimums and caps are
-- priced here as well; they become lines only through what they are compared with.
-- One row per request, step and inventory row of a unit.

with request as (

    select * from {{ ref('int_request__rated') }}

),

step as (

    select * from {{ ref('int_recipe__charge_step') }} where kind not in ('percent', 'difference')

),

chosen as (

    select * from {{ ref('int_charge__chosen') }}

),

quantity as (

    select * from {{ ref('int_quantity') }}

),

factor as (

    select * from {{ ref('int_factor') }}

),

unit as (

    select
        unit_code.agreement_id,
        unit_code.billing_month,
        'units:' || unit_code.unit_code as operand,
        unit_code.quantity,
        unit_code.unit_no
    from {{ ref('int_unit__counted') }} as unit_code

),

applied as (

    select
        request.request_id,
        request.agreement_id,
        request.billing_month,
        step.step_key
    from request
    inner join step
        on
            request.recipe_id = step.recipe_id
            and not step.is_contingent
    union all
    select
        request.request_id,
        request.agreement_id,
        request.billing_month,
        step.step_key
    from request
    inner join step
        on
            request.recipe_id = step.recipe_id
            and step.is_contingent
    inner join chosen
        on
            request.request_id = chosen.request_id
            and step.charge_id = chosen.charge_id

),

sliced as (

    select
        applied.request_id,
        applied.step_key,
        step.charge_id,
        step.kind,
        step.stage,
        step.sign,
        coalesce(unit.unit_no, 1) as unit_no,
        case
            when step.kind = 'factor' then factor.factor
            else step.price
        end as price,
        step.amount as flat_amount,
        case
            when step.is_unit then coalesce(unit.quantity, 0)
            when step.quantity_id is null then cast(1 as decimal(18, 6))
            when step.from_quantity = 0 and step.to_quantity is null
                then coalesce(priced.quantity, 0)
            when step.limit_quantity_id is null
                then greatest(
                    0,
                    least(coalesce(priced.quantity, 0), coalesce(step.to_quantity, priced.quantity))
                    - step.from_quantity
                )
            else greatest(
                0,
                least(
                    coalesce(priced.quantity, 0),
                    coalesce(
                        {{ to_quantity(wide('step.to_quantity') ~ ' * limiting.quantity') }},
                        priced.quantity
                    )
                ) - {{ to_quantity(wide('step.from_quantity') ~ ' * limiting.quantity') }}
            )
        end as quantity
    from applied
    inner join step
        on applied.step_key = step.step_key
    left join quantity as priced
        on
            applied.request_id = priced.request_id
            and step.quantity_id = priced.quantity_id
    left join quantity as limiting
        on
            applied.request_id = limiting.request_id
            and step.limit_quantity_id = limiting.quantity_id
    left join unit
        on
            step.is_unit
            and applied.agreement_id = unit.agreement_id
            and applied.billing_month = unit.billing_month
            and step.operand = unit.operand
    left join factor
        on
            step.kind = 'factor'
            and step.version_id = factor.version_id
            and applied.billing_month = factor.billing_month

)

select
    request_id,
    step_key,
    charge_id,
    kind,
    stage,
    unit_no,
    case when flat_amount is null then cast(quantity as decimal(18, 6)) else 1 end as quantity,
    case when flat_amount is null then cast(sign * price as decimal(18, 8)) else sign * flat_amount end
        as price,
    cast(quantity as decimal(18, 6)) as slice_quantity,
    sign * {{ to_amount(
        'case when flat_amount is null then ' ~ wide('quantity') ~ ' * price else flat_amount end'
    ) }} as amount
from sliced
where flat_amount is not null or price is not null
