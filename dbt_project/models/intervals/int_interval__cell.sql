{{ config(materialized='ephemeral') }}
-- The local day and the period of use of each cell of the calendar, as each plan sees it.
-- One row per time zone, version (0: the time zone alone) and cell; the period is blank where none
-- holds the cell.

with zone_cell as (

    select
        time_zone,
        cell_id,
        local_date,
        min(minute_of_day) as minute_of_day
    from {{ ref('int_interval__calendar') }}
    group by time_zone, cell_id, local_date

)

select
    time_zone,
    0 as version_id,
    cell_id,
    local_date,
    '' as period
from zone_cell
union all
select
    zone_cell.time_zone,
    day.version_id,
    zone_cell.cell_id,
    zone_cell.local_date,
    coalesce(opened.period, '') as period
from zone_cell
inner join {{ ref('int_interval__day') }} as day
    on
        zone_cell.time_zone = day.time_zone
        and zone_cell.local_date = day.local_date
left join {{ ref('int_interval__window') }} as opened
    on
        day.version_id = opened.version_id
        and day.windows = opened.windows
        and zone_cell.minute_of_day = opened.minute_of_day
