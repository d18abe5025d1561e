-- Each read with the terms, the schedule, the version and the season that rate it, or the
-- reason why none does: terms are looked at first, then the schedule, then the version (G4).
-- One row per agreement and billing month.

with meter_read as (

    select * from {{ ref('stg_portfolio__meter_read') }}

),

agreement as (

    select
        *,
        coalesce(end_date, cast('9999-12-31' as date)) as closing_date
    from {{ source('portfolio', 'service_agreement') }}

),

schedule as (

    select * from {{ source('tariff', 'schedule') }} where kind in ('rate', 'lighting')

),

version as (

    select * from {{ ref('int_version__in_force') }}

),

season_month as (

    select * from {{ source('tariff', 'season_month') }}

),

matched as (

    select
        meter_read.agreement_id,
        meter_read.billing_month,
        meter_read.month_index,
        meter_read.read_from,
        meter_read.read_to,
        meter_read.last_service_date,
        meter_read.asked_from,
        meter_read.is_asked_for,
        agreement.start_date as terms_start_date,
        agreement.utility,
        agreement.schedule,
        agreement.combined_with_agreement_id,
        schedule.schedule_id,
        version.version_id,
        version.status,
        version.status_reason,
        season_month.season
    from meter_read
    left join agreement
        on
            meter_read.agreement_id = agreement.agreement_id
            and meter_read.last_service_date >= agreement.start_date
            and meter_read.last_service_date < agreement.closing_date
    left join schedule
        on
            agreement.utility = schedule.utility
            and agreement.schedule = schedule.schedule
    left join version
        on
            schedule.schedule_id = version.schedule_id
            and meter_read.last_service_date = version.last_service_date
            and meter_read.billing_month = version.billing_month
    left join season_month
        on
            version.version_id = season_month.version_id
            and meter_read.month_of_year = season_month.month

)

select
    agreement_id,
    billing_month,
    month_index,
    read_from,
    read_to,
    last_service_date,
    asked_from,
    is_asked_for,
    terms_start_date,
    utility,
    schedule,
    combined_with_agreement_id,
    version_id,
    season,
    case
        when terms_start_date is null then 'no_agreement'
        when schedule_id is null then 'unknown_schedule'
        when version_id is null or status = 'incomplete' then 'no_rate_in_force'
    end as reason,
    case
        when terms_start_date is null
            then 'no terms of the agreement hold on ' || cast(last_service_date as text)
        when schedule_id is null
            then 'utility ' || utility || ' has no schedule ' || schedule
        when version_id is null
            then 'schedule ' || schedule || ' has no version in force on '
                || cast(last_service_date as text)
        when status = 'incomplete'
            then 'schedule ' || schedule || ' is incomplete: ' || coalesce(status_reason, '')
    end as detail
from matched
