{# A text as a quantity, null where it is none: the loader rejects such rows, but a tariff that
   counts with an attribute may be loaded after them. Every engine reads the same texts: plain
   digits, with a point anywhere or none, and a power of ten such as 1e3. #}
{% macro number_or_unknown(text) -%}
    case
        when {{ text }} ~ '^[+-]?([0-9]{1,99}[.]?[0-9]{0,99}|[.][0-9]{1,99})([eE][+-]?0*[0-9]{1,2})?$'
            then
            {%- if target.type == 'postgres' %}
                case
                    when abs(cast({{ text }} as numeric)) < 1000000000
                        then cast({{ text }} as decimal(18, 6))
                end
            {%- else %}
                try_cast(try_cast({{ text }} as decimal(38, 12)) as decimal(18, 6))
            {%- endif %}
    end
{%- endmacro %}
