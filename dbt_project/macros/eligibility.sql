{# Where all conditions of an alternative leave a customer: 1 qualifies, 2 undecided, 3 not. #}
{% macro standing(outcome) -%}
    case
        when count(case when {{ outcome }} = 'failed' then 1 end) > 0 then 3
        when count(case when {{ outcome }} = 'unknown' then 1 end) > 0 then 2
        else 1
    end
{%- endmacro %}

{# Values that tell agreements apart as one text; a blank one is told from every value. #}
{% macro described_as(columns) -%}
    {%- for column in columns -%}
        {% if not loop.first %} || ';' || {% endif %}coalesce(cast({{ column }} as text), '?')
    {%- endfor -%}
{%- endmacro %}
