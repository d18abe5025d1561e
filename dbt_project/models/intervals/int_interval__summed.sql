-- Interval reads added up by cell of the calendar, which no plan's days or periods cut. An interval
-- begins `offset_minutes` after a multiple of its length; only intervals that differ in length or
-- offset can overlap, for an agreement has one of each start.
-- One row per agreement, cell, interval length and offset.

with cell as (

    select distinct
        quarter_start,
        utc_minute,
        cell_id
    from {{ ref('int_interval__calendar') }}

)

select
    interval_read.agreement_id,
    cell.cell_id,
    interval_read.interval_minutes,
    mod(cell.utc_minute, interval_read.interval_minutes) as offset_minutes,
    cast(count(*) as integer) as known_intervals,
    sum(interval_read.kwh) as kwh,
    sum(interval_read.kwh_received) as kwh_received,
    max(interval_read.kwh) as peak_kwh
from {{ source('portfolio', 'interval_read') }} as interval_read
inner join cell
    on interval_read.interval_start = cell.quarter_start
where interval_read.kwh is not null and {{ is_in_scope('interval_read.agreement_id') }}
group by
    interval_read.agreement_id,
    cell.cell_id,
    interval_read.interval_minutes,
    mod(cell.utc_minute, interval_read.interval_minutes)
