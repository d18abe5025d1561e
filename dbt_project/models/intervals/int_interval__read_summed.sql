-- What the intervals of each read come to, by period of each of the times of use asked for. A kW is
-- the highest average over a demand interval of the sheet, or over an interval that is longer.
-- One row per agreement, billing month, version and period; the period is blank for hours in none.

with meter_read as (

    select * from {{ ref('int_interval__asked') }}

),

summed as (

    select * from {{ ref('int_interval__summed') }}

),

cell as (

    select * from {{ ref('int_interval__cell') }}

),

measured as (

    select
        meter_read.agreement_id,
        meter_read.billing_month,
        meter_read.version_id,
        meter_read.is_own,
        cell.period,
        summed.kwh,
        summed.kwh_received,
        case
            when summed.interval_minutes >= meter_read.demand_minutes
                then summed.peak_kwh * {{ intervals_an_hour('summed.interval_minutes') }}
        end as kw
    from meter_read
    inner join summed
        on meter_read.agreement_id = summed.agreement_id
    inner join cell
        on
            summed.cell_id = cell.cell_id
            and meter_read.time_zone = cell.time_zone
            and meter_read.version_id = cell.version_id
    where cell.local_date >= meter_read.read_from and cell.local_date < meter_read.read_to
    union all
    select
        meter_read.agreement_id,
        meter_read.billing_month,
        meter_read.version_id,
        meter_read.is_own,
        cell.period,
        null as kwh,
        null as kwh_received,
        peak.peak_kwh * {{ intervals_an_hour('peak.demand_minutes') }} as kw
    from meter_read
    inner join {{ ref('int_interval__block_peak') }} as peak
        on
            meter_read.agreement_id = peak.agreement_id
            and meter_read.time_zone = peak.time_zone
            and meter_read.demand_minutes = peak.demand_minutes
    inner join cell
        on
            peak.cell_id = cell.cell_id
            and meter_read.time_zone = cell.time_zone
            and meter_read.version_id = cell.version_id
    where cell.local_date >= meter_read.read_from and cell.local_date < meter_read.read_to

)

select
    agreement_id,
    billing_month,
    version_id,
    is_own,
    period,
    sum(kwh) as kwh,
    sum(kwh_received) as kwh_received,
    max(kw) as kw
from measured
group by agreement_id, billing_month, version_id, is_own, period
