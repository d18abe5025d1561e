{# Where all conditions of an alternative leave a customer: 1 qualifies, 2 undecided, 3 not. #}
{% macro standing(outcome) -%}
    case
        when count(case when {{ outcome }} = 'failed' then 1 end) > 0 then 3
        when count(case when {{ outcome }} = 'unknown' then 1 end) > 0 then 2
        else 1
    end
{%- endmacro %}
