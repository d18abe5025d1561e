"""SQL for where the bills of typical points on two schedules cross."""

COMPARED = """
create or replace table study.compared as
select
    one.* exclude (bill_usd),
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
"""
# The cheaper one changes between the last step of one sign and the first of the other.
CROSSING = """
create or replace table study.crossing as
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
"""
# Of the steps between them, the one where the bills differ least, on a tie the first.
BREAK_EVEN = """
create or replace table study.break_even as
with nearest as (
    select
        compared.*,
        crossing.sign_before
    from study.compared as compared
    inner join study.crossing as crossing
        on
            compared.utility = crossing.utility
            and compared.schedule = crossing.schedule
            and coalesce(compared.kw, -1) = coalesce(crossing.kw, -1)
            and compared.billing_month = crossing.billing_month
    where compared.step_no between crossing.after_step and crossing.up_to_step
    qualify row_number() over (
        partition by
            compared.utility, compared.schedule, compared.kw, compared.billing_month,
            crossing.up_to_step
        order by abs(compared.difference_usd), compared.step_no
    ) = 1
),

asked as (
    select one.utility, one.schedule, shown.billing_month, axis.kw
    from study.asked_schedule as one
    inner join study.shown_month as shown
        on one.utility = shown.utility
    cross join study.sought as axis
    where one.schedule <> $against
),

summed as (
    select
        utility,
        schedule,
        billing_month,
        coalesce(kw, -1) as kw_key,
        any_value(season) as season,
        any_value(against_season) as against_season,
        min(difference_usd) as least_usd,
        max(difference_usd) as greatest_usd,
        max(step_no) as last_step
    from study.compared
    group by utility, schedule, billing_month, kw_key
)

select
    asked.utility,
    asked.schedule,
    $against as against_schedule,
    asked.billing_month,
    summed.season,
    summed.against_season,
    asked.kw,
    case when asked.kw is not null then nearest.step_no end as hours_use,
    nearest.kwh,
    study.quotient(nearest.kwh * 100, nearest.kw * nearest.hours) as load_factor_percent,
    nearest.bill_usd,
    nearest.against_usd,
    nearest.difference_usd,
    case nearest.sign_before when -1 then asked.schedule when 1 then $against end as cheaper_below,
    case nearest.sign_before when 1 then asked.schedule when -1 then $against end as cheaper_above,
    case
        when nearest.step_no is not null then null
        when summed.last_step is null then coalesce(missed.reason, 'no bill')
        when summed.least_usd = 0 and summed.greatest_usd = 0
            then 'both bills are the same up to '
        when summed.least_usd >= 0 then $against || ' is never dearer up to '
        else asked.schedule || ' is never dearer up to '
    end
    || case
        when summed.last_step is null then ''
        else summed.last_step || case when asked.kw is null then ' kWh' else ' hours use' end
    end as reason
from asked
left join nearest
    on
        asked.utility = nearest.utility
        and asked.schedule = nearest.schedule
        and asked.billing_month = nearest.billing_month
        and coalesce(asked.kw, -1) = coalesce(nearest.kw, -1)
left join summed
    on
        asked.utility = summed.utility
        and asked.schedule = summed.schedule
        and asked.billing_month = summed.billing_month
        and coalesce(asked.kw, -1) = summed.kw_key
left join (
    select asked.schedule, missed.kw_key, missed.billing_month, min(missed.reason) as reason
    from study.missed as missed
    inner join (select distinct schedule from study.asked_schedule) as asked
        on missed.schedule = asked.schedule or missed.schedule = $against
    group by asked.schedule, missed.kw_key, missed.billing_month
) as missed
    on
        asked.schedule = missed.schedule
        and coalesce(asked.kw, -1) = missed.kw_key
        and asked.billing_month = missed.billing_month
"""
