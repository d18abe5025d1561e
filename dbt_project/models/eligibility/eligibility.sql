{{ config(materialized='view') }}
-- For which schedules of its utility an agreement qualifies in a calendar year, and why; which
-- cannot be decided for lack of data; and which it is actually on. Demands are those of the year
-- before (I9).
-- One row per agreement, calendar year and schedule.

with example as (

    select * from {{ ref('int_eligibility__example') }}

),

judged as (

    select * from {{ ref('int_eligibility__judged') }}

)

select
    example.agreement_id,
    example.calendar_year,
    judged.utility,
    judged.schedule,
    judged.kind,
    judged.version_effective_from,
    judged.status,
    judged.reason,
    judged.is_actual_schedule
from example
inner join judged
    on
        example.example_agreement_id = judged.agreement_id
        and example.calendar_year = judged.calendar_year
