-- What the clock of each time zone shows at each quarter of an hour of the days that have interval
-- reads.
-- One row per time zone and quarter of an hour.

with quarter as (

    select
        part.minutes as utc_minute,
        cast(utc_day.utc_date as timestamp)
        + hour_of_day.hours * interval '1' hour
        + part.minutes * interval '1' minute as quarter_start
    from (
        select distinct cast(interval_start as date) as utc_date
        from {{ source('portfolio', 'interval_read') }}
        where {{ is_in_scope('agreement_id') }}
    ) as utc_day
    cross join (
        values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14), (15),
        (16), (17), (18), (19), (20), (21), (22), (23)
    ) as hour_of_day (hours)
    cross join (values (0), (15), (30), (45)) as part (minutes)

),

zone as (

    select distinct time_zone from {{ ref('int_interval__plan') }}

),

clocked as (

    select
        zone.time_zone,
        quarter.quarter_start,
        quarter.utc_minute,
        {{ local_time('quarter.quarter_start', 'zone.time_zone') }} as local_start
    from quarter
    cross join zone

),

dated as (

    select
        *,
        cast(local_start as date) as local_date,
        cast(extract(hour from local_start) * 60 + extract(minute from local_start) as integer)
            as minute_of_day
    from clocked

)

select
    time_zone,
    quarter_start,
    utc_minute,
    local_date,
    minute_of_day,
    quarter_start - mod(minute_of_day, 30) * interval '1' minute as half_hour_start,
    quarter_start - mod(minute_of_day, 60) * interval '1' minute as hour_start
from dated
