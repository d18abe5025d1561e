"""SQL for what a typical-bill study results in."""

from models.rating import COMPONENTS

ASKED_SCHEDULE = """
create or replace table study.asked_schedule as
select
    schedule.utility,
    schedule.schedule,
    schedule.kind,
    bool_or(requirement.operand is not null) as needs_kw,
    bool_or(demand_rule.version_id is not null) as has_demand
from tariff.schedule as schedule
inner join tariff.version as version
    on schedule.schedule_id = version.schedule_id
left join tariff.requirement as requirement
    on
        version.version_id = requirement.version_id
        and (requirement.operand = 'kw' or starts_with(requirement.operand, 'kw_'))
left join tariff.demand_rule as demand_rule
    on version.version_id = demand_rule.version_id
where
    schedule.kind in ('rate', 'lighting')
    and schedule.utility = coalesce($utility, schedule.utility)
    and (
        len(cast($schedules as text[])) = 0
        or list_contains(cast($schedules as text[]), schedule.schedule)
    )
group by schedule.utility, schedule.schedule, schedule.kind
"""
RATED = """
create or replace table study.rated as
select
    subject.utility,
    subject.schedule,
    coalesce(bill.season, '') as season,
    bill.billing_month,
    bill.version_effective_from,
    subject.kw,
    subject.kwh,
    cast(24 * (bill.read_to - bill.read_from) as integer) as hours,
    bill.* exclude (
        agreement_id, account_id, billing_month, read_from, read_to, utility, customer_class,
        schedule, version_effective_from, season, kwh, gross_amount, run_id
    )
from study.subject as subject
inner join rating_build.bill as bill
    on subject.agreement_id = bill.agreement_id
semi join study.month as month
    on
        subject.utility = month.utility
        and bill.billing_month = month.billing_month
        and month.is_billed
"""
# A month too short for the point's hours use has no bill of it. The detail is of the last month.
UNBILLED = """
create or replace table study.typical_unbilled as
with listed as (
    select
        subject.utility,
        subject.schedule,
        subject.kw,
        subject.kwh,
        unbilled.billing_month,
        unbilled.reason,
        unbilled.detail
    from study.subject as subject
    inner join rating_build.unbilled_read as unbilled
        on subject.agreement_id = unbilled.agreement_id
    semi join study.month as month
        on
            subject.utility = month.utility
            and unbilled.billing_month = month.billing_month
            and month.is_billed
    union all
    select
        utility,
        schedule,
        kw,
        kwh,
        billing_month,
        'more_than_kw_hours' as reason,
        'the month has ' || hours || ' hours' as detail
    from study.rated
    where kwh > kw * hours
    union all
    select
        asked.utility,
        asked.schedule,
        point.kw,
        point.kwh,
        cast(null as date) as billing_month,
        'priced_by_units' as reason,
        'a point has kW and kWh, no lights or poles' as detail
    from study.asked_schedule as asked
    cross join study.point as point
    where asked.kind = 'lighting'
)

select
    utility,
    schedule,
    kw,
    kwh,
    reason,
    coalesce(arg_max(detail, billing_month), any_value(detail)) as detail,
    cast(count(billing_month) as integer) as months,
    min(billing_month) as first_month,
    max(billing_month) as last_month
from listed
group by utility, schedule, kw, kwh, reason
"""
TYPICAL_MONTH = f"""
create or replace table study.typical_month as
select
    utility,
    schedule,
    season,
    billing_month,
    kw,
    kwh,
    study.quotient(kwh, kw) as hours_use,
    study.quotient(kwh * 100, kw * hours) as load_factor_percent,
    billing_demand_kw,
    net_amount as bill_usd,
    study.quotient(net_amount, kwh) as average_usd_per_kwh,
    cast(round(study.quotient(net_amount * 100, kwh), 4) as decimal(18, 4))
        as average_cents_per_kwh,
    {", ".join(f"{one}_amount as {one}_usd" for one in COMPONENTS)},
    version_effective_from
from study.rated
where kw is null or kwh <= kw * hours
"""
# A season is shown by its last month of the twelve.
TYPICAL = """
create or replace table study.typical as
with last as (
    select utility, schedule, season, max(billing_month) as billing_month
    from study.rated
    group by utility, schedule, season
)

select one.*
from study.typical_month as one
semi join last
    on
        one.utility = last.utility
        and one.schedule = last.schedule
        and one.billing_month = last.billing_month
"""
# What the next kWh cost from one point of a curve to the one after it.
CURVE = """
create or replace table study.typical_curve as
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
"""
