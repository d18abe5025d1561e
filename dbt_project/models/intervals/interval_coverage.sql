-- How far the interval reads of a billing month reach: what is missing of the local days from
-- `read_from` to `read_to` (of 23 and 25 hours where the clock is changed), what is read twice, and
-- what was rejected for being there several times. A month without any interval is listed where
-- the meter read has no kWh either.
-- One row per agreement and billing month with interval reads.

with known as (

    select
        agreement_id,
        billing_month,
        cast(sum(known_minutes) as bigint) as known_minutes
    from {{ ref('int_interval__read_summed') }}
    group by agreement_id, billing_month

),

timed as (

    select
        *,
        {{ utc_time('cast(read_from as timestamp)', 'time_zone') }} as begins_at,
        {{ utc_time('cast(read_to as timestamp)', 'time_zone') }} as ends_at
    from ({{ reads_of_intervals() }}) as meter_read

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
        timed.interval_minutes,
        {{ whole_quotient(
            'cast(extract(epoch from (timed.ends_at - timed.begins_at)) as bigint)', 60
        ) }} as expected_minutes,
        coalesce(known.known_minutes, 0) as known_minutes,
        coalesce(overlap.overlapping_minutes, 0) as overlapping_minutes,
        coalesce(duplicate.duplicate_intervals, 0) as duplicate_intervals
    from timed
    inner join {{ source('portfolio', 'meter_read') }} as meter_read
        on
            timed.agreement_id = meter_read.agreement_id
            and timed.billing_month = meter_read.billing_month
    left join known
        on
            timed.agreement_id = known.agreement_id
            and timed.billing_month = known.billing_month
    left join {{ ref('int_interval__overlap') }} as overlap
        on
            timed.agreement_id = overlap.agreement_id
            and timed.billing_month = overlap.billing_month
    left join duplicate
        on
            timed.agreement_id = duplicate.agreement_id
            and timed.billing_month = duplicate.billing_month
    where known.agreement_id is not null or meter_read.kwh is null

)

select
    agreement_id,
    billing_month,
    interval_minutes,
    cast({{ whole_quotient('expected_minutes', 'interval_minutes') }} as integer)
        as expected_intervals,
    cast(
        {{ whole_quotient(
            '(expected_minutes - known_minutes + overlapping_minutes)', 'interval_minutes'
        ) }} as integer
    ) as missing_intervals,
    cast({{ whole_quotient('overlapping_minutes', 'interval_minutes') }} as integer)
        as overlapping_intervals,
    cast(duplicate_intervals as integer) as duplicate_intervals,
    expected_minutes = known_minutes and overlapping_minutes = 0 as is_complete,
    is_asked_for,
    cast({{ env_var('RATEBOOK_RUN_ID', '0') }} as integer) as run_id
from counted
