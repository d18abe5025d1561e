{{ config(materialized='ephemeral') }}
-- What the clock of each plan shows at each quarter of an hour of the days that have interval
-- reads. A plan is a time zone, alone (version 0) or with a version that has periods of use; a
-- day that the version keeps as a holiday is no day of the week (I5).
-- One row per time zone, version and quarter of an hour.

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

plan as (

    select distinct
        utility.time_zone,
        0 as version_id,
        cast(null as text) as utility
    from {{ ref('int_read__assigned') }} as assigned
    inner join {{ source('tariff', 'utility') }} as utility
        on assigned.utility = utility.utility
    union all
    select distinct
        utility.time_zone,
        period.version_id,
        utility.utility
    from {{ ref('int_read__assigned') }} as assigned
    inner join {{ source('tariff', 'utility') }} as utility
        on assigned.utility = utility.utility
    inner join {{ source('tariff', 'time_of_use_period') }} as period
        on assigned.version_id = period.version_id

),

clocked as (

    select
        plan.time_zone,
        plan.version_id,
        plan.utility,
        quarter.quarter_start,
        quarter.utc_minute,
        {{ local_time('quarter.quarter_start', 'plan.time_zone') }} as local_start
    from quarter
    cross join plan

),

dated as (

    select
        *,
        cast(local_start as date) as local_date,
        cast(extract(hour from local_start) * 60 + extract(minute from local_start) as integer)
            as minute_of_day
    from clocked

),

kept as (

    select distinct
        plan.version_id,
        plan.utility,
        holiday.observed_date
    from plan
    inner join {{ source('tariff', 'time_of_use_holiday') }} as named
        on plan.version_id = named.version_id
    inner join {{ source('tariff', 'holiday') }} as holiday
        on
            plan.utility = holiday.utility
            and named.holiday = holiday.holiday

)

select
    dated.time_zone,
    dated.version_id,
    dated.quarter_start,
    dated.utc_minute,
    dated.local_date,
    cast(extract(month from dated.local_start) as integer) as month_of_year,
    case
        when kept.version_id is not null then 'holiday'
        when extract(isodow from dated.local_start) = 1 then 'monday'
        when extract(isodow from dated.local_start) = 2 then 'tuesday'
        when extract(isodow from dated.local_start) = 3 then 'wednesday'
        when extract(isodow from dated.local_start) = 4 then 'thursday'
        when extract(isodow from dated.local_start) = 5 then 'friday'
        when extract(isodow from dated.local_start) = 6 then 'saturday'
        else 'sunday'
    end as day_kind,
    dated.minute_of_day,
    dated.quarter_start - mod(dated.minute_of_day, 30) * interval '1' minute as half_hour_start,
    dated.quarter_start - mod(dated.minute_of_day, 60) * interval '1' minute as hour_start
from dated
left join kept
    on
        dated.version_id = kept.version_id
        and dated.utility = kept.utility
        and dated.local_date = kept.observed_date
