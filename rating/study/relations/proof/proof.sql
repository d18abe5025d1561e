-- Determinants times prices, footing to the bills. A line's revenue is rounded to cents here; the
-- rounding line takes what the bills differ by.
-- One row per utility, schedule, season and step of a charge; one for rounding and one for the total.

with step as (
    select
        'charge' as line_kind,
        coalesce(present.utility, proposed.utility) as utility,
        coalesce(present.schedule, proposed.schedule) as schedule,
        coalesce(present.season, proposed.season) as season,
        coalesce(present.component, proposed.component) as component,
        coalesce(present.schedule_or_rider, proposed.schedule_or_rider) as schedule_or_rider,
        coalesce(present.charge_code, proposed.charge_code) as charge_code,
        coalesce(present.step_no, proposed.step_no) as step_no,
        coalesce(present.description, proposed.description) as description,
        coalesce(present.unit, proposed.unit) as unit,
        present.quantity as present_quantity,
        present.price_usd as present_price_usd,
        cast(round(coalesce(present.exact_usd, 0), 2) as decimal(18, 2)) as present_usd,
        proposed.quantity as proposed_quantity,
        proposed.price_usd as proposed_price_usd,
        cast(round(coalesce(proposed.exact_usd, 0), 2) as decimal(18, 2)) as proposed_usd,
        coalesce(present.billed_usd, 0) as present_billed_usd,
        coalesce(proposed.billed_usd, 0) as proposed_billed_usd
    from study.present_step as present
    full join study.proposed_step as proposed
        on
            present.utility = proposed.utility
            and present.schedule = proposed.schedule
            and present.season = proposed.season
            and present.component = proposed.component
            and present.schedule_or_rider = proposed.schedule_or_rider
            and present.charge_code = proposed.charge_code
            and present.step_no = proposed.step_no
),

summed as (
    select
        utility,
        schedule,
        season,
        sum(present_billed_usd) as present_billed_usd,
        sum(proposed_billed_usd) as proposed_billed_usd,
        sum(present_billed_usd - present_usd) as present_rounding_usd,
        sum(proposed_billed_usd - proposed_usd) as proposed_rounding_usd
    from step
    group by utility, schedule, season
),

listed as (
    select * exclude (present_billed_usd, proposed_billed_usd)
    from step
    union all by name
    select
        'rounding' as line_kind,
        utility,
        schedule,
        season,
        'Rounding of bills' as description,
        present_rounding_usd as present_usd,
        proposed_rounding_usd as proposed_usd
    from summed
    union all by name
    select
        'total' as line_kind,
        utility,
        schedule,
        season,
        'Total of bills' as description,
        present_billed_usd as present_usd,
        proposed_billed_usd as proposed_usd
    from summed
)

select
    utility,
    schedule,
    season,
    line_kind,
    * exclude (utility, schedule, season, line_kind),
    proposed_usd - present_usd as change_usd,
    study.quotient((proposed_usd - present_usd) * 100, present_usd) as change_percent
from listed
