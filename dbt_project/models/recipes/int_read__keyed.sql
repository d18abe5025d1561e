-- Reads to be rated, each with what decides which rows of the tariff apply to it: version,
-- season, attribute profile, adjustment clauses, riders and yearly periods. Beside the months
-- asked for (production) stand the earlier months that a bank runs through, or whose billed demand
-- a ratchet looks at (context), and reads priced again at the version of an enrollment (reference);
-- neither is billed. What only a rider or clause rejects is context of such a ratchet too, without
-- that rider or clause. A prorated read is rated once for each of its parts; the last of them is its
-- production, the earlier are part, or context_part before the months asked for.
-- One row per agreement, billing month, kind and part, and of a reference for each version.

with assigned as (

    select *
    from {{ ref('int_read__versioned') }}
    where billing_month <= {{ to_month() }}

),

carried as (

    select * from {{ ref('int_read__carried') }}

),

wanted as (

    select
        assigned.*,
        coalesce(carried.is_ratcheted, false) as is_ratcheted
    from assigned
    left join carried
        on
            assigned.agreement_id = carried.agreement_id
            and assigned.billing_month = carried.billing_month
    where assigned.is_asked_for or carried.agreement_id is not null

),

referenced as (

    select distinct
        agreement_id,
        billing_month,
        version_id,
        season
    from {{ ref('int_read__referenced') }}

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
        {{ joined(
            "cast(rider_version_id as text) || chr(31) || coalesce(rider_season, '')",
            'rider_version_id'
        ) }} as adjustment_key
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
    from {{ ref('int_enrollment__accepted') }}
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
        wanted.agreement_id,
        wanted.billing_month,
        wanted.month_index,
        wanted.read_from,
        wanted.read_to,
        wanted.terms_start_date,
        wanted.is_asked_for and rejected.agreement_id is null as is_asked_for,
        wanted.version_id,
        wanted.season,
        wanted.part_no,
        wanted.is_last,
        wanted.part_days,
        wanted.days,
        profiled.profile_id,
        coalesce(adjustment.adjustment_key, '') as adjustment_key,
        coalesce(enrollment.rider_key, '') as rider_key,
        coalesce(period.period_key, '') || coalesce(turn.turn_key, '') as period_key
    from wanted
    left join rejected
        on
            wanted.agreement_id = rejected.agreement_id
            and wanted.billing_month = rejected.billing_month
    inner join profiled
        on
            wanted.agreement_id = profiled.agreement_id
            and wanted.terms_start_date = profiled.start_date
    left join adjustment
        on
            wanted.version_id = adjustment.version_id
            and wanted.last_service_date = adjustment.last_service_date
            and wanted.billing_month = adjustment.billing_month
    left join enrollment
        on
            wanted.agreement_id = enrollment.agreement_id
            and wanted.billing_month = enrollment.billing_month
    left join period
        on
            wanted.agreement_id = period.agreement_id
            and wanted.billing_month = period.billing_month
    left join turn
        on
            wanted.agreement_id = turn.agreement_id
            and wanted.billing_month = turn.billing_month
    where
        rejected.agreement_id is null
        or (rejected.is_by_rider and wanted.is_ratcheted and wanted.is_last)

)

select
    case
        when keyed.is_asked_for and keyed.is_last then 'production'
        when keyed.is_asked_for then 'part'
        when keyed.is_last then 'context'
        else 'context_part'
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
