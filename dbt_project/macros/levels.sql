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

{# The derived quantities of one level, computed from those of the levels below it. A quantity
   whose operands do not suffice is unknown and has no row. Of several definitions the first whose
   clause holds for the request is taken. #}
{% macro derived_level(level) -%}
with request as (

    select * from {{ ref('int_request') }}
    {% if level > 8 %}where not is_history{% endif %}

),

term as (

    select * from {{ ref('int_recipe__determinant_term') }}
    where level = {{ level }} and operation not in ('bank', 'bank_left')

),

definition as (

    select
        recipe_id,
        quantity_id,
        choice_order,
        operation,
        constant,
        decimals,
        rounding_step,
        rounding,
        at_least,
        at_most,
        count(*) as operands
    from term
    group by
        recipe_id,
        quantity_id,
        choice_order,
        operation,
        constant,
        decimals,
        rounding_step,
        rounding,
        at_least,
        at_most

),

operand_quantity as (

    select below.*
    from (
        {{ quantities_below(level) }}
    ) as below
    where below.quantity_id in (select term.operand_quantity_id from term)

),

valued as (

    select
        request.request_id,
        request.recipe_id,
        term.quantity_id,
        term.choice_order,
        term.divisor,
        term.ordinal,
        term.role,
        term.coefficient,
        case
            when term.when_unknown = 'zero' then coalesce(operand_quantity.quantity, 0)
            else operand_quantity.quantity
        end as quantity
    from request
    inner join term
        on request.recipe_id = term.recipe_id
    left join operand_quantity
        on
            request.request_id = operand_quantity.request_id
            and term.operand_quantity_id = operand_quantity.quantity_id
    where
        operand_quantity.quantity is not null
        or term.when_unknown != 'unknown'
        or term.operation = 'first_known'

),

gathered as (

    select
        request_id,
        recipe_id,
        quantity_id,
        choice_order,
        count(*) as operands,
        sum({{ wide('quantity') }} * coefficient) as total,
        max({{ wide('quantity') }} * coefficient) as greatest_value,
        min({{ wide('quantity') }} * coefficient) as least_value,
        max(case when ordinal = 1 and role = 'term' then quantity end) as first_operand,
        max(case when ordinal = 2 and role = 'term' then quantity end) as second_operand,
        max(case when ordinal = 3 and role = 'term' then quantity end) as third_operand,
        max(case when role = 'divisor' or divisor is not null then 1 else 0 end) as divisors,
        max(case when role = 'divisor' then quantity else divisor end) as divisor,
        max(case when ordinal = 2 and role = 'term' then 1 else 0 end) as second_operands
    from valued
    group by request_id, recipe_id, quantity_id, choice_order

),

multiplied as (

    select
        gathered.*,
        definition.operation,
        definition.constant,
        definition.decimals,
        definition.rounding_step,
        definition.rounding,
        definition.at_least,
        definition.at_most,
        {{ wide('gathered.first_operand') }}
        * case when gathered.second_operands = 1 then gathered.second_operand else 1 end as product
    from gathered
    inner join definition
        on
            gathered.recipe_id = definition.recipe_id
            and gathered.quantity_id = definition.quantity_id
            and coalesce(gathered.choice_order, 0) = coalesce(definition.choice_order, 0)
    where gathered.operands = definition.operands

),

squared as (

    select
        *,
        case when operation = 'root_of_squares'
            then {{ squared('first_operand') }} + {{ squared('second_operand') }}
        end as squares
    from multiplied

),

guessed as (

    select
        *,
        {{ guessed_root('squares') }} as guess
    from squared

),

rooted as (

    select
        *,
        {{ whole_quotient('guess + ' ~ whole_quotient('squares', 'guess'), '2') }} as root
    from guessed

),

measured as (

    select
        *,
        operation = 'product' and {{ can_multiply('product', 'constant') }} as is_within
    from rooted

),

scaled as (

    select
        *,
        case when is_within then product * constant end as multiple
    from measured

),

dividing as (

    select
        *,
        case
            when divisors = 1 and abs(multiple) < 100000000000 * abs(divisor) then multiple
        end as dividend
    from scaled

),

-- A quotient stands by itself: what a case holds is computed again wherever it is named.
divided as (

    select
        *,
        {{ divide('dividend', 'divisor') }} as quotient
    from dividing

),

computed as (

    select
        request_id,
        quantity_id,
        choice_order,
        decimals,
        rounding_step,
        rounding,
        at_least,
        at_most,
        case operation
            when 'sum' then {{ exactly('total + constant') }}
            when 'greatest' then {{ exactly('greatest_value') }}
            when 'least' then {{ exactly('least_value') }}
            when 'first_known'
                then {{ exactly('coalesce(first_operand, second_operand, third_operand)') }}
            when 'root_of_squares' then {{ exactly(root_as_quantity('root', 'squares')) }}
            when 'product'
                then case
                    when quotient is not null then {{ exactly('quotient') }}
                    when divisors = 1 then {{ beyond_all('product * sign(constant)', 'divisor') }}
                    when is_within then {{ exactly('multiple') }}
                    else {{ beyond_all('product', 'constant') }}
                end
        end as quantity
    from divided

),

rounded as (

    select
        request_id,
        quantity_id,
        choice_order,
        at_least,
        at_most,
        {{ round_as_said('quantity', 'decimals', 'rounding_step', 'rounding') }} as quantity
    from computed
    where quantity is not null

),

{{ clauses_held(level) }},

candidate as (

    select distinct
        recipe_id,
        quantity_id,
        choice_order,
        tested_condition_set_id
    from {{ ref('int_recipe__determinant_term') }}
    where level = {{ level }} and choice_order is not null

),

chosen as (

    select
        request.request_id,
        candidate.quantity_id,
        min(candidate.choice_order) as choice_order
    from request
    inner join candidate
        on request.recipe_id = candidate.recipe_id
    left join held
        on
            request.request_id = held.request_id
            and candidate.tested_condition_set_id = held.condition_set_id
    where candidate.tested_condition_set_id is null or held.condition_set_id is not null
    group by request.request_id, candidate.quantity_id

),

limited as (

    select
        rounded.request_id,
        rounded.quantity_id,
        cast(
            least(
                greatest(rounded.quantity, coalesce(rounded.at_least, rounded.quantity)),
                coalesce(
                    rounded.at_most,
                    greatest(rounded.quantity, coalesce(rounded.at_least, rounded.quantity))
                )
            ) as decimal(18, 6)
        ) as quantity
    from rounded
    left join chosen
        on
            rounded.request_id = chosen.request_id
            and rounded.quantity_id = chosen.quantity_id
            and rounded.choice_order = chosen.choice_order
    where rounded.choice_order is null or chosen.request_id is not null

)

-- What does not fit into ten digits is unknown.
select
    request_id,
    quantity_id,
    quantity
from limited
where abs(quantity) < {{ '9' * 10 }}
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
