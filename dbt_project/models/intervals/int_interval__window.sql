{{ config(materialized='ephemeral') }}
-- The period of use at each quarter of an hour of days that are alike to a version: that of the
-- first window that holds it.
-- One row per version, set of windows and quarter of an hour that some window holds.

with opening as (

    select distinct
        version_id,
        windows,
        ordinal
    from {{ ref('int_interval__opening') }}

),

period as (

    select * from {{ source('tariff', 'time_of_use_period') }}

),

quarter as (

    select distinct minute_of_day from {{ ref('int_interval__clock') }}

),

matched as (

    select
        opening.version_id,
        opening.windows,
        quarter.minute_of_day,
        min(opening.ordinal) as ordinal
    from opening
    inner join period
        on
            opening.version_id = period.version_id
            and opening.ordinal = period.ordinal
    cross join quarter
    where
        case
            when period.from_minute < period.to_minute
                then
                    quarter.minute_of_day >= period.from_minute
                    and quarter.minute_of_day < period.to_minute
            else
                quarter.minute_of_day >= period.from_minute
                or quarter.minute_of_day < period.to_minute
        end
    group by opening.version_id, opening.windows, quarter.minute_of_day

)

select
    matched.version_id,
    matched.windows,
    matched.minute_of_day,
    period.period
from matched
inner join period
    on
        matched.version_id = period.version_id
        and matched.ordinal = period.ordinal
