{# Columns of the lines that depend on lines of other stages, of all of them or of those before one,
   to stand after those of lines that are priced by themselves. #}
{% macro and_dependent_lines(columns, before=none) -%}
    {% for name, number in [
        ('discount', 2), ('minimum', 3), ('net_discount', 4), ('adjustment', 5),
        ('bill_minimum', 6), ('rider', 7), ('surcharge', 8), ('rider_minimum', 9), ('tax', 10),
        ('second_tax', 11), ('credit', 12), ('difference', 12)
    ] if before is none or number < before -%}
    union all
    select {{ columns | join(', ') }} from {{ ref('int_line__' ~ name) }}
    {% endfor %}
{%- endmacro %}

{# The lines of the stages before one, and all that are priced by themselves: a charge's base says
   which of them it looks at. #}
{% macro lines_before(stage) -%}
    select
        request_id,
        step_key,
        amount
    from {{ ref('int_charge_step__priced') }}
    {{ and_dependent_lines(['request_id', 'step_key', 'amount'], before=stage) }}
{%- endmacro %}

{# The lines of one stage that depend on lines of the stages before it: a percentage of its base, or
   of blocks of it in dollars, the shortfall of its base to a minimum, or what its base has above a
   cap. A part of a prorated read takes its days' share of the blocks. #}
{% macro dependent_lines(stage) -%}
with request as (

    select * from {{ ref('int_request__rated') }}

),

step as (

    select * from {{ ref('int_recipe__charge_step') }}
    where stage = {{ stage }} and kind in ('percent', 'minimum', 'cap')

),

chosen as (

    select * from {{ ref('int_charge__chosen') }}

),

base_step as (

    select * from {{ ref('int_recipe__charge_base') }}

),

earlier_line as (

    {{ lines_before(stage) }}

),

varied as (

    select * from {{ ref('int_percentage__varied') }}

),

priced as (

    select
        yardstick.request_id,
        step.charge_id,
        sum(yardstick.amount) as amount
    from {{ ref('int_yardstick__priced') }} as yardstick
    inner join step
        on yardstick.step_key = step.step_key
    group by yardstick.request_id, step.charge_id

),

part as (

    select * from {{ ref('int_request__part') }}

),

dependent as (

    select
        recipe_id,
        charge_id,
        version_id,
        kind,
        ordinal,
        choice,
        choice_rule,
        is_contingent,
        step_key,
        from_quantity,
        to_quantity,
        case when quantity_id is null then price end as price
    from step
    where kind = 'percent'
    union all
    select
        recipe_id,
        charge_id,
        version_id,
        kind,
        ordinal,
        choice,
        choice_rule,
        is_contingent,
        min(step_key) as step_key,
        0 as from_quantity,
        null as to_quantity,
        null as price
    from step
    where kind != 'percent'
    group by
        recipe_id,
        charge_id,
        version_id,
        kind,
        ordinal,
        choice,
        choice_rule,
        is_contingent

),

applied as (

    select
        request.request_id,
        dependent.*
    from request
    inner join dependent
        on request.recipe_id = dependent.recipe_id
    left join chosen
        on
            request.request_id = chosen.request_id
            and dependent.charge_id = chosen.charge_id
    where not dependent.is_contingent or chosen.request_id is not null

),

based as (

    select
        earlier_line.request_id,
        base_step.charge_id,
        sum(earlier_line.amount) as amount
    from earlier_line
    inner join base_step
        on earlier_line.step_key = base_step.base_step_key
    where base_step.charge_id in (select dependent.charge_id from dependent)
    group by earlier_line.request_id, base_step.charge_id

),

compared as (

    select
        applied.request_id,
        applied.step_key,
        applied.version_id,
        applied.kind,
        applied.ordinal,
        applied.choice,
        applied.choice_rule,
        coalesce(varied.price, applied.price, 0) as percentage,
        applied.from_quantity,
        case
            when part.request_id is null then applied.from_quantity
            else {{ divide(wide('applied.from_quantity') ~ ' * part.part_days', 'part.days', 2) }}
        end as from_edge,
        case
            when part.request_id is null then applied.to_quantity
            else {{ divide(wide('applied.to_quantity') ~ ' * part.part_days', 'part.days', 2) }}
        end as to_edge,
        coalesce(based.amount, 0) as base_amount,
        coalesce(priced.amount, 0) as priced_amount
    from applied
    left join based
        on
            applied.request_id = based.request_id
            and applied.charge_id = based.charge_id
    left join priced
        on
            applied.request_id = priced.request_id
            and applied.charge_id = priced.charge_id
    left join varied
        on
            applied.request_id = varied.request_id
            and applied.step_key = varied.step_key
    left join part
        on applied.request_id = part.request_id

),

ranked as (

    select
        request_id,
        step_key,
        row_number() over (
            partition by request_id, version_id, choice
            order by priced_amount desc, ordinal asc
        ) as choice_order
    from compared
    where choice_rule = 'greatest'

),

sliced as (

    select
        compared.*,
        case
            when kind != 'percent' then 1
            when from_quantity = 0 and (to_edge is null or base_amount < 0) then base_amount
            when base_amount <= from_edge then 0
            when to_edge is null or base_amount < to_edge then base_amount - from_edge
            else to_edge - from_edge
        end as slice_amount
    from compared
    left join ranked
        on
            compared.request_id = ranked.request_id
            and compared.step_key = ranked.step_key
    where coalesce(ranked.choice_order, 1) = 1

),

lined as (

    select
        request_id,
        step_key,
        cast({{ within('slice_amount', 12) }} as decimal(18, 6)) as quantity,
        case kind
            when 'percent' then percentage
            else cast({{ within('priced_amount - base_amount', 10) }} as decimal(18, 8))
        end as price,
        cast(
            case kind
                when 'percent'
                    then {{ to_amount(wide('slice_amount') ~ ' * percentage') }}
                when 'minimum' then greatest(0, priced_amount - base_amount)
                else least(0, priced_amount - base_amount)
            end as decimal(18, 2)
        ) as amount
    from sliced

)

select
    request_id,
    step_key,
    quantity,
    price,
    amount
from lined
where amount != 0
{%- endmacro %}
