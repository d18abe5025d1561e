-- Schedules that give way to others: for a customer who satisfies one of those by its own
-- conditions, the condition has failed; where one of them is undecided, so is it.
-- One row per example agreement, calendar year, alternative and condition that names such others.

with condition as (

    select * from {{ ref('int_eligibility__condition') }} where kind = 'unless'

),

version_year as (

    select * from {{ ref('int_eligibility__version_year') }}

),

named as (

    select
        condition.eligibility_rule_id,
        condition.ordinal,
        other.schedule_id,
        other.schedule,
        other.calendar_year
    from condition
    inner join version_year as own
        on condition.version_id = own.version_id
    inner join {{ source('tariff', 'eligibility_value') }} as asked
        on
            condition.eligibility_rule_id = asked.eligibility_rule_id
            and condition.ordinal = asked.ordinal
    inner join version_year as other
        on
            own.utility = other.utility
            and own.calendar_year = other.calendar_year
            and asked.value = other.schedule

),

tried as (

    select
        tested.agreement_id,
        tested.calendar_year,
        named.eligibility_rule_id,
        named.ordinal,
        min(tested.standing) as standing,
        string_agg(
            case when tested.standing = 1 then named.schedule end, ', ' order by named.schedule
        ) as fitting,
        string_agg(
            case when tested.standing = 2 then named.schedule end, ', ' order by named.schedule
        ) as undecided
    from named
    inner join {{ ref('int_eligibility__schedule_tested') }} as tested
        on
            named.schedule_id = tested.schedule_id
            and named.calendar_year = tested.calendar_year
    group by
        tested.agreement_id,
        tested.calendar_year,
        named.eligibility_rule_id,
        named.ordinal

)

select
    agreement_id,
    calendar_year,
    eligibility_rule_id,
    ordinal,
    case standing
        when 1 then 'failed'
        when 2 then 'unknown'
        else 'met'
    end as outcome,
    case standing
        when 1 then 'fits ' || fitting || ', which '
            || case when position(',' in fitting) > 0 then 'come' else 'comes' end || ' first'
        when 2 then 'may fit ' || undecided || ', which '
            || case when position(',' in undecided) > 0 then 'come' else 'comes' end || ' first'
    end as words
from tried
