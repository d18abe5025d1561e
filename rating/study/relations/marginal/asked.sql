-- The bills that are asked for, each with its place among those of its agreement.
-- One row per bill.

with numbered as (
    select
        *,
        row_number() over (
            partition by agreement_id order by billing_month
            rows between unbounded preceding and current row
        ) as number
    from store.rating.bill
)

select *
from numbered
where
    billing_month >= coalesce(cast($first as date), billing_month)
    and billing_month <= coalesce(cast($last as date), billing_month)
    and (
        len(cast($schedules as text[])) = 0
        or list_contains(cast($schedules as text[]), schedule)
    )
