-- What agreements would save on their cheapest schedule. On a tie an agreement stays where it is, else
-- it takes the first by name. What one paid on several schedules is not what it pays on the last.
-- One row per utility, class, actual schedule and cheapest schedule.

with settled as (
    select agreement_id
    from study.comparison
    group by agreement_id
    having count(distinct actual_schedule) = 1
),

best as (
    select distinct on (total.agreement_id) total.*
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
