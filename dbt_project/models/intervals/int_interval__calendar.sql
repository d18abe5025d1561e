-- The cells that intervals are added up by, once for all: quarters of an hour that no plan tells
-- apart, by day or by period. Days that are alike to every version are told apart by one of them.
-- One row per time zone and quarter of an hour.

with clock as (

    select * from {{ ref('int_interval__clock') }}

),

day as (

    select * from {{ ref('int_interval__day') }}

),

described as (

    select
        time_zone,
        local_date,
        {{ joined("cast(version_id as text) || ':' || windows", 'version_id', "' '") }} as versions
    from day
    group by time_zone, local_date

),

alike as (

    select
        versions,
        time_zone,
        min(local_date) as local_date
    from described
    group by versions, time_zone

),

slot as (

    select
        alike.time_zone,
        alike.versions,
        opened.minute_of_day,
        {{ joined("cast(day.version_id as text) || ':' || opened.period", 'day.version_id', "' '") }}
            as periods
    from alike
    inner join day
        on
            alike.time_zone = day.time_zone
            and alike.local_date = day.local_date
    inner join {{ ref('int_interval__window') }} as opened
        on
            day.version_id = opened.version_id
            and day.windows = opened.windows
    group by alike.time_zone, alike.versions, opened.minute_of_day

),

numbered as (

    select
        time_zone,
        versions,
        minute_of_day,
        dense_rank() over (order by periods) as slot_no
    from slot

),

told_apart as (

    select
        clock.quarter_start,
        {{ joined(
            "cast(clock.local_date as text) || ' ' || cast(coalesce(numbered.slot_no, 0) as text)",
            'clock.time_zone'
        ) }} as places
    from clock
    left join described
        on
            clock.time_zone = described.time_zone
            and clock.local_date = described.local_date
    left join numbered
        on
            described.time_zone = numbered.time_zone
            and described.versions = numbered.versions
            and clock.minute_of_day = numbered.minute_of_day
    group by clock.quarter_start

),

celled as (

    select
        quarter_start,
        cast(dense_rank() over (order by places) as integer) as cell_id
    from told_apart

)

select
    clock.time_zone,
    clock.quarter_start,
    clock.utc_minute,
    clock.local_date,
    clock.minute_of_day,
    clock.half_hour_start,
    clock.hour_start,
    celled.cell_id
from clock
inner join celled
    on clock.quarter_start = celled.quarter_start
