{{ config(materialized='ephemeral') }}
-- Minutes that are read more than once, in months whose intervals differ in length or offset;
-- others cannot overlap.
-- One row per agreement and billing month with such intervals.

with mixed as (

    select
        agreement_id,
        billing_month
    from {{ ref('int_interval__read_summed') }}
    group by agreement_id, billing_month
    having min(least_kind) < max(greatest_kind)

),

meter_read as (

    {{ reads_of_intervals() }}

),

quarter as (

    select
        mixed.agreement_id,
        mixed.billing_month,
        interval_read.interval_start + part.minutes * interval '1' minute as quarter_start
    from mixed
    inner join meter_read
        on
            mixed.agreement_id = meter_read.agreement_id
            and mixed.billing_month = meter_read.billing_month
    inner join {{ source('portfolio', 'interval_read') }} as interval_read
        on mixed.agreement_id = interval_read.agreement_id
    inner join {{ ref('int_interval__calendar') }} as calendar
        on
            interval_read.interval_start = calendar.quarter_start
            and meter_read.time_zone = calendar.time_zone
            and calendar.version_id = 0
    cross join (values (0), (15), (30), (45)) as part (minutes)
    where
        calendar.local_date >= meter_read.read_from
        and calendar.local_date < meter_read.read_to
        and part.minutes < interval_read.interval_minutes
        and interval_read.kwh is not null

)

select
    agreement_id,
    billing_month,
    15 * (count(*) - count(distinct quarter_start)) as overlapping_minutes
from quarter
group by agreement_id, billing_month
