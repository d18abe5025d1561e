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

measured as (

    select
        applied.request_id,
        applied.step_key,
        cast(1 as bigint) as unit_no,
        step.price,
        quantity.quantity,
        limiting.quantity as limit_quantity
    from applied
    inner join step
        on
            applied.step_key = step.step_key
            and not step.is_unit
            and step.kind != 'factor'
    inner join quantity
        on
            applied.request_id = quantity.request_id
            and step.quantity_id = quantity.quantity_id
    left join quantity as limiting
        on
            applied.request_id = limiting.request_id
            and step.limit_quantity_id = limiting.quantity_id
    union all
    select
        applied.request_id,
        applied.step_key,
        cast(1 as bigint) as unit_no,
        step.price,
        cast(1 as decimal(18, 6)) as quantity,
        cast(null as decimal(18, 6)) as limit_quantity
    from applied
    inner join step
        on
            applied.step_key = step.step_key
            and step.quantity_id is null
            and step.kind != 'factor'
    union all
    select
        applied.request_id,
        applied.step_key,
        cast(1 as bigint) as unit_no,
        factor.factor as price,
        quantity.quantity,
        cast(null as decimal(18, 6)) as limit_quantity
    from applied
    inner join step
        on
            applied.step_key = step.step_key
            and step.kind = 'factor'
    inner join quantity
        on
            applied.request_id = quantity.request_id
            and step.quantity_id = quantity.quantity_id
    inner join factor
        on
            step.version_id = factor.version_id
            and applied.billing_month = factor.billing_month
    union all
    select
        applied.request_id,
        applied.step_key,
        unit.unit_no,
        step.price,
        unit.quantity,
        cast(null as decimal(18, 6)) as limit_quantity
    from applied
    inner join step
        on
            applied.step_key = step.step_key
            and step.is_unit
    inner join unit
        on
            applied.agreement_id = unit.agreement_id
            and applied.billing_month = unit.billing_month
            and step.operand = unit.operand

),

sliced as (

    select
        measured.request_id,
        measured.step_key,
        step.charge_id,
        step.kind,
        step.stage,
        step.sign,
        measured.unit_no,
        measured.price,
        step.amount as flat_amount,
        case
            when step.from_quantity = 0 and step.to_quantity is null then measured.quantity
            when step.limit_quantity_id is null
                then greatest(
                    0,
                    least(measured.quantity, coalesce(step.to_quantity, measured.quantity))
                    - step.from_quantity
                )
            else greatest(
                0,
                least(
                    measured.quantity,
                    coalesce(
                        {{ to_quantity(wide('step.to_quantity') ~ ' * measured.limit_quantity') }},
                        measured.quantity
                    )
                ) - {{ to_quantity(wide('step.from_quantity') ~ ' * measured.limit_quantity') }}
            )
        end as quantity
    from measured
    inner join step
        on measured.step_key = step.step_key

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
