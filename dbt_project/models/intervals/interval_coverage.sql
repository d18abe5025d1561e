-- How far the interval reads of a billing month reach: what is missing of the local days from
-- `read_from` to `read_to` (of 23 and 25 hours where the clock is changed), what is read twice, and
-- what was rejected for being there several times. A month without any interval is listed where
-- the meter read has no kWh either.
-- One row per agreement and billing month with interval reads.

with covered as (

    select * from {{ ref('int_interval__covered') }}

),

timed as (

    {{ reads_of_intervals() }}

),

duplicate as (

    select
        timed.agreement_id,
        timed.billing_month,
        count(*) as duplicate_intervals
    from timed
    inner join {{ source('portfolio', 'interval_duplicate') }} as interval_duplicate
        on
            timed.agreement_id = interval_duplicate.agreement_id
            and timed.begins_at <= interval_duplicate.interval_start
            and timed.ends_at > interval_duplicate.interval_start
    group by timed.agreement_id, timed.billing_month

),

counted as (

    select
        timed.agreement_id,
        timed.billing_month,
        timed.is_asked_for,
        coalesce(covered.interval_minutes, timed.interval_minutes) as interval_minutes,
        {{ whole_quotient(
            'cast(extract(epoch from (timed.ends_at - timed.begins_at)) as bigint)', 60
        ) }} as expected_minutes,
        coalesce(covered.covered_minutes, 0) as covered_minutes,
        coalesce(covered.overlapping_minutes, 0) as overlapping_minutes,
        coalesce(duplicate.duplicate_intervals, 0) as duplicate_intervals
    from timed
    inner join {{ source('portfolio', 'meter_read') }} as meter_read
        on
            timed.agreement_id = meter_read.agreement_id
            and timed.billing_month = meter_read.billing_month
    left join covered
        on
            timed.agreement_id = covered.agreement_id
            and timed.billing_month = covered.billing_month
    left join duplicate
        on
            timed.agreement_id = duplicate.agreement_id
            and timed.billing_month = duplicate.billing_month
    where covered.interval_minutes is not null or meter_read.kwh is null

)

select
    agreement_id,
    billing_month,
    interval_minutes,
    {{ intervals_within('expected_minutes', 'interval_minutes') }} as expected_intervals,
    {{ intervals_within('expected_minutes - covered_minutes', 'interval_minutes') }}
        as missing_intervals,
    {{ intervals_within('overlapping_minutes', 'interval_minutes') }} as overlapping_intervals,
    cast(duplicate_intervals as integer) as duplicate_intervals,
    expected_minutes = covered_minutes and overlapping_minutes = 0 as is_complete,
    is_asked_for,
    {{ run_id() }} as run_id
from counted
