-- Where the cheaper one changes: between the last step of one sign and the first of the other.
-- One row per schedule, kW, billing month and change.

with turned as (
    select
        *,
        lag(step_no) over by_step as after_step,
        lag(sign(difference_usd)) over by_step as sign_before
    from study.compared
    where difference_usd <> 0
    window by_step as (
        partition by utility, schedule, kw, billing_month order by step_no
        rows between 1 preceding and current row
    )
)

select
    utility,
    schedule,
    kw,
    billing_month,
    after_step,
    step_no as up_to_step,
    sign_before
from turned
where sign(difference_usd) <> sign_before
