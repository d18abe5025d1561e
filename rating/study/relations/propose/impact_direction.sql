-- Who wins and who loses: those whose bills fall, stay and rise.
-- One row per utility, class, schedule and direction.

with summed as (
    select
        utility,
        customer_class,
        schedule,
        direction,
        count(*) as agreements,
        sum(present_usd) as present_usd,
        sum(change_usd) as change_usd,
        arg_max(change_usd, abs(change_usd)) as largest_change_usd
    from study.sized
    group by utility, customer_class, schedule, direction
),

counted as (
    select
        *,
        sum(agreements) over (partition by utility, customer_class, schedule) as all_agreements
    from summed
)

select
    utility,
    customer_class,
    schedule,
    direction,
    cast(agreements as integer) as agreements,
    study.quotient(agreements * 100, all_agreements) as agreements_percent,
    present_usd,
    change_usd,
    study.quotient(change_usd * 100, present_usd) as change_percent,
    cast(round(study.quotient(change_usd, agreements), 2) as decimal(18, 2)) as average_change_usd,
    largest_change_usd
from counted
