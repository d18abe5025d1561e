{# The number of a quantity: that of its operand, as a level makes it. #}
{% macro quantity_id(operand_id, level=0) -%}
    {{ operand_id }} * 16 + {{ level }}
{%- endmacro %}

{# The level that makes a quantity. #}
{% macro level_of(quantity_id) -%}
    {{ quantity_id }} % 16
{%- endmacro %}

{# The level of charges, above those of all quantities. #}
{% macro charge_level() -%}
    99
{%- endmacro %}

{# The quantities of all levels below one, as one relation (request_id, quantity_id, quantity). #}
{% macro quantities_below(level) -%}
    {%- set relations = ['int_quantity__read'] -%}
    {%- for lower in range(1, level) -%}
        {%- if lower == 8 -%}
            {%- do relations.append('int_quantity__demand') -%}
        {%- elif lower >= 12 -%}
            {%- do relations.append('int_quantity__split_' ~ lower) -%}
        {%- else -%}
            {%- do relations.append('int_quantity__derived_' ~ lower) -%}
        {%- endif -%}
        {%- if lower == 2 -%}
            {%- do relations.append('int_quantity__banked') -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for relation in relations %}
    select
        request_id,
        quantity_id,
        quantity
    from {{ ref(relation) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
{%- endmacro %}

{# The slices that the splits of one level make. Blocks lie between edges that may be multiples
   of another quantity, and the first has all of a quantity below zero; shares are in proportion,
   and the last one takes what is left. #}
{% macro split_level(level) -%}
with request as (

    select * from {{ ref('int_request') }} where not is_history

),

step as (

    select * from {{ ref('int_recipe__split_step') }} where level = {{ level }}

),

meaning as (

    select * from {{ ref('int_recipe__quantity') }}

),

operand_quantity as (

    {{ quantities_below(level) }}

),

resolved as (

    select
        step.recipe_id,
        step.split_id,
        step.step_no,
        step.kind,
        step.is_last,
        step.from_quantity,
        step.to_quantity,
        made.quantity_id,
        divided.quantity_id as operand_quantity_id,
        coalesce(limiting.quantity_id, sharing.quantity_id) as other_quantity_id
    from step
    inner join meaning as made
        on
            step.recipe_id = made.recipe_id
            and step.slice_name = made.operand
            and made.level = {{ level }}
    inner join meaning as divided
        on
            step.recipe_id = divided.recipe_id
            and step.operand = divided.operand
            and divided.level < {{ level }}
            and divided.last_level >= {{ level }}
    left join meaning as limiting
        on
            step.recipe_id = limiting.recipe_id
            and step.limit_operand = limiting.operand
            and limiting.level < {{ level }}
            and limiting.last_level >= {{ level }}
    left join meaning as sharing
        on
            step.recipe_id = sharing.recipe_id
            and step.share_operand = sharing.operand
            and sharing.level < {{ level }}
            and sharing.last_level >= {{ level }}

),

valued as (

    select
        request.request_id,
        resolved.split_id,
        resolved.step_no,
        resolved.kind,
        resolved.is_last,
        resolved.quantity_id,
        divided.quantity as total,
        other.quantity as other_quantity,
        resolved.other_quantity_id,
        {{ to_edge(
            wide('resolved.from_quantity')
            ~ ' * case when resolved.other_quantity_id is null then 1 else other.quantity end',
            least=0
        ) }} as from_edge,
        {{ to_edge(
            wide('resolved.to_quantity')
            ~ ' * case when resolved.other_quantity_id is null then 1 else other.quantity end',
            least=0
        ) }} as to_edge
    from request
    inner join resolved
        on request.recipe_id = resolved.recipe_id
    inner join operand_quantity as divided
        on
            request.request_id = divided.request_id
            and resolved.operand_quantity_id = divided.quantity_id
    left join operand_quantity as other
        on
            request.request_id = other.request_id
            and resolved.other_quantity_id = other.quantity_id
    where resolved.other_quantity_id is null or other.quantity is not null

),

shared as (

    select
        request_id,
        split_id,
        step_no,
        quantity_id,
        total,
        is_last,
        sum(other_quantity) over (partition by request_id, split_id) as whole,
        {{ divide(
            wide('total') ~ ' * other_quantity',
            'sum(other_quantity) over (partition by request_id, split_id)'
        ) }} as share
    from valued
    where kind = 'proportion'

),

sliced as (

    select
        request_id,
        quantity_id,
        case
            when total < 0 and step_no = 1 then total
            when total < 0 then 0
            else greatest(0, least(total, coalesce(to_edge, total)) - from_edge)
        end as quantity
    from valued
    where kind = 'blocks'
    union all
    select
        request_id,
        quantity_id,
        case
            when whole = 0 and step_no = 1 then total
            when whole = 0 then 0
            when is_last then total - coalesce(sum(share) over (
                partition by request_id, split_id
                order by step_no
                rows between unbounded preceding and 1 preceding
            ), 0)
            else share
        end as quantity
    from shared

)

select
    request_id,
    quantity_id,
    {{ to_quantity('sum(quantity)') }} as quantity
from sliced
group by request_id, quantity_id
{%- endmacro %}
