{# Texts of a group joined by a comma, in the order of `order_by`. #}
{% macro joined(expression, order_by) -%}
    {{ return(adapter.dispatch('joined')(expression, order_by)) }}
{%- endmacro %}

{% macro default__joined(expression, order_by) -%}
    string_agg({{ expression }}, ',' order by {{ order_by }})
{%- endmacro %}

{# The running number of a month, so that months can be subtracted. #}
{% macro month_index(date) -%}
    cast(extract(year from {{ date }}) * 12 + extract(month from {{ date }}) as integer)
{%- endmacro %}

{# The first day of the month with a running number. #}
{% macro month_start(index) -%}
    {{ return(adapter.dispatch('month_start')(index)) }}
{%- endmacro %}

{% macro default__month_start(index) -%}
    make_date(cast(floor(({{ index }} - 1) / 12) as integer), cast(({{ index }} - 1) % 12 as integer) + 1, 1)
{%- endmacro %}

{% macro duckdb__month_start(index) -%}
    make_date(cast({{ index }} - 1 as integer) // 12, cast({{ index }} - 1 as integer) % 12 + 1, 1)
{%- endmacro %}
