-- The bills of each step on a schedule beside those on the schedule to compare with.
-- One row per schedule, month, kW and step that both have a bill of.

select
    one.utility,
    one.schedule,
    one.season,
    one.billing_month,
    one.kw,
    one.step_no,
    one.kwh,
    one.hours,
    other.utility as against_utility,
    other.schedule as against_schedule,
    other.season as against_season,
    one.bill_usd,
    other.bill_usd as against_usd,
    one.bill_usd - other.bill_usd as difference_usd
from study.searched as one
inner join study.searched as other
    on
        one.billing_month = other.billing_month
        and coalesce(one.kw, -1) = coalesce(other.kw, -1)
        and one.step_no = other.step_no
where one.schedule <> $against and other.schedule = $against
