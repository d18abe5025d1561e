-- The clocks by which the interval reads of a run are told apart. A plan is a time zone, alone
-- (version 0) or with times of use, on the days of the reads that they are asked for.
-- One row per time zone and version, the first with its times of use.

select
    asked.time_zone,
    asked.version_id,
    times.utility,
    min(asked.read_from) as first_date,
    max(asked.read_to) as end_date
from {{ ref('int_interval__asked') }} as asked
left join {{ ref('int_interval__times') }} as times
    on asked.version_id = times.version_id
group by asked.time_zone, asked.version_id, times.utility
