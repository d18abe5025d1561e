{# Price times quantity for every step of the kinds named that applies: the slice of the quantity
   between the step's edges, which may be hours of a demand; what lies below zero is the first
   step's. A flat step is charged whole, of an unknown quantity that counts as none too. A part of a prorated read takes its days' share of the
   quantity, or of an amount that hangs on none. #}
{% macro priced_steps(kinds) -%}
with request as (

    select * from {{ ref('int_request__rated') }}

),

step as (

    select * from {{ ref('int_recipe__charge_step') }}
    where kind in ('{{ kinds | join("', '") }}')

),

chosen as (

    select * from {{ ref('int_charge__chosen') }}

),

quantity as (

    select * from {{ ref('int_quantity') }}

),

part as (

    select * from {{ ref('int_request__part') }}

),

factor as (

    select * from {{ ref('int_factor') }}

),

unit as (

    select
        counted.agreement_id,
        counted.billing_month,
        'units:' || counted.unit_code as operand,
        counted.quantity,
        counted.unit_no
    from {{ ref('int_unit__counted') }} as counted

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
        quantity.quantity,
        step.from_quantity,
        step.from_quantity as from_edge,
        step.to_quantity as to_edge
    from applied
    inner join step
        on
            applied.step_key = step.step_key
            and not step.is_unit
            and step.kind != 'factor'
            and step.limit_quantity_id is null
    inner join quantity
        on
            applied.request_id = quantity.request_id
            and step.quantity_id = quantity.quantity_id
    union all
    select
        applied.request_id,
        applied.step_key,
        quantity.quantity,
        step.from_quantity,
        {{ to_edge(wide('step.from_quantity') ~ ' * limiting.quantity', least=0) }} as from_edge,
        {{ to_edge(wide('step.to_quantity') ~ ' * limiting.quantity', least=0) }} as to_edge
    from applied
    inner join step
        on
            applied.step_key = step.step_key
            and not step.is_unit
            and step.limit_quantity_id is not null
    inner join quantity
        on
            applied.request_id = quantity.request_id
            and step.quantity_id = quantity.quantity_id
    inner join quantity as limiting
        on
            applied.request_id = limiting.request_id
            and step.limit_quantity_id = limiting.quantity_id

),

sliced as (

    select
        request_id,
        step_key,
        1 as unit_no,
        case
            when from_quantity = 0 and (to_edge is null or quantity < 0) then quantity
            when quantity <= from_edge then cast(0 as decimal(18, 6))
            when to_edge is null or quantity < to_edge
                then cast(quantity - from_edge as decimal(18, 6))
            else cast(to_edge - from_edge as decimal(18, 6))
        end as quantity,
        cast(null as decimal(18, 8)) as factor
    from measured
    union all
    select
        applied.request_id,
        applied.step_key,
        1 as unit_no,
        cast(0 as decimal(18, 6)) as quantity,
        cast(null as decimal(18, 8)) as factor
    from applied
    inner join step
        on
            applied.step_key = step.step_key
            and step.amount is not null
            and step.blank_is_zero
            and not step.is_unit
            and step.quantity_id is not null
    left join quantity
        on
            applied.request_id = quantity.request_id
            and step.quantity_id = quantity.quantity_id
    where quantity.request_id is null
    union all
    select
        applied.request_id,
        applied.step_key,
        1 as unit_no,
        cast(1 as decimal(18, 6)) as quantity,
        cast(null as decimal(18, 8)) as factor
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
        1 as unit_no,
        quantity.quantity,
        cast(step.sign * factor.factor as decimal(18, 8)) as factor
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
        unit.quantity,
        cast(null as decimal(18, 8)) as factor
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

unpriced as (

    select
        sliced.request_id,
        sliced.step_key,
        sliced.unit_no,
        sliced.quantity as slice_quantity,
        case
            when step.amount is not null then 1
            when part.request_id is null or (step.quantity_id is null and not step.is_unit)
                then sliced.quantity
            else cast({{ divide(wide('sliced.quantity') ~ ' * part.part_days', 'part.days') }} as decimal(18, 6))
        end as quantity,
        case
            when
                part.request_id is not null
                and (
                    step.amount is not null
                    or (step.quantity_id is null and not step.is_unit)
                )
                then cast(
                    {{ divide(
                        'cast(coalesce(step.amount, step.price) as decimal(28, 8)) * part.part_days', 'part.days', 8
                    ) }}
                    as decimal(18, 8)
                )
            else coalesce(step.amount, sliced.factor, step.price)
        end as price
    from sliced
    inner join step
        on sliced.step_key = step.step_key
    left join part
        on sliced.request_id = part.request_id
    where sliced.quantity != 0 or step.amount is not null

)

select
    request_id,
    step_key,
    unit_no,
    cast(quantity as decimal(18, 6)) as quantity,
    price,
    slice_quantity,
    {{ priced_amount('cast(quantity as decimal(18, 6))', 'price') }} as amount
from unpriced
{%- endmacro %}
