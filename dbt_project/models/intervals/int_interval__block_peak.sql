{{ config(materialized='ephemeral') }}
-- The highest energy of a demand interval of the sheet, where it is longer than the intervals that
-- are read: they are added up to blocks, from the full hour of the local clock on. A block belongs
-- to the cell that it begins in; the seed check keeps periods from cutting one.
-- One row per agreement, time zone, demand interval and cell.

with meter_read as (

    select * from {{ ref('int_interval__asked') }}

),

calendar as (

    select * from {{ ref('int_interval__calendar') }}

),

too_short as (

    select
        summed.agreement_id,
        meter_read.time_zone,
        meter_read.demand_minutes,
        cast(row_number() over (
            order by summed.agreement_id, meter_read.time_zone, meter_read.demand_minutes
        ) as integer) as meter_no
    from {{ ref('int_interval__summed') }} as summed
    inner join meter_read
        on
            summed.agreement_id = meter_read.agreement_id
            and summed.interval_minutes < meter_read.demand_minutes
    group by summed.agreement_id, meter_read.time_zone, meter_read.demand_minutes

),

timed as (

    select
        too_short.meter_no,
        interval_read.kwh,
        case too_short.demand_minutes
            when 30 then calendar.half_hour_start
            else calendar.hour_start
        end as block_start
    from {{ source('portfolio', 'interval_read') }} as interval_read
    inner join too_short
        on
            interval_read.agreement_id = too_short.agreement_id
            and interval_read.interval_minutes < too_short.demand_minutes
    inner join calendar
        on
            interval_read.interval_start = calendar.quarter_start
            and too_short.time_zone = calendar.time_zone

),

block as (

    select
        meter_no,
        block_start,
        sum(kwh) as kwh
    from timed
    group by meter_no, block_start

)

select
    too_short.agreement_id,
    too_short.time_zone,
    too_short.demand_minutes,
    calendar.cell_id,
    max(block.kwh) as peak_kwh
from block
inner join too_short
    on block.meter_no = too_short.meter_no
inner join calendar
    on
        block.block_start = calendar.quarter_start
        and too_short.time_zone = calendar.time_zone
group by too_short.agreement_id, too_short.time_zone, too_short.demand_minutes, calendar.cell_id
