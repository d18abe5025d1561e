{{ config(materialized='ephemeral') }}
-- Minutes of a read's local days that intervals with kWh cover, and those read more than once. Where
-- all are of one length and none reaches across an edge of the period, they are added up; others
-- are taken apart by quarter of an hour.
-- One row per agreement and billing month with intervals on its days or the day before.

with meter_read as (

    {{ reads_of_intervals() }}

),

day_cell as (

    select distinct
        time_zone,
        cell_id,
        local_date
    from {{ ref('int_interval__calendar') }}

),

kind as (

    select
        meter_read.agreement_id,
        meter_read.billing_month,
        meter_read.begins_at,
        meter_read.ends_at,
        summed.interval_minutes,
        summed.offset_minutes,
        sum(
            case
                when day_cell.local_date >= meter_read.read_from then summed.known_intervals
                else 0
            end
        ) as known_intervals
    from meter_read
    inner join {{ ref('int_interval__summed') }} as summed
        on meter_read.agreement_id = summed.agreement_id
    inner join day_cell
        on
            summed.cell_id = day_cell.cell_id
            and meter_read.time_zone = day_cell.time_zone
    where
        day_cell.local_date >= meter_read.read_from - 1
        and day_cell.local_date < meter_read.read_to
    group by
        meter_read.agreement_id,
        meter_read.billing_month,
        meter_read.begins_at,
        meter_read.ends_at,
        summed.interval_minutes,
        summed.offset_minutes

),

measured as (

    select
        agreement_id,
        billing_month,
        begins_at,
        ends_at,
        min(case when known_intervals > 0 then interval_minutes end) as interval_minutes,
        sum(known_intervals * interval_minutes) as known_minutes,
        count(*) = 1 and max(
            mod(cast(extract(minute from begins_at) as integer) + 60 - offset_minutes, interval_minutes)
            + mod(cast(extract(minute from ends_at) as integer) + 60 - offset_minutes, interval_minutes)
        ) = 0 as is_even
    from kind
    group by agreement_id, billing_month, begins_at, ends_at

),

quarter as (

    select
        measured.agreement_id,
        measured.billing_month,
        interval_read.interval_start + part.minutes * interval '1' minute as quarter_start
    from measured
    inner join {{ source('portfolio', 'interval_read') }} as interval_read
        on measured.agreement_id = interval_read.agreement_id
    cross join (values (0), (15), (30), (45)) as part (minutes)
    where
        not measured.is_even
        and interval_read.kwh is not null
        and part.minutes < interval_read.interval_minutes
        and interval_read.interval_start + part.minutes * interval '1' minute >= measured.begins_at
        and interval_read.interval_start + part.minutes * interval '1' minute < measured.ends_at

),

taken_apart as (

    select
        agreement_id,
        billing_month,
        15 * count(distinct quarter_start) as covered_minutes,
        15 * (count(*) - count(distinct quarter_start)) as overlapping_minutes
    from quarter
    group by agreement_id, billing_month

)

select
    measured.agreement_id,
    measured.billing_month,
    measured.interval_minutes,
    cast(
        case
            when measured.is_even then measured.known_minutes
            else coalesce(taken_apart.covered_minutes, 0)
        end as bigint
    ) as covered_minutes,
    cast(coalesce(taken_apart.overlapping_minutes, 0) as bigint) as overlapping_minutes
from measured
left join taken_apart
    on
        measured.agreement_id = taken_apart.agreement_id
        and measured.billing_month = taken_apart.billing_month
