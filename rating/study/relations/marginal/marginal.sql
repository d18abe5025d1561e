-- What the next kWh and the next kW cost, beside the average.
-- One row per bill that is asked for.

with probed as (
    select
        agreement_id,
        billing_month,
        max(bill_usd) filter (where of_what = 'kwh') as more_kwh_usd,
        max(bill_usd) filter (where of_what = 'kw') as more_kw_usd
    from study.probed
    group by agreement_id, billing_month
)

select
    bill.agreement_id,
    bill.billing_month,
    bill.utility,
    bill.customer_class,
    bill.schedule,
    bill.kwh,
    bill.billing_demand_kw,
    bill.net_amount as bill_usd,
    study.quotient(bill.net_amount, bill.kwh) as average_usd_per_kwh,
    study.quotient(probed.more_kwh_usd - bill.net_amount, $step_kwh) as next_kwh_usd,
    study.quotient(probed.more_kw_usd - bill.net_amount, $step_kw) as next_kw_usd
from study.asked as bill
left join probed
    on bill.agreement_id = probed.agreement_id and bill.billing_month = probed.billing_month
