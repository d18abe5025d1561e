-- The adjustment clauses that a version carries, with their version in force on a day, and the
-- season of the month where that has seasons of its own (G5).
-- One row per version, last day of service, billing month and clause; no rider version where
-- none is in force.

with assigned as (

    select distinct
        version_id,
        last_service_date,
        billing_month
    from {{ ref('int_read__versioned') }}

),

schedule_rider as (

    select * from {{ source('tariff', 'schedule_rider') }}

),

schedule as (

    select * from {{ source('tariff', 'schedule') }} where kind = 'adjustment'

),

version as (

    select * from {{ ref('int_version__in_force') }} where status != 'incomplete'

),

season_month as (

    select * from {{ source('tariff', 'season_month') }}

)

select
    assigned.version_id,
    assigned.last_service_date,
    assigned.billing_month,
    schedule_rider.rider,
    version.version_id as rider_version_id,
    season_month.season as rider_season
from assigned
inner join schedule_rider
    on assigned.version_id = schedule_rider.version_id
inner join schedule
    on schedule_rider.rider_schedule_id = schedule.schedule_id
left join version
    on
        schedule.schedule_id = version.schedule_id
        and assigned.last_service_date = version.last_service_date
        and assigned.billing_month = version.billing_month
left join season_month
    on
        version.version_id = season_month.version_id
        and cast(extract(month from assigned.billing_month) as integer) = season_month.month
