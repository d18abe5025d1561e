{# A text as a quantity, null where it is none: the loader rejects such rows, but a tariff that
   counts with an attribute may be loaded after them. #}
{% macro number_or_unknown(text) -%}
    {%- if target.type == 'postgres' -%}
    case
        when {{ text }} ~ '^[+-]?[0-9]{1,12}([.][0-9]+)?$' then cast({{ text }} as decimal(18, 6))
    end
    {%- else -%}
    try_cast({{ text }} as decimal(18, 6))
    {%- endif -%}
{%- endmacro %}
