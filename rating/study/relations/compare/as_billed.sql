-- Candidates that are what was billed: agreements that have always been on the candidate's schedule,
-- and were never added to another one nor another one to them.
-- One row per such candidate; none where the published bills are not current.

with stretch as (
    select * from store.portfolio.service_agreement
),

settled as (
    select
        agreement_id,
        any_value(schedule) as schedule
    from stretch
    group by agreement_id
    having min(schedule) = max(schedule) and count(combined_with_agreement_id) = 0
)

select
    candidate.candidate_id,
    candidate.agreement_id
from study.candidate as candidate
inner join settled
    on candidate.agreement_id = settled.agreement_id and candidate.schedule = settled.schedule
anti join stretch as partner
    on candidate.agreement_id = partner.combined_with_agreement_id
where $is_current
