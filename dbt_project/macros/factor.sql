{# The steps of the one canonical formula, a relation for each, from the formulas named `formula`:
   the inputs of a month `gathered`, `divided` where none is missing, and `scaled` where the quotient
   has at most six digits before the point. A quotient that is not rounded is there to be shown,
   at the decimals of a price, and not counted on with. #}
{% macro factor_steps() -%}
formula_input as (

    select * from {{ source('tariff', 'formula_input') }}

),

version as (

    select * from {{ source('tariff', 'version') }}

),

schedule as (

    select * from {{ source('tariff', 'schedule') }}

),

cost_input as (

    select * from {{ source('portfolio', 'rider_cost_input') }} where value is not null

),

gathered as (

    select
        formula.version_id,
        schedule.utility,
        schedule.schedule as rider,
        cost_input.billing_month,
        max(formula.numerator_constant) + sum(
            case
                when formula_input.side = 'numerator'
                    then formula_input.sign * cast(cost_input.value as decimal(28, 8))
                else 0
            end
        ) as numerator,
        sum(
            case
                when formula_input.side = 'denominator'
                    then formula_input.sign * cast(cost_input.value as decimal(28, 8))
                else 0
            end
        ) as denominator,
        max(case when formula_input.side = 'denominator' then 1 else 0 end) as has_denominator,
        {{ joined(
            "formula_input.variable || '=' || cast(cost_input.value as text)",
            'formula_input.ordinal'
        ) }} as inputs,
        count(*) as input_count
    from formula
    inner join version
        on formula.version_id = version.version_id
    inner join schedule
        on version.schedule_id = schedule.schedule_id
    inner join formula_input
        on formula.version_id = formula_input.version_id
    inner join cost_input
        on
            schedule.utility = cost_input.utility
            and schedule.schedule = cost_input.rider
            and formula_input.variable = cost_input.variable
    group by formula.version_id, schedule.utility, schedule.schedule, cost_input.billing_month

),

input_total as (

    select
        version_id,
        count(*) as input_count
    from formula_input
    group by version_id

),

divided as (

    select
        gathered.version_id,
        gathered.utility,
        gathered.rider,
        gathered.billing_month,
        gathered.inputs,
        formula.unit,
        formula.sheet_id,
        formula.quotient_decimals,
        formula.factor_decimals,
        formula.base,
        formula.scale,
        gathered.numerator,
        case
            when gathered.has_denominator = 1
                then cast(gathered.denominator as decimal(28, 8)) * formula.denominator_multiplier
            else cast(1 as decimal(28, 8)) * formula.denominator_multiplier
        end as denominator
    from gathered
    inner join formula
        on gathered.version_id = formula.version_id
    inner join input_total
        on
            gathered.version_id = input_total.version_id
            and gathered.input_count = input_total.input_count

),

-- Each division stands alone, for its macro writes a case for every number of decimals.
quotient as (

    select
        *,
        {{ divide_to('numerator', 'denominator', 'coalesce(quotient_decimals, 8)') }} as quotient,
        (numerator - cast(base * cast(denominator as decimal(28, 8)) as decimal(38, 12)))
        * cast(scale as decimal(12, 8)) as scaled_numerator
    from divided
    where abs(numerator) < 1000000 * abs(denominator)

),

scaled as (

    select
        *,
        case
            when quotient_decimals is null
                then {{ divide_to('scaled_numerator', 'denominator', 'factor_decimals') }}
            else {{ round_price(
                'cast((quotient - base) as decimal(20, 8)) * scale', 'factor_decimals'
            ) }}
        end as factor
    from quotient

)
{%- endmacro %}

{# Whether a result can be a factor; inputs that make a larger one are slips. #}
{% macro is_factor(result) -%}
    abs({{ result }}) < 1000
{%- endmacro %}
