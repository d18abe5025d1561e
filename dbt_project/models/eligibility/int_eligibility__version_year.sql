-- The schedules that a customer of a utility may ask for in a calendar year, each with its last
-- version that holds on some day of it, if any. Riders are there where conditions are recorded.
-- One row per utility, schedule and calendar year.

with calendar as (

    select distinct
        utility,
        calendar_year
    from {{ ref('int_eligibility__agreement_year') }}

),

version as (

    select * from {{ source('tariff', 'version') }}

),

recorded as (

    select distinct version.schedule_id
    from {{ source('tariff', 'eligibility_rule') }} as rule
    inner join version
        on rule.version_id = version.version_id

),

schedule as (

    select schedule.*
    from {{ source('tariff', 'schedule') }} as schedule
    left join recorded
        on schedule.schedule_id = recorded.schedule_id
    where schedule.kind in ('rate', 'lighting') or recorded.schedule_id is not null

),

ranked as (

    select
        schedule.utility,
        schedule.schedule_id,
        schedule.schedule,
        schedule.kind,
        calendar.calendar_year,
        version.version_id,
        version.effective_from,
        row_number() over (
            partition by schedule.schedule_id, calendar.calendar_year
            order by version.effective_from desc
        ) as latest
    from calendar
    inner join schedule
        on calendar.utility = schedule.utility
    left join version
        on
            schedule.schedule_id = version.schedule_id
            and calendar.calendar_year >= extract(year from version.effective_from)
            and (
                version.effective_to is null
                or calendar.calendar_year <= extract(year from version.effective_to - interval '1' day)
            )

)

select
    utility,
    schedule_id,
    schedule,
    kind,
    calendar_year,
    version_id,
    effective_from
from ranked
where latest = 1
