-- Reads to be rated, each with what decides which rows of the tariff apply to it: version,
-- season, attribute profile, adjustment clauses, riders and yearly periods. Beside the months
-- asked for (production) stand the earlier months that a bank runs through, or whose billed demand
-- a ratchet looks at (context), and reads priced again at the version of an enrolment (reference);
-- neither is billed. A prorated read is rated once for each of its parts; the last of them is its
-- production.
-- One row per agreement, billing month, kind and part.

with assigned as (

    select *
    from {{ ref('int_read__versioned') }}
    where billing_month <= cast('{{ env_var("RATEBOOK_TO_MONTH", "9999-12-01") }}' as date)

),

carried as (

    select * from {{ ref('int_read__carried') }}

),

referenced as (

    select * from {{ ref('int_read__referenced') }}

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
            "cast(rider_version_id as text) || chr(31) || coalesce(option, '') || chr(31)"
            ~ " || cast(contract_year as text) || chr(31) || coalesce(rider_season, '')",
            'rider_version_id', 'chr(30)'
        ) }} as rider_key
    from {{ ref('int_enrollment__applied') }}
    where reason is null
    group by agreement_id, billing_month

),

period as (

    select * from {{ ref('int_read__period_tested') }}

),

turn as (

    select * from {{ ref('int_read__turn_tested') }}

),

keyed as (

    select
        assigned.agreement_id,
        assigned.billing_month,
        assigned.month_index,
        assigned.read_from,
        assigned.read_to,
        assigned.terms_start_date,
        assigned.asked_from,
        assigned.is_asked_for,
        assigned.version_id,
        assigned.season,
        assigned.part_no,
        assigned.is_last,
        assigned.part_days,
        assigned.days,
        profiled.profile_id,
        coalesce(adjustment.adjustment_key, '') as adjustment_key,
        coalesce(enrollment.rider_key, '') as rider_key,
        coalesce(period.period_key, '') || coalesce(turn.turn_key, '') as period_key
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
    left join turn
        on
            assigned.agreement_id = turn.agreement_id
            and assigned.billing_month = turn.billing_month
    where rejected.agreement_id is null

)

select
    case
        when not keyed.is_asked_for then 'context'
        when keyed.is_last then 'production'
        else 'part'
    end as kind,
    keyed.agreement_id,
    keyed.billing_month,
    keyed.month_index,
    keyed.read_from,
    keyed.read_to,
    keyed.terms_start_date,
    keyed.version_id,
    keyed.season,
    keyed.part_no,
    keyed.part_days,
    keyed.days,
    keyed.profile_id,
    keyed.adjustment_key,
    keyed.rider_key,
    keyed.period_key
from keyed
left join carried
    on
        keyed.agreement_id = carried.agreement_id
        and keyed.billing_month = carried.billing_month
where keyed.is_asked_for or (keyed.is_last and carried.agreement_id is not null)
union all
select
    'reference' as kind,
    keyed.agreement_id,
    keyed.billing_month,
    keyed.month_index,
    keyed.read_from,
    keyed.read_to,
    keyed.terms_start_date,
    referenced.version_id,
    referenced.season,
    keyed.part_no,
    keyed.part_days,
    keyed.days,
    keyed.profile_id,
    '' as adjustment_key,
    keyed.rider_key,
    keyed.period_key
from keyed
inner join referenced
    on
        keyed.agreement_id = referenced.agreement_id
        and keyed.billing_month = referenced.billing_month
where keyed.is_asked_for and keyed.is_last
