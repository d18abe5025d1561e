-- Reads that are priced a second time, at the version in force when the customer enrolled, for a
-- rider that credits the difference (M23): while the schedule is the one of the enrollment, and
-- as long as no later version moved fuel cost into its prices.
-- One row per agreement, billing month and version of such a rider, each with its own enrollment.

with assigned as (

    select * from {{ ref('int_read__assigned') }} where reason is null

),

enrollment as (

    select * from {{ ref('int_enrollment__applied') }} where reason is null

),

differing as (

    select distinct version_id
    from {{ source('tariff', 'charge') }}
    where kind = 'difference'

),

version as (

    select * from {{ source('tariff', 'version') }}

),

agreement as (

    select * from {{ source('portfolio', 'service_agreement') }}

),

season_month as (

    select * from {{ source('tariff', 'season_month') }}

),

enrolled as (

    select
        assigned.agreement_id,
        assigned.billing_month,
        assigned.schedule,
        assigned.last_service_date,
        current_version.version_id,
        current_version.schedule_id,
        current_version.effective_from,
        enrollment.rider_version_id,
        enrollment.first_enrolled_date as enrolled_date
    from assigned
    inner join enrollment
        on
            assigned.agreement_id = enrollment.agreement_id
            and assigned.billing_month = enrollment.billing_month
    inner join differing
        on enrollment.rider_version_id = differing.version_id
    inner join version as current_version
        on assigned.version_id = current_version.version_id

),

dated as (

    select
        enrolled.agreement_id,
        enrolled.billing_month,
        enrolled.schedule,
        enrolled.last_service_date,
        enrolled.schedule_id,
        enrolled.effective_from,
        enrolled.rider_version_id,
        enrolled.enrolled_date,
        earlier.version_id,
        earlier.effective_from as enrolled_effective_from
    from enrolled
    inner join version as earlier
        on
            enrolled.schedule_id = earlier.schedule_id
            and enrolled.version_id != earlier.version_id
            and enrolled.enrolled_date >= earlier.effective_from
            and (earlier.effective_to is null or enrolled.enrolled_date < earlier.effective_to)

)

select
    dated.agreement_id,
    dated.billing_month,
    dated.rider_version_id,
    dated.version_id,
    season_month.season
from dated
left join season_month
    on
        dated.version_id = season_month.version_id
        and cast(extract(month from dated.billing_month) as integer) = season_month.month
where
    not exists (
        select 1
        from version
        where
            version.schedule_id = dated.schedule_id
            and version.moves_fuel_into_base
            and version.effective_from > dated.enrolled_effective_from
            and version.effective_from <= dated.effective_from
    )
    and not exists (
        select 1
        from agreement
        where
            agreement.agreement_id = dated.agreement_id
            and agreement.schedule != dated.schedule
            and agreement.start_date <= dated.last_service_date
            and (agreement.end_date is null or agreement.end_date > dated.enrolled_date)
    )
