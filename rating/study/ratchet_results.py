"""What a study of ratchets and minimums shows: bills of each case beside those published."""

RESULTS = (
    "create or replace table study.concerned (case_name text, schedule_id integer)",
    """
    create or replace table study.ratchet_bill (
        case_name text,
        agreement_id text,
        billing_month date,
        utility text,
        schedule text,
        present_demand_kw decimal(18, 6),
        case_demand_kw decimal(18, 6),
        present_usd decimal(18, 2),
        case_usd decimal(18, 2),
        change_usd decimal(18, 2)
    )
    """,
    """
    create or replace table study.ratchet_revenue (
        case_name text,
        utility text,
        schedule text,
        bills integer,
        bills_changed integer,
        present_demand_kw decimal(18, 6),
        case_demand_kw decimal(18, 6),
        present_usd decimal(18, 2),
        case_usd decimal(18, 2),
        change_usd decimal(18, 2)
    )
    """,
    """
    create or replace table study.ratchet_unbilled (
        case_name text,
        agreement_id text,
        billing_month date,
        reason text,
        detail text
    )
    """,
)
RATCHET_BILL = """
insert into study.ratchet_bill
select
    $case_name as case_name,
    other.agreement_id,
    other.billing_month,
    other.utility,
    other.schedule,
    present.billing_demand_kw as present_demand_kw,
    other.billing_demand_kw as case_demand_kw,
    present.net_amount as present_usd,
    other.net_amount as case_usd,
    other.net_amount - present.net_amount as change_usd
from rating_build.bill as other
inner join store.rating.bill as present
    on
        other.agreement_id = present.agreement_id
        and other.billing_month = present.billing_month
"""
# Schedules that have what the case changes, and those whose bills move with another's.
RATCHET_REVENUE = """
insert into study.ratchet_revenue
with summed as (
    select
        case_name,
        utility,
        schedule,
        cast(count(*) as integer) as bills,
        cast(count(*) filter (
            where change_usd <> 0 or present_demand_kw is distinct from case_demand_kw
        ) as integer) as bills_changed,
        sum(present_demand_kw) as present_demand_kw,
        sum(case_demand_kw) as case_demand_kw,
        sum(present_usd) as present_usd,
        sum(case_usd) as case_usd,
        sum(change_usd) as change_usd
    from study.ratchet_bill
    where case_name = $case_name
    group by case_name, utility, schedule
),

concerned as (
    select distinct
        schedule.utility,
        schedule.schedule
    from study.concerned as one
    inner join tariff.schedule as schedule
        on one.schedule_id = schedule.schedule_id
    where one.case_name = $case_name
)

select summed.*
from summed
left join concerned
    on summed.utility = concerned.utility and summed.schedule = concerned.schedule
where concerned.schedule is not null or summed.bills_changed > 0
"""
UNBILLED = """
insert into study.ratchet_unbilled
select
    $case_name as case_name,
    unbilled.agreement_id,
    unbilled.billing_month,
    unbilled.reason,
    unbilled.detail
from rating_build.unbilled_read as unbilled
semi join store.rating.bill as present
    on
        unbilled.agreement_id = present.agreement_id
        and unbilled.billing_month = present.billing_month
"""
