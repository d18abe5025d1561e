-- What has no bill to compare, and why. In a month without an actual bill nothing is compared: it is
-- listed once, with no schedule.
-- One row per agreement, schedule and billing month; where eligibility leaves a schedule out or open,
-- per calendar year instead.

with asked_year as (
    select *
    from study.eligibility
    where
        not is_actual_schedule
        and (
            len(cast($schedules as text[])) = 0
            or list_contains(cast($schedules as text[]), schedule)
        )
        and calendar_year >= coalesce(year(cast($first as date)), calendar_year)
        and calendar_year <= coalesce(year(cast($last as date)), calendar_year)
)

select
    candidate.agreement_id,
    candidate.schedule,
    unbilled.billing_month,
    unbilled.reason,
    unbilled.detail
from study.candidate_unbilled as unbilled
inner join study.candidate_year as candidate
    on
        unbilled.candidate_id = candidate.candidate_id
        and year(unbilled.billing_month) = candidate.calendar_year
semi join store.rating.bill as actual
    on
        candidate.agreement_id = actual.agreement_id
        and unbilled.billing_month = actual.billing_month
union all
select
    agreement_id,
    null as schedule,
    billing_month,
    reason,
    detail
from store.rating.unbilled_read
where
    billing_month >= coalesce(cast($first as date), billing_month)
    and billing_month <= coalesce(cast($last as date), billing_month)
union all
select
    agreement_id,
    schedule,
    null as billing_month,
    'eligibility_undecided' as reason,
    cast(calendar_year as text) || ': ' || reason as detail
from asked_year
where status = 'undecided'
union all
select
    asked.agreement_id,
    asked.schedule,
    null as billing_month,
    'metered_and_lighting' as reason,
    cast(asked.calendar_year as text) || ': ' || asked.schedule || ' is a schedule of another kind'
        as detail
from asked_year as asked
semi join study.candidate as billed
    on asked.agreement_id = billed.agreement_id
anti join study.candidate as candidate
    on asked.agreement_id = candidate.agreement_id and asked.schedule = candidate.schedule
where asked.status = 'eligible'
