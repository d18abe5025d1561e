{{ config(materialized='ephemeral') }}
-- The windows of use that each version has open on each local day that it rates. A day that the
-- version keeps as a holiday is no day of the week (I5).
-- One row per time zone, version and local day.

with clock as (

    select distinct
        time_zone,
        local_date
    from {{ ref('int_interval__clock') }}

),

holiday as (

    select distinct
        named.version_id,
        observed.utility,
        observed.observed_date
    from {{ source('tariff', 'time_of_use_holiday') }} as named
    inner join {{ source('tariff', 'holiday') }} as observed
        on named.holiday = observed.holiday

),

opening as (

    select distinct
        version_id,
        month_of_year,
        day_kind,
        windows
    from {{ ref('int_interval__opening') }}

),

dated as (

    select
        plan.time_zone,
        plan.utility,
        plan.version_id,
        clock.local_date
    from {{ ref('int_interval__plan') }} as plan
    inner join clock
        on
            plan.time_zone = clock.time_zone
            and plan.first_date <= clock.local_date
            and plan.end_date > clock.local_date
    where plan.version_id > 0

),

kept as (

    select
        dated.*,
        cast(extract(month from dated.local_date) as integer) as month_of_year,
        case
            when holiday.version_id is not null then 'holiday'
            when extract(isodow from dated.local_date) = 1 then 'monday'
            when extract(isodow from dated.local_date) = 2 then 'tuesday'
            when extract(isodow from dated.local_date) = 3 then 'wednesday'
            when extract(isodow from dated.local_date) = 4 then 'thursday'
            when extract(isodow from dated.local_date) = 5 then 'friday'
            when extract(isodow from dated.local_date) = 6 then 'saturday'
            else 'sunday'
        end as day_kind
    from dated
    left join holiday
        on
            dated.version_id = holiday.version_id
            and dated.utility = holiday.utility
            and dated.local_date = holiday.observed_date

)

select
    kept.time_zone,
    kept.version_id,
    kept.local_date,
    coalesce(opening.windows, '') as windows
from kept
left join opening
    on
        kept.version_id = opening.version_id
        and kept.month_of_year = opening.month_of_year
        and kept.day_kind = opening.day_kind
