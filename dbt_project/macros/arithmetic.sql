{# A derived quantity: six decimals, half away from zero. #}
{% macro to_quantity(expression) -%}
    cast(round({{ expression }}, 6) as decimal(18, 6))
{%- endmacro %}

{# A line's amount: cents, half away from zero. #}
{% macro to_amount(expression) -%}
    cast(round({{ expression }}, 2) as decimal(18, 2))
{%- endmacro %}

{# A quantity or price made wide enough to be multiplied without overflow. #}
{% macro wide(expression) -%}
    cast({{ expression }} as decimal(28, 6))
{%- endmacro %}

{# Quantity times price as cents, half away from zero. DuckDB multiplies decimals of up to 18
   digits four times as fast as wider ones, so it takes the narrow way where the quantity has two
   decimals and the price six at most, which loses nothing. #}
{% macro priced_amount(quantity, price) -%}
    {%- set widely = to_amount(wide(quantity) ~ ' * ' ~ price) -%}
    {%- if target.type == 'duckdb' -%}
    case
        when
            try_cast({{ quantity }} as decimal(11, 2)) = {{ quantity }}
            and try_cast({{ price }} as decimal(7, 6)) = {{ price }}
            then cast(
                round(
                    try_cast({{ quantity }} as decimal(11, 2))
                    * try_cast({{ price }} as decimal(7, 6)),
                    2
                ) as decimal(18, 2)
            )
        else {{ widely }}
    end
    {%- else -%}
    {{ widely }}
    {%- endif -%}
{%- endmacro %}

{# A quantity rounded to a number of decimals (0 to 6) that a row gives. #}
{% macro round_to(expression, decimals) -%}
    case {{ decimals }}
        when 0 then cast(round({{ expression }}, 0) as decimal(18, 6))
        when 1 then cast(round({{ expression }}, 1) as decimal(18, 6))
        when 2 then cast(round({{ expression }}, 2) as decimal(18, 6))
        when 3 then cast(round({{ expression }}, 3) as decimal(18, 6))
        when 4 then cast(round({{ expression }}, 4) as decimal(18, 6))
        when 5 then cast(round({{ expression }}, 5) as decimal(18, 6))
        else cast(round({{ expression }}, 6) as decimal(18, 6))
    end
{%- endmacro %}

{# Exact quotient of two decimals, rounded half away from zero to `decimals` decimals; null where
   the divisor is zero. Numerator and denominator count to twelve decimals. No engine divides
   decimals exactly, so it is done on whole numbers: (2 n + d) div (2 d). #}
{% macro divide(numerator, denominator, decimals=6) -%}
    {%- set scale = 10 ** decimals -%}
    {%- set places = '%.*f' % (decimals, 1 / scale) -%}
    {%- if target.type == 'duckdb' -%}
        {%- set n -%}
            (cast(abs(cast({{ numerator }} as decimal(38, 12))) * 1000000000000 as hugeint) * {{ scale }})
        {%- endset -%}
        {%- set d -%}
            nullif(cast(abs(cast({{ denominator }} as decimal(38, 12))) * 1000000000000 as hugeint), 0)
        {%- endset -%}
        {%- set quotient = '((2 * ' ~ n ~ ' + ' ~ d ~ ') // (2 * ' ~ d ~ '))' -%}
    {%- else -%}
        {%- set n = '(abs(cast(' ~ numerator ~ ' as numeric)) * ' ~ scale ~ ')' -%}
        {%- set d = 'nullif(abs(cast(' ~ denominator ~ ' as numeric)), 0)' -%}
        {%- set quotient = 'div(2 * ' ~ n ~ ' + ' ~ d ~ ', 2 * ' ~ d ~ ')' -%}
    {%- endif -%}
    cast(
        cast(sign({{ numerator }}) * sign({{ denominator }}) as integer) * {{ quotient }}
        as decimal(28, 0)
    ) * cast('{{ places }}' as decimal(9, {{ decimals }}))
{%- endmacro %}

{# A price rounded to a number of decimals (0 to 8) that a row gives. #}
{% macro round_price(expression, decimals) -%}
    case {{ decimals }}
        {%- for places in range(8) %}
        when {{ places }} then cast(round({{ expression }}, {{ places }}) as decimal(18, 8))
        {%- endfor %}
        else cast(round({{ expression }}, 8) as decimal(18, 8))
    end
{%- endmacro %}

{# An exact quotient rounded once, to a number of decimals (0 to 8) that a row gives. #}
{% macro divide_to(numerator, denominator, decimals) -%}
    case {{ decimals }}
        {%- for places in range(9) %}
        when {{ places }}
            then cast({{ divide(numerator, denominator, places) }} as decimal(18, 8))
        {%- endfor %}
    end
{%- endmacro %}
