-- The bills on every schedule beside the actual ones.
-- One row per agreement, schedule and billing month with an actual bill.

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
