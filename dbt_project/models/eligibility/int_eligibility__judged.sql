-- Whether an example qualifies for each schedule of its utility, and why: by the best of the
-- schedule's alternatives, with the conditions that decide it in words.
-- One row per example agreement, calendar year and schedule.

with example as (

    select * from {{ ref('int_eligibility__example') }}
    where agreement_id = example_agreement_id

),

rule as (

    select * from {{ source('tariff', 'eligibility_rule') }}

),

tested as (

    select
        agreement_id,
        calendar_year,
        eligibility_rule_id,
        ordinal,
        outcome,
        words
    from {{ ref('int_eligibility__condition_tested') }}
    union all
    select
        agreement_id,
        calendar_year,
        eligibility_rule_id,
        ordinal,
        outcome,
        words
    from {{ ref('int_eligibility__schedule_yielded') }}

),

-- Two bounds of one demand may fail in the same words.
said as (

    select
        agreement_id,
        calendar_year,
        eligibility_rule_id,
        outcome,
        words,
        min(ordinal) as ordinal
    from tested
    group by agreement_id, calendar_year, eligibility_rule_id, outcome, words

),

alternative as (

    select
        agreement_id,
        calendar_year,
        eligibility_rule_id,
        {{ standing('outcome') }} as standing,
        string_agg(case when outcome = 'met' then words end, '; ' order by ordinal) as met,
        string_agg(case when outcome = 'failed' then words end, '; ' order by ordinal) as failed,
        string_agg(case when outcome = 'unknown' then words end, '; ' order by ordinal) as unknown
    from said
    group by agreement_id, calendar_year, eligibility_rule_id

),

ranked as (

    select
        example.agreement_id,
        example.calendar_year,
        example.utility,
        version_year.schedule,
        version_year.kind,
        version_year.version_id,
        version_year.effective_from,
        case version_year.kind
            when 'rider'
                then
                    position(
                        chr(30) || version_year.schedule || chr(30)
                        in chr(30) || example.riders || chr(30)
                    ) > 0
            else version_year.schedule = example.schedule
        end as is_actual_schedule,
        rule.eligibility_rule_id,
        rule.words,
        rule.beyond_data,
        coalesce(alternative.standing, 1) as standing,
        alternative.met,
        alternative.failed,
        alternative.unknown,
        row_number() over (
            partition by
                example.agreement_id, example.calendar_year, version_year.schedule_id
            order by coalesce(alternative.standing, 1) asc, rule.ordinal asc
        ) as best
    from example
    inner join {{ ref('int_eligibility__version_year') }} as version_year
        on
            example.utility = version_year.utility
            and example.calendar_year = version_year.calendar_year
    left join rule
        on version_year.version_id = rule.version_id
    left join alternative
        on
            example.agreement_id = alternative.agreement_id
            and example.calendar_year = alternative.calendar_year
            and rule.eligibility_rule_id = alternative.eligibility_rule_id

)

select
    agreement_id,
    calendar_year,
    utility,
    schedule,
    kind,
    effective_from as version_effective_from,
    coalesce(is_actual_schedule, false) as is_actual_schedule,
    case
        when version_id is null then 'not_eligible'
        when eligibility_rule_id is null then 'undecided'
        when standing = 1 then 'eligible'
        when standing = 2 then 'undecided'
        else 'not_eligible'
    end as status,
    case
        when version_id is null then 'no version is in force in ' || calendar_year
        when eligibility_rule_id is null then 'no conditions are recorded'
        when standing = 1
            then coalesce(met, words, 'no condition is stated')
                || coalesce('; not tested: ' || beyond_data, '')
        when standing = 2 then unknown
        else failed
    end as reason
from ranked
where best = 1
