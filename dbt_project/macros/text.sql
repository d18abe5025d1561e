{# Texts of a group joined, in the order of `order_by`: by a comma, or by a control character
   where the texts are a user's and may hold a comma. #}
{% macro joined(expression, order_by, separator="','") -%}
    string_agg({{ expression }}, {{ separator }} order by {{ order_by }})
{%- endmacro %}

{# A text in the order of its characters' numbers, as DuckDB sorts, whatever the database's
   language. #}
{% macro bytewise(expression) -%}
    {{ expression }}{% if target.type == 'postgres' %} collate "C"{% endif %}
{%- endmacro %}

{# The running number of a month, so that months can be subtracted. #}
{% macro month_index(date) -%}
    cast(extract(year from {{ date }}) * 12 + extract(month from {{ date }}) as integer)
{%- endmacro %}

{# The running number of the month in which the year of a month began: years begin in the month
   of the year that is given, 1 to 12. #}
{% macro year_start(index, month) -%}
    {{ index }} - ({{ index }} - {{ month }}) % 12
{%- endmacro %}

{# The first day of the month with a running number. #}
{% macro month_start(index) -%}
    {%- set whole = 'cast(' ~ index ~ ' - 1 as integer)' -%}
    {%- if target.type == 'duckdb' -%}
        make_date({{ whole }} // 12, {{ whole }} % 12 + 1, 1)
    {%- else -%}
        make_date({{ whole }} / 12, {{ whole }} % 12 + 1, 1)
    {%- endif -%}
{%- endmacro %}
