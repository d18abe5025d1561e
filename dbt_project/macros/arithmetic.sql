{# A derived quantity: six decimals, half away from zero. #}
{% macro to_quantity(expression) -%}
    cast(round({{ expression }}, 6) as decimal(18, 6))
{%- endmacro %}

{# A quantity that may come out beyond ten digits: unknown then, for what it costs would not fit. #}
{% macro to_known_quantity(expression) -%}
    case when abs({{ expression }}) < 10000000000 then {{ to_quantity(expression) }} end
{%- endmacro %}

{# The edge of a block, or a bound; one that lies beyond all quantities is the highest or lowest
   number there is. Edges of blocks are at least zero: a limit below it holds nothing. #}
{% macro to_edge(expression, least=-999999999999) -%}
    case
        when {{ expression }} <= {{ least }} then {{ least }}
        when {{ expression }} < 999999999999 then {{ to_quantity(expression) }}
        when {{ expression }} is not null then 999999999999
    end
{%- endmacro %}

{# A number kept within so many digits before the point. #}
{% macro within(expression, digits) -%}
    greatest(-{{ '9' * digits }}.0, least({{ '9' * digits }}.0, {{ expression }}))
{%- endmacro %}

{# A number kept within ten digits before the point, with every digit after it. The branches of a
   case are of one type; where they would not fit into it, DuckDB rounds them to fewer decimals. #}
{% macro exactly(expression) -%}
    case when {{ expression }} is not null then cast({{ within(expression, 10) }} as decimal(30, 20)) end
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

{# The size of a decimal in whole trillionths. The whole part and the rest are counted apart: in one
   product of decimals the digits would not suffice. #}
{% macro trillionths(expression) -%}
    {%- set size = 'abs(cast(' ~ expression ~ ' as decimal(38, 12)))' -%}
    (
        cast(trunc({{ size }}) as hugeint) * 1000000000000
        + cast(({{ size }} - trunc({{ size }})) * 1000000000000 as hugeint)
    )
{%- endmacro %}

{# A quantity rounded as its row says: to decimals, or to multiples of a step: to the nearest one,
   half away from zero, or to the next one up or down. #}
{% macro round_as_said(expression, decimals, step, rounding) -%}
    {%- set left_over = '(' ~ expression ~ ') % ' ~ step -%}
    case
        when {{ step }} is null then {{ round_to(expression, decimals) }}
        else cast(
            {{ expression }} - {{ left_over }} + {{ step }} * case
                when {{ rounding }} = 'up' and {{ left_over }} > 0 then 1
                when {{ rounding }} = 'down' and {{ left_over }} < 0 then -1
                when {{ rounding }} = 'nearest' and abs({{ left_over }}) * 2 >= {{ step }}
                    then sign({{ expression }})
                else 0
            end as decimal(18, 6)
        )
    end
{%- endmacro %}

{# A quotient without its remainder, of numbers that are not below zero. #}
{% macro whole_quotient(numerator, denominator) -%}
    {%- if target.type == 'duckdb' -%}
        (({{ numerator }}) // ({{ denominator }}))
    {%- else -%}
        div({{ numerator }}, {{ denominator }})
    {%- endif -%}
{%- endmacro %}

{# Exact quotient of two decimals in units of one by `scale`, half away from zero, as a whole number;
   null where the divisor is zero. No engine divides decimals exactly, so it is done on whole
   numbers: (2 n + d) div (2 d). #}
{% macro divided(numerator, denominator, scale) -%}
    {%- set n = sized(numerator, scale) -%}
    {%- set d = sized(denominator, 1) -%}
    cast(
        cast(sign({{ numerator }}) * sign({{ denominator }}) as integer)
        * {{ whole_quotient('2 * ' ~ n ~ ' + ' ~ d, 'nullif(2 * ' ~ d ~ ', 0)') }}
        as decimal(28, 0)
    )
{%- endmacro %}

{# The size of a decimal, which counts to twelve decimals, times `scale`: in DuckDB as a whole number
   of trillionths. #}
{% macro sized(expression, scale) -%}
    {%- if target.type == 'duckdb' -%}
        ({{ trillionths(expression) }} * {{ scale }})
    {%- else -%}
        (abs(cast({{ expression }} as decimal(38, 12))) * {{ scale }})
    {%- endif -%}
{%- endmacro %}

{# Exact quotient of two decimals of twelve places, of which every rounding to six decimals or fewer
   comes out as that of the quotient itself; null where the divisor is zero. #}
{% macro divide_unrounded(numerator, denominator) -%}
    {%- set n = sized(numerator, 2000000) -%}
    {%- set d = sized(denominator, 1) -%}
    {%- set whole = whole_quotient(n, 'nullif(' ~ d ~ ', 0)') -%}
    sign({{ numerator }}) * sign({{ denominator }})
    * ({{ in_half_millionths(whole, whole ~ ' * ' ~ d ~ ' = ' ~ n) }})
{%- endmacro %}

{# A number of so many half-millionths, and of something more where it is not exact: one between two
   half-millionths is set a tenth of a millionth above the lower one, so that every rounding to six
   decimals or fewer comes out as that of the number. #}
{% macro in_half_millionths(whole, is_exact) -%}
    cast({{ whole }} as decimal(20, 0)) * cast('0.0000005' as decimal(8, 7))
    + case
        when {{ is_exact }} then cast(0 as decimal(8, 7))
        else cast('0.0000001' as decimal(8, 7))
    end
{%- endmacro %}

{# Whether a product can be multiplied by a constant of at most ten digits before the point; where
   not, what comes out has more than those. #}
{% macro can_multiply(product, constant) -%}
    (
        abs({{ product }}) < 10000000
        or (abs({{ product }}) < 10000000000 and abs({{ constant }}) < 10000000)
        or (abs({{ product }}) < 100000000000000000 and abs({{ constant }}) < 1)
    )
{%- endmacro %}

{# What stands for a number beyond all quantities: more than ten digits, with the sign of a product. #}
{% macro beyond_all(first, second) -%}
    cast(sign({{ first }}) * nullif(sign({{ second }}), 0) * 9999999999 as decimal(30, 20))
{%- endmacro %}

{# Exact quotient of two decimals, rounded half away from zero to `decimals` decimals. #}
{% macro divide(numerator, denominator, decimals=6) -%}
    {{ divided(numerator, denominator, 10 ** decimals) }} * {{ unit_of(decimals) }}
{%- endmacro %}

{# One in the last of so many decimals. #}
{% macro unit_of(decimals) -%}
    cast('{{ '%.*f' % (decimals, 10 ** -decimals) }}' as decimal(9, {{ decimals }}))
{%- endmacro %}

{# Whole numbers of any size that a sum of squares has: a decimal without its fraction, and a guess at
   a root. The guess may be off by as much as the engine's
   square root is: a step of Newton's and a comparison, both on whole numbers, make it exact. #}
{% macro whole_number(expression) -%}
    {%- if target.type == 'duckdb' -%}
        cast({{ expression }} as hugeint)
    {%- else -%}
        trunc(cast({{ expression }} as numeric))
    {%- endif -%}
{%- endmacro %}

{% macro guessed_root(whole) -%}
    greatest({{ whole_number('sqrt(' ~ whole ~ ')') }}, 1)
{%- endmacro %}

{# The square of a quantity in half-millionths. #}
{% macro squared(quantity) -%}
    {%- set whole = whole_number(wide(quantity) ~ ' * 2000000') -%}
    {{ whole }} * {{ whole }}
{%- endmacro %}

{# The root of a sum of squares in half-millionths, as a quantity. `root` is the whole part of the
   root or one more. #}
{% macro root_as_quantity(root, squares) -%}
    {%- set whole = root ~ ' - case when ' ~ root ~ ' * ' ~ root ~ ' > ' ~ squares
        ~ ' then 1 else 0 end' -%}
    {{ in_half_millionths(whole, root ~ ' * ' ~ root ~ ' = ' ~ squares) }}
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
    {%- set scale -%}
    case {{ decimals }}
        {%- for places in range(9) %}
        when {{ places }} then {{ 10 ** places }}
        {%- endfor %}
    end
    {%- endset -%}
    cast(
        {{ divided(numerator, denominator, scale) }}
        * case {{ decimals }}
            {%- for places in range(9) %}
            when {{ places }} then cast({{ unit_of(places) }} as decimal(9, 8))
            {%- endfor %}
        end as decimal(18, 8)
    )
{%- endmacro %}
