-- Every condition on attributes and demands tried on every example: met, failed or unknown, with
-- the value found in words. A lower bound asks for so many months of the year before (I9), an
-- upper one for fewer months over it.
-- One row per example agreement, calendar year, alternative and condition.

with example as (

    select * from {{ ref('int_eligibility__example') }}
    where agreement_id = example_agreement_id

),

condition as (

    select * from {{ ref('int_eligibility__condition') }} where kind in ('attribute', 'demand')

),

tried as (

    select
        example.agreement_id,
        example.calendar_year,
        version_year.schedule_id,
        condition.*,
        attribute.value,
        demand.months_looked_at,
        demand.unknown_months,
        demand.reaching_months
    from example
    inner join {{ ref('int_eligibility__version_year') }} as version_year
        on
            example.utility = version_year.utility
            and example.calendar_year = version_year.calendar_year
    inner join condition
        on version_year.version_id = condition.version_id
    left join {{ ref('int_eligibility__attribute') }} as attribute
        on
            example.agreement_id = attribute.agreement_id
            and example.calendar_year = attribute.calendar_year
            and condition.attribute = attribute.attribute
    left join {{ ref('int_eligibility__demand_counted') }} as demand
        on
            example.agreement_id = demand.agreement_id
            and example.calendar_year = demand.calendar_year
            and condition.measure = demand.measure

),

admitted as (

    select
        tried.*,
        admitted.value is not null as is_named
    from tried
    left join {{ source('tariff', 'eligibility_value') }} as admitted
        on
            tried.eligibility_rule_id = admitted.eligibility_rule_id
            and tried.ordinal = admitted.ordinal
            and tried.kind = 'attribute'
            and tried.value = admitted.value

),

decided as (

    select
        *,
        case
            when kind = 'attribute' and value is null then 'unknown'
            when kind = 'attribute' and is_named = is_negated then 'failed'
            when kind = 'attribute' then 'met'
            when months_looked_at is null then 'unknown'
            when reaching_months >= months and is_lower_bound then 'met'
            when reaching_months >= months then 'failed'
            when reaching_months + unknown_months >= months then 'unknown'
            when is_lower_bound then 'failed'
            else 'met'
        end as outcome
    from admitted

)

select
    agreement_id,
    calendar_year,
    schedule_id,
    eligibility_rule_id,
    ordinal,
    outcome,
    case
        when kind = 'attribute' and outcome = 'unknown' then attribute || ' is blank'
        when kind = 'attribute' and outcome = 'failed' and not is_negated
            then attribute || ' is ' || value || ', not ' || value_words
        when kind = 'attribute' then attribute || ' is ' || value
        when months_looked_at is null then 'no reads in ' || (calendar_year - 1)
        else
            measure || ' in ' || reaching_months || ' of ' || months_looked_at || ' months of '
            || (calendar_year - 1)
            || case
                when outcome = 'unknown' then ', unknown in ' || unknown_months
                when outcome = 'met' then ''
                when is_lower_bound and months = 1 then ', where one is asked for'
                when is_lower_bound then ', where ' || months || ' are asked for'
                when months = 1 then ', where none is allowed'
                else ', where fewer than ' || months || ' are allowed'
            end
    end as words
from decided
