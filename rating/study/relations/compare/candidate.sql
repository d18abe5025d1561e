-- Who is to be rated on what, whatever the year.
-- One row per agreement and schedule.

select distinct
    candidate_id,
    agreement_id,
    schedule
from study.candidate_year
