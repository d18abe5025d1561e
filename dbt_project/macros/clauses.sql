{# Whether a month lies in the window of a term: so many months, the latest ones left out, and not
   before the month in which the term's year begins. #}
{% macro in_window(month, current) -%}
    {{ month }} > {{ current }} - term.window_months
    and {{ month }} <= {{ current }} - term.skip_months
    and {{ month }} >= {{ current }} - coalesce(
        ({{ current }} - term.from_month) % 12, term.window_months
    )
{%- endmacro %}

{# The clauses that hold for a request as far as quantities below a level decide: CTEs `compared`
   and `held` (request_id, condition_set_id), to stand after the CTE `request`. A test of an unknown
   quantity does not hold. #}
{% macro clauses_held(level) -%}
test as (

    select * from {{ ref('int_recipe__test') }} where level = {{ level }}

),

tested_quantity as (

    {% if level == charge_level() -%}
    select * from {{ ref('int_quantity') }}
    {%- else -%}
    {{ quantities_below(level) }}
    {%- endif %}

),

compared as (

    select
        request.request_id,
        test.condition_set_id,
        test.tests,
        test.comparison,
        test.bound,
        sum({{ to_edge(wide('test.coefficient') ~ ' * tested_quantity.quantity') }}) as quantity
    from request
    inner join test
        on request.recipe_id = test.recipe_id
    inner join tested_quantity
        on
            request.request_id = tested_quantity.request_id
            and test.operand_quantity_id = tested_quantity.quantity_id
    group by
        request.request_id,
        test.condition_set_id,
        test.ordinal,
        test.tests,
        test.comparison,
        test.bound,
        test.operands
    having count(*) = test.operands

),

held as (

    select
        request_id,
        condition_set_id
    from compared
    where
        case comparison
            when 'at_least' then quantity >= bound
            when 'above' then quantity > bound
            when 'at_most' then quantity <= bound
            else quantity < bound
        end
    group by request_id, condition_set_id, tests
    having count(*) = tests

)
{%- endmacro %}
