-- Where an example stands with a schedule by its own conditions, whatever other schedules it may
-- satisfy too, by the best of the alternatives: 1 qualifies, 2 undecided, 3 not.
-- One row per example agreement, calendar year and schedule with recorded conditions.

with example as (

    select * from {{ ref('int_eligibility__example') }}
    where agreement_id = example_agreement_id

),

version_year as (

    select * from {{ ref('int_eligibility__version_year') }}

),

rule as (

    select * from {{ source('tariff', 'eligibility_rule') }}

),

tested as (

    select * from {{ ref('int_eligibility__condition_tested') }}

),

alternative as (

    select
        example.agreement_id,
        example.calendar_year,
        version_year.schedule_id,
        rule.eligibility_rule_id,
        {{ standing('tested.outcome') }} as standing
    from example
    inner join version_year
        on
            example.utility = version_year.utility
            and example.calendar_year = version_year.calendar_year
    inner join rule
        on version_year.version_id = rule.version_id
    left join tested
        on
            example.agreement_id = tested.agreement_id
            and example.calendar_year = tested.calendar_year
            and rule.eligibility_rule_id = tested.eligibility_rule_id
    group by
        example.agreement_id,
        example.calendar_year,
        version_year.schedule_id,
        rule.eligibility_rule_id

)

select
    agreement_id,
    calendar_year,
    schedule_id,
    min(standing) as standing
from alternative
group by agreement_id, calendar_year, schedule_id
