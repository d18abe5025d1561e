-- Reads to be rated, each with what decides which rows of the tariff apply to it: version,
-- season, attribute profile, adjustment clauses, riders and yearly periods.
-- One row per agreement and billing month.

with assigned as (

    select * from {{ ref('int_read__assigned') }}
    where
        reason is null
        and billing_month between cast('{{ var("from_month") }}' as date)
        and cast('{{ var("to_month") }}' as date)

),

rejected as (

    select * from {{ ref('int_read__rejected_by_terms') }}

),

profiled as (

    select * from {{ ref('int_agreement_terms__profiled') }}

),

adjustment as (

    select
        version_id,
        last_service_date,
        billing_month,
        {{ joined('cast(rider_version_id as text)', 'rider_version_id') }} as adjustment_key
    from {{ ref('int_adjustment__in_force') }}
    group by version_id, last_service_date, billing_month

),

enrollment as (

    select
        agreement_id,
        billing_month,
        {{ joined(
            "cast(rider_version_id as text) || ':' || coalesce(option, '') || ':'"
            ~ " || cast(contract_year as text) || ':' || coalesce(rider_season, '')",
            'rider_version_id'
        ) }} as rider_key
    from {{ ref('int_enrollment__applied') }}
    where reason is null
    group by agreement_id, billing_month

),

period as (

    select * from {{ ref('int_read__period_tested') }}

)

select
    assigned.agreement_id,
    assigned.billing_month,
    assigned.month_index,
    assigned.read_from,
    assigned.read_to,
    assigned.terms_start_date,
    assigned.version_id,
    assigned.season,
    profiled.profile_id,
    coalesce(adjustment.adjustment_key, '') as adjustment_key,
    coalesce(enrollment.rider_key, '') as rider_key,
    coalesce(period.period_key, '') as period_key
from assigned
left join rejected
    on
        assigned.agreement_id = rejected.agreement_id
        and assigned.billing_month = rejected.billing_month
inner join profiled
    on
        assigned.agreement_id = profiled.agreement_id
        and assigned.terms_start_date = profiled.start_date
left join adjustment
    on
        assigned.version_id = adjustment.version_id
        and assigned.last_service_date = adjustment.last_service_date
        and assigned.billing_month = adjustment.billing_month
left join enrollment
    on
        assigned.agreement_id = enrollment.agreement_id
        and assigned.billing_month = enrollment.billing_month
left join period
    on
        assigned.agreement_id = period.agreement_id
        and assigned.billing_month = period.billing_month
where rejected.agreement_id is null
