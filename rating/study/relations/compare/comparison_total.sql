-- The bills of all months compared. The cheapest schedule is sought among those that have a bill for
-- every one of them.
-- One row per agreement and schedule.

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
        *,
        months = max(months) over (partition by agreement_id) as is_whole
    from summed
)

select
    *,
    is_whole and bill_usd = min(bill_usd) filter (where is_whole) over (
        partition by agreement_id
    ) as is_cheapest
from ranked
