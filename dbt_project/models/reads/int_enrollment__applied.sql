-- The riders an agreement is enrolled in, for each read they count in: a period counts when it
-- begins on or after the enrollment and before its end (G9). Contract year n begins on the
-- (n-1)-th anniversary of the enrollment, judged on the first day of the period (M21).
-- A rider that lists no schedules applies to all. Where two enrollments in one rider run at once,
-- their quantities are added, unless one is unknown, and the later one's option and year count.
-- One row per agreement, billing month and rider.

with assigned as (

    select * from {{ ref('int_read__assigned') }} where reason is null

),

enrollment as (

    select
        *,
        coalesce(end_date, cast('9999-12-31' as date)) as closing_date
    from {{ source('portfolio', 'rider_enrollment') }}

),

schedule as (

    select * from {{ source('tariff', 'schedule') }} where kind = 'rider'

),

version as (

    select
        in_force.*,
        version.closed_from
    from {{ ref('int_version__in_force') }} as in_force
    inner join {{ source('tariff', 'version') }} as version
        on in_force.version_id = version.version_id
    where in_force.status != 'incomplete'

),

applicability as (

    select * from {{ source('tariff', 'rider_applicability') }}

),

listing as (

    select distinct version_id from applicability

),

season_month as (

    select * from {{ source('tariff', 'season_month') }}

),

matched as (

    select
        assigned.agreement_id,
        assigned.billing_month,
        assigned.schedule,
        enrollment.rider,
        enrollment.start_date as enrolled_date,
        min(enrollment.start_date) over (
            partition by assigned.agreement_id, assigned.billing_month, enrollment.rider
        ) as first_enrolled_date,
        enrollment.option,
        sum(enrollment.quantity) over (
            partition by assigned.agreement_id, assigned.billing_month, enrollment.rider
        ) as quantity,
        bool_or(enrollment.quantity is null) over (
            partition by assigned.agreement_id, assigned.billing_month, enrollment.rider
        ) as is_quantity_unknown,
        row_number() over (
            partition by assigned.agreement_id, assigned.billing_month, enrollment.rider
            order by enrollment.start_date desc
        ) as enrollment_order,
        schedule.schedule_id as rider_schedule_id,
        version.version_id as rider_version_id,
        season_month.season as rider_season,
        enrollment.start_date >= version.closed_from as is_closed,
        listing.version_id is null or applicability.version_id is not null as is_applicable,
        applicability.lacking,
        1 + extract(year from assigned.read_from) - extract(year from enrollment.start_date)
        - case
            when
                extract(month from assigned.read_from) * 100 + extract(day from assigned.read_from)
                < extract(month from enrollment.start_date) * 100
                + extract(day from enrollment.start_date)
                then 1
            else 0
        end as contract_year
    from assigned
    inner join enrollment
        on
            assigned.agreement_id = enrollment.agreement_id
            and assigned.read_from >= enrollment.start_date
            and assigned.read_from < enrollment.closing_date
    left join schedule
        on
            assigned.utility = schedule.utility
            and enrollment.rider = schedule.schedule
    left join version
        on
            schedule.schedule_id = version.schedule_id
            and assigned.last_service_date = version.last_service_date
            and assigned.billing_month = version.billing_month
    left join listing
        on version.version_id = listing.version_id
    left join applicability
        on
            version.version_id = applicability.version_id
            and assigned.schedule = applicability.schedule
    left join season_month
        on
            version.version_id = season_month.version_id
            and cast(extract(month from assigned.billing_month) as integer) = season_month.month

)

select
    agreement_id,
    billing_month,
    rider,
    rider_version_id,
    rider_season,
    enrolled_date,
    first_enrolled_date,
    option,
    cast(contract_year as integer) as contract_year,
    case when not is_quantity_unknown then cast(quantity as decimal(18, 6)) end as quantity,
    case
        when rider_schedule_id is null then 'unknown_schedule'
        when rider_version_id is null then 'no_rate_in_force'
        when is_closed then 'no_rate_in_force'
        when not is_applicable then 'no_rate_in_force'
        when lacking is not null then 'missing_determinant'
    end as reason,
    case
        when rider_schedule_id is null then 'the utility has no rider ' || rider
        when rider_version_id is null then 'rider ' || rider || ' has no version in force'
        when is_closed
            then 'rider ' || rider || ' was closed to enrollments before '
                || cast(enrolled_date as text)
        when not is_applicable then 'rider ' || rider || ' does not apply to schedule ' || schedule
        when lacking is not null
            then 'rider ' || rider || ' needs ' || lacking || ' on schedule ' || schedule
    end as detail
from matched
where enrollment_order = 1
