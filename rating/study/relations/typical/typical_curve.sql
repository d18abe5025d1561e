-- What the next kWh cost from one point of a curve to the one after it.
-- One row per schedule, season and point with kW.

select
    utility,
    schedule,
    season,
    billing_month,
    kw,
    hours_use,
    load_factor_percent,
    kwh,
    bill_usd,
    average_usd_per_kwh,
    study.quotient(bill_usd - lag(bill_usd) over curve, kwh - lag(kwh) over curve)
        as added_usd_per_kwh
from study.typical
where kw is not null
window curve as (
    partition by utility, schedule, billing_month, kw order by kwh
    rows between 1 preceding and current row
)
