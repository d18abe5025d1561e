-- What is priced in each step of energy and demand charges.
-- One row per utility, schedule, season, charge, step, description, unit and price.

select
    bill.utility,
    bill.schedule,
    coalesce(bill.season, '') as season,
    line.schedule_or_rider,
    line.charge_code,
    line.step_no,
    line.description,
    line.unit,
    line.price as price_usd,
    cast(count(*) as integer) as bills,
    sum(line.quantity) as quantity,
    sum(line.amount) as amount_usd
from study.bill as bill
inner join store.rating.bill_line_item as line
    on bill.agreement_id = line.agreement_id and bill.billing_month = line.billing_month
where line.component in ('energy', 'demand')
group by all
