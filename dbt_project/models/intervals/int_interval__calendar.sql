-- The first period of use that holds each quarter of an hour of a plan. Quarters that no plan
-- tells apart, by day or by period, share a cell, so that intervals are added up once for all.
-- One row per time zone, version and quarter of an hour; the period is blank where none holds.

with clock as (

    select * from {{ ref('int_interval__clock') }}

),

period as (

    select * from {{ source('tariff', 'time_of_use_period') }}

),

matched as (

    select
        clock.version_id,
        clock.quarter_start,
        min(period.ordinal) as ordinal
    from clock
    inner join {{ source('tariff', 'time_of_use_month') }} as open_month
        on
            clock.version_id = open_month.version_id
            and clock.month_of_year = open_month.month
    inner join {{ source('tariff', 'time_of_use_day') }} as open_day
        on
            open_month.version_id = open_day.version_id
            and open_month.ordinal = open_day.ordinal
            and clock.day_kind = open_day.day_kind
    inner join period
        on
            open_day.version_id = period.version_id
            and open_day.ordinal = period.ordinal
    where
        case
            when period.from_minute < period.to_minute
                then
                    clock.minute_of_day >= period.from_minute
                    and clock.minute_of_day < period.to_minute
            else
                clock.minute_of_day >= period.from_minute
                or clock.minute_of_day < period.to_minute
        end
    group by clock.version_id, clock.quarter_start

),

placed as (

    select
        clock.*,
        coalesce(period.period, '') as period
    from clock
    left join matched
        on
            clock.version_id = matched.version_id
            and clock.quarter_start = matched.quarter_start
    left join period
        on
            matched.version_id = period.version_id
            and matched.ordinal = period.ordinal

),

told_apart as (

    select
        quarter_start,
        {{ joined("cast(local_date as text) || ' ' || period", 'time_zone, version_id') }} as places
    from placed
    group by quarter_start

),

celled as (

    select
        quarter_start,
        cast(dense_rank() over (order by places) as integer) as cell_id
    from told_apart

)

select
    placed.time_zone,
    placed.version_id,
    placed.quarter_start,
    placed.utc_minute,
    placed.local_date,
    placed.day_kind,
    placed.minute_of_day,
    placed.period,
    placed.half_hour_start,
    placed.hour_start,
    celled.cell_id
from placed
inner join celled
    on placed.quarter_start = celled.quarter_start
