-- The bills of the points in the months that are billed, whatever their hours use.
-- One row per schedule, point and billing month.

with bill as (
    select
        * exclude (
            account_id, read_from, read_to, utility, customer_class, schedule, season, kwh,
            gross_amount, run_id
        ),
        coalesce(season, '') as season,
        cast(24 * (read_to - read_from) as integer) as hours
    from rating_build.bill
)

select
    subject.utility,
    subject.schedule,
    subject.kw,
    subject.kwh,
    bill.*
from study.subject as subject
inner join bill
    on subject.agreement_id = bill.agreement_id
semi join study.month as month
    on
        subject.utility = month.utility
        and bill.billing_month = month.billing_month
        and month.is_billed
