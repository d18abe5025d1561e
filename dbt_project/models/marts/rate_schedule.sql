{{ config(tags=['standing']) }}
-- The schedules, riders and adjustment clauses that the books hold.
-- One row per utility and schedule.

select
    utility,
    schedule,
    title,
    kind
from {{ source('tariff', 'schedule') }}
