-- Reads whose sheet prorates a change of rates or of seasons by days: the days of service are
-- counted under the version in force on each, and under the season of its calendar month.
-- One row per agreement, billing month and part of such a read, a part being a version and season.

with version as (

    select
        version_id,
        schedule_id,
        status,
        effective_from,
        coalesce(effective_to, cast('9999-12-31' as date)) as effective_to,
        prorates_rates,
        prorates_seasons
    from {{ source('tariff', 'version') }}

),

meter_read as (

    select
        assigned.agreement_id,
        assigned.billing_month,
        assigned.read_from,
        assigned.read_to - assigned.read_from as days,
        assigned.version_id,
        version.schedule_id,
        version.prorates_rates,
        version.prorates_seasons
    from {{ ref('int_read__assigned') }} as assigned
    inner join version
        on assigned.version_id = version.version_id
    where
        assigned.reason is null
        and (
            version.prorates_seasons
            or (version.prorates_rates and version.effective_from > assigned.read_from)
        )

),

served as (

    select
        meter_read.*,
        cast(meter_read.read_from + day.day_no * interval '1' day as date) as service_date
    from meter_read
    cross join lateral generate_series(0, meter_read.days - 1) as day (day_no)

),

in_force as (

    select
        served.agreement_id,
        served.billing_month,
        served.service_date,
        version.version_id
    from served
    inner join version
        on
            served.schedule_id = version.schedule_id
            and served.service_date >= version.effective_from
            and served.service_date < version.effective_to
    where served.prorates_rates

),

dated as (

    select
        served.agreement_id,
        served.billing_month,
        served.days,
        served.service_date,
        case when served.prorates_rates then in_force.version_id else served.version_id end
            as version_id,
        cast(
            extract(
                month from
                case
                    when served.prorates_seasons then served.service_date
                    else served.billing_month
                end
            ) as integer
        ) as season_month
    from served
    left join in_force
        on
            served.agreement_id = in_force.agreement_id
            and served.billing_month = in_force.billing_month
            and served.service_date = in_force.service_date

),

counted as (

    select
        dated.agreement_id,
        dated.billing_month,
        dated.version_id,
        version.status,
        season_month.season,
        cast(dated.days as integer) as days,
        cast(count(*) as integer) as part_days,
        max(dated.service_date) as last_day
    from dated
    left join version
        on dated.version_id = version.version_id
    left join {{ source('tariff', 'season_month') }} as season_month
        on
            dated.version_id = season_month.version_id
            and dated.season_month = season_month.month
    group by
        dated.agreement_id,
        dated.billing_month,
        dated.version_id,
        version.status,
        season_month.season,
        dated.days

)

select
    agreement_id,
    billing_month,
    cast(
        row_number() over (
            partition by agreement_id, billing_month
            order by last_day
        ) as integer
    ) as part_no,
    row_number() over (
        partition by agreement_id, billing_month
        order by last_day desc
    ) = 1 as is_last,
    version_id,
    season,
    part_days,
    days,
    case
        when version_id is null then 'no version is in force on ' || cast(last_day as text)
        when status = 'incomplete'
            then 'the version in force on ' || cast(last_day as text) || ' is incomplete'
    end as detail
from counted
