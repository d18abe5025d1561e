"""SQL for what a comparison of schedules results in."""

COMPARISON = """
create or replace table study.comparison as
with candidate_bill as (
    select
        candidate.agreement_id,
        candidate.schedule,
        bill.billing_month,
        bill.bill_usd
    from study.candidate_bill as bill
    inner join study.candidate_year as candidate
        on
            bill.candidate_id = candidate.candidate_id
            and year(bill.billing_month) = candidate.calendar_year
)

select
    one.agreement_id,
    one.schedule,
    one.billing_month,
    actual.utility,
    actual.customer_class,
    actual.schedule as actual_schedule,
    one.bill_usd,
    actual.net_amount as actual_usd,
    one.bill_usd - actual.net_amount as difference_usd,
    one.bill_usd = min(one.bill_usd) over (
        partition by one.agreement_id, one.billing_month
    ) as is_cheapest
from candidate_bill as one
inner join store.rating.bill as actual
    on one.agreement_id = actual.agreement_id and one.billing_month = actual.billing_month
"""

# An agreement's cheapest schedule is sought among those that have a bill for every month compared.
COMPARISON_TOTAL = """
create or replace table study.comparison_total as
with summed as (
    select
        agreement_id,
        schedule,
        any_value(utility) as utility,
        arg_max(customer_class, billing_month) as customer_class,
        arg_max(actual_schedule, billing_month) as actual_schedule,
        cast(count(*) as integer) as months,
        sum(bill_usd) as bill_usd,
        sum(actual_usd) as actual_usd,
        sum(difference_usd) as difference_usd,
        cast(count(*) filter (where is_cheapest) as integer) as months_cheapest,
        string_agg(strftime(billing_month, '%Y-%m'), ' ' order by billing_month)
            filter (where is_cheapest) as cheapest_months
    from study.comparison
    group by agreement_id, schedule
),

ranked as (
    select
        summed.*,
        months = max(months) over (partition by agreement_id) as is_whole
    from summed
)

select
    ranked.*,
    is_whole and bill_usd = min(bill_usd) filter (where is_whole) over (
        partition by agreement_id
    ) as is_cheapest
from ranked
"""

# On a tie an agreement stays where it is, else it takes the first by name. What an agreement paid
# on several schedules is not what it pays on the last.
SWITCHING = """
create or replace table study.switching as
with settled as (
    select agreement_id
    from study.comparison
    group by agreement_id
    having count(distinct actual_schedule) = 1
),

best as (
    select distinct on (agreement_id) total.*
    from study.comparison_total as total
    semi join settled
        on total.agreement_id = settled.agreement_id
    where total.is_cheapest
    order by total.agreement_id, total.schedule <> total.actual_schedule, total.schedule
)

select
    utility,
    customer_class,
    actual_schedule,
    schedule as cheapest_schedule,
    cast(count(*) as integer) as agreements,
    sum(actual_usd) as actual_usd,
    sum(bill_usd) as cheapest_usd,
    sum(difference_usd) as difference_usd
from best
group by utility, customer_class, actual_schedule, schedule
"""

# In a month without an actual bill nothing is compared: it is listed once, with no schedule.
NOT_COMPARED = """
create or replace table study.not_compared as
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
select agreement_id, null as schedule, billing_month, reason, detail
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
"""
