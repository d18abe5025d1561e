-- The use at which the bills on two schedules cross, or the reason that they do not: of the steps
-- between which they do, the one where the bills differ least, on a tie the first.
-- One row per schedule, month, kW and crossing; one where there is none.

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
    select
        one.utility,
        one.schedule,
        shown.billing_month,
        axis.kw
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
),

named as (
    select distinct schedule from study.asked_schedule
),

missed as (
    select
        named.schedule,
        one.kw_key,
        one.billing_month,
        min(one.reason) as reason
    from study.missed as one
    inner join named
        on one.schedule = named.schedule or one.schedule = $against
    group by named.schedule, one.kw_key, one.billing_month
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
left join missed
    on
        asked.schedule = missed.schedule
        and coalesce(asked.kw, -1) = missed.kw_key
        and asked.billing_month = missed.billing_month
