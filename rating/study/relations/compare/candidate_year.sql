-- The schedules that an agreement is rated on: eligible ones, and those of its bills. What a meter
-- reads and what lights come to is not compared: a lighting schedule bills no kWh of a meter.
-- One row per agreement, calendar year and schedule; an agreement billed with another has none.

with billed_schedule as (
    select distinct
        bill.agreement_id,
        cast(year(bill.billing_month) as integer) as calendar_year,
        bill.schedule,
        schedule.kind
    from store.rating.bill as bill
    inner join tariff.schedule as schedule
        on bill.utility = schedule.utility and bill.schedule = schedule.schedule
),

wanted as (
    select
        judged.agreement_id,
        judged.calendar_year,
        judged.schedule
    from study.eligibility as judged
    semi join billed_schedule as billed
        on judged.agreement_id = billed.agreement_id and judged.kind = billed.kind
    where
        judged.status = 'eligible'
        and (
            len(cast($schedules as text[])) = 0
            or list_contains(cast($schedules as text[]), judged.schedule)
        )
    union
    select
        agreement_id,
        calendar_year,
        schedule
    from billed_schedule
)

select
    cast(dense_rank() over (order by agreement_id, schedule) as integer) as candidate_id,
    *
from wanted
