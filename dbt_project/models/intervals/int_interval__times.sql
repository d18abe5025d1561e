{{ config(tags=['standing']) }}
-- Which versions tell the hours of use apart alike: those of one utility with the same demand
-- interval, holidays and periods go by the first of them, so that a change of prices is none of hours.
-- One row per version that says how intervals are read.

with holiday as (

    select
        version_id,
        {{ joined('holiday', 'holiday', 'chr(31)') }} as holidays
    from {{ source('tariff', 'time_of_use_holiday') }}
    group by version_id

),

open_month as (

    select
        version_id,
        ordinal,
        {{ joined('cast(month as text)', 'month') }} as months
    from {{ source('tariff', 'time_of_use_month') }}
    group by version_id, ordinal

),

open_day as (

    select
        version_id,
        ordinal,
        {{ joined('day_kind', 'day_kind') }} as day_kinds
    from {{ source('tariff', 'time_of_use_day') }}
    group by version_id, ordinal

),

opening as (

    select
        period.version_id,
        {{ joined(
            "concat_ws(' ', period.period, period.from_minute, period.to_minute, "
            ~ "coalesce(open_month.months, '-'), coalesce(open_day.day_kinds, '-'))",
            'period.ordinal', 'chr(30)'
        ) }} as windows
    from {{ source('tariff', 'time_of_use_period') }} as period
    left join open_month
        on
            period.version_id = open_month.version_id
            and period.ordinal = open_month.ordinal
    left join open_day
        on
            period.version_id = open_day.version_id
            and period.ordinal = open_day.ordinal
    group by period.version_id

)

select
    time_of_use.version_id,
    schedule.utility,
    time_of_use.demand_minutes,
    min(time_of_use.version_id) over (
        partition by
            schedule.utility,
            time_of_use.demand_minutes,
            coalesce(holiday.holidays, ''),
            coalesce(opening.windows, '')
    ) as times_id
from {{ source('tariff', 'time_of_use') }} as time_of_use
inner join {{ source('tariff', 'version') }} as version
    on time_of_use.version_id = version.version_id
inner join {{ source('tariff', 'schedule') }} as schedule
    on version.schedule_id = schedule.schedule_id
left join holiday
    on time_of_use.version_id = holiday.version_id
left join opening
    on time_of_use.version_id = opening.version_id
