{# The CTE `joining_month`: the months of the year in which a version's sheet adds its meters to
   another agreement's, one row per version and month. #}
{% macro joining_months() -%}
joining_month as (

    select
        season_month.version_id,
        season_month.month
    from {{ source('tariff', 'season_month') }} as season_month
    inner join {{ source('tariff', 'combination') }} as combination
        on
            season_month.version_id = combination.version_id
            and season_month.season = combination.season

)
{%- endmacro %}

{# The CTE `added`: quantities of reads with those of the meters that join them, as the sheet's row
   says: a quantity that is blank on one side counts as zero or leaves the sum unknown (G10, M16).
   To stand after `read_quantity` and `joined`, which has a row for each read, named by its `keys`,
   and meter that joins it: agreement_id, billing_month, joining_agreement_id, version_id. What
   `read_quantity` says to each of them by `shared` keys is added by these. #}
{% macro meters_added(keys, shared=[]) -%}
combination_quantity as (

    select * from {{ source('tariff', 'combination_quantity') }}

),

part as (

    {% for meter in ['joining_agreement_id', 'agreement_id'] -%}
    select
        {% for key in keys -%}
        joined.{{ key }},
        {% endfor -%}
        joined.billing_month,
        joined.{{ meter }} as meter,
        combination_quantity.operand as determinant,
        combination_quantity.when_one_blank
    from joined
    inner join combination_quantity
        on joined.version_id = combination_quantity.version_id
    {% if not loop.last %}union{% endif %}
    {% endfor %}

),

added as (

    select
        {% for key in keys -%}
        part.{{ key }},
        {% endfor -%}
        part.billing_month,
        part.determinant,
        cast(
            case
                when count(read_quantity.quantity) = count(*) then sum(read_quantity.quantity)
                when max(part.when_one_blank) = 'zero' then sum(read_quantity.quantity)
            end as decimal(18, 6)
        ) as quantity
    from part
    left join read_quantity
        on
            part.meter = read_quantity.agreement_id
            and part.billing_month = read_quantity.billing_month
            and part.determinant = read_quantity.determinant
            {%- for key in shared %}
            and part.{{ key }} = read_quantity.{{ key }}
            {%- endfor %}
    group by {% for key in keys %}part.{{ key }}, {% endfor %}part.billing_month, part.determinant

)
{%- endmacro %}
