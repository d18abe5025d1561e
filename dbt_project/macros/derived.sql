{# The derived quantities of one level, computed from those of the levels below it. A quantity
   whose operands do not suffice is unknown and has no row. Of several definitions the first whose
   clause holds for the request is taken. #}
{% macro derived_level(level) -%}
with request as (

    select * from {{ ref('int_request') }}
    {% if level > 8 %}where not is_history{% endif %}

),

{{ operands_gathered(level) }},

{{ definitions_computed() }},

{{ definitions_chosen(level) }},

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

{# What each definition of a level says, and what is known of its operands for each request: CTEs
   `definition` and `gathered` (a row per request and definition), to stand after `request`. #}
{% macro operands_gathered(level) -%}
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

)
{%- endmacro %}

{# What definitions come to, rounded but not yet limited: CTE `rounded` (request_id, quantity_id,
   choice_order, at_least, at_most, quantity), to stand after `definition` and `gathered`; a
   definition that lacks an operand has no row. #}
{% macro definitions_computed() -%}
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
            -- No multiple is as large as a hundred billion times a divisor of seven digits.
            when divisors = 1 and abs(multiple) < 100000000000 * least(abs(divisor), 9999999)
                then multiple
        end as dividend
    from scaled

),

-- A quotient stands by itself: what a case holds is computed again wherever it is named.
divided as (

    select
        *,
        {{ divide_unrounded('dividend', 'divisor') }} as quotient
    from dividing

),

-- PostgreSQL would put each of these into the next one, wherever it is named.
computed as {% if target.type == 'postgres' %}materialized {% endif %}(

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

)
{%- endmacro %}

{# The first of several definitions whose clause holds for a request: CTE `chosen` (request_id,
   quantity_id, choice_order), to stand after `request`. #}
{% macro definitions_chosen(level) -%}
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

)
{%- endmacro %}
