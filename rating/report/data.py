"""SQL for what a report draws: the bills of a study by month, schedule, size and hours use.

`report_bill` has one row per bill of the study, present and proposed. A comparison proposes the
cheapest schedule; where nothing is proposed, `proposed_usd` is empty.
"""

import duckdb

from rating.memory.database import Months

# Of a scenario, over the bills that both sides have.
OF_PROPOSAL = """
select
    proposal.agreement_id,
    proposal.billing_month,
    proposal.utility,
    proposal.customer_class,
    proposal.schedule,
    proposal.kwh,
    bill.billing_demand_kw as kw,
    proposal.present_usd,
    proposal.proposed_usd
from study.proposal as proposal
inner join store.rating.bill as bill
    on
        proposal.agreement_id = bill.agreement_id
        and proposal.billing_month = bill.billing_month
"""
# On a tie an agreement stays where it is, as in `switching`.
OF_COMPARISON = """
with best as (
    select distinct on (agreement_id) agreement_id, schedule
    from study.comparison_total
    where is_cheapest
    order by agreement_id, schedule <> actual_schedule, schedule
)

select
    one.agreement_id,
    one.billing_month,
    one.utility,
    one.customer_class,
    one.actual_schedule as schedule,
    bill.kwh,
    bill.billing_demand_kw as kw,
    one.actual_usd as present_usd,
    one.bill_usd as proposed_usd
from study.comparison as one
inner join best
    on one.agreement_id = best.agreement_id and one.schedule = best.schedule
inner join store.rating.bill as bill
    on one.agreement_id = bill.agreement_id and one.billing_month = bill.billing_month
"""
OF_BILLS = """
select
    agreement_id,
    billing_month,
    utility,
    customer_class,
    schedule,
    kwh,
    billing_demand_kw as kw,
    net_amount as present_usd,
    cast(null as decimal(18, 2)) as proposed_usd
from store.rating.bill
where
    billing_month >= coalesce(cast($first as date), billing_month)
    and billing_month <= coalesce(cast($last as date), billing_month)
"""
# Whose bills a study shows and what their two sides are called, by the result that says so.
BILLS_OF = {
    "proposal": (OF_PROPOSAL, "Present", "Proposed"),
    "comparison": (OF_COMPARISON, "Actual", "Cheapest schedule"),
    "proof": (OF_BILLS, "Published", ""),
    "frequency": (OF_BILLS, "Published", ""),
}
TOTALS = """
    cast(count(*) as integer) as bills,
    sum(kwh) as kwh,
    sum(present_usd) as present_usd,
    sum(proposed_usd) as proposed_usd,
    sum(proposed_usd - present_usd) as change_usd,
    study.quotient(sum(proposed_usd - present_usd) * 100, sum(present_usd)) as change_percent
"""
BY_SCHEDULE = f"""
select utility, schedule, {TOTALS}
from report_bill
group by utility, schedule
order by utility, schedule
"""
BY_MONTH = f"""
select utility, billing_month, {TOTALS}
from report_bill
group by utility, billing_month
order by utility, billing_month
"""
# Hours use is kWh a kW of billing demand; each band from its lower edge on, below the next.
BY_HOURS_USE = f"""
with banded as (
    select
        *,
        list_max(list_filter(range(0, 750, 50), lambda x: x * kw <= kwh)) as hours_use_from
    from report_bill
    where kw > 0 and kwh > 0
)

select
    utility,
    schedule,
    hours_use_from,
    {TOTALS},
    study.quotient(sum(present_usd) * 100, sum(kwh)) as present_cents_per_kwh,
    study.quotient(sum(proposed_usd) * 100, sum(kwh)) as proposed_cents_per_kwh
from banded
group by utility, schedule, hours_use_from
order by utility, schedule, hours_use_from
"""
BY_SIZE = f"""
with banded as (
    select
        *,
        list_max(list_filter([0, 10, 25, 50, 100, 250, 500, 1000, 2500], lambda x: x <= kw))
            as kw_from,
        list_max(list_filter(range(0, 800, 100), lambda x: x * kw <= kwh)) as hours_use_from
    from report_bill
    where kw > 0 and kwh >= 0
)

select utility, kw_from, hours_use_from, {TOTALS}
from banded
group by utility, kw_from, hours_use_from
order by utility, kw_from, hours_use_from
"""
# Per cent of the present bills; an agreement whose bills come to nothing has none.
IMPACT_EDGES = (0, 1, 2, 5, 10, 20, 50, 100)
BY_IMPACT = f"""
with summed as (
    select
        agreement_id,
        arg_max(coalesce(customer_class, ''), billing_month) as customer_class,
        sum(present_usd) as present_usd,
        sum(proposed_usd) as proposed_usd,
        sum(proposed_usd - present_usd) as change_usd
    from report_bill
    group by agreement_id
),

banded as (
    select
        *,
        case
            when change_usd = 0 then 'unchanged' when change_usd < 0 then 'lower' else 'higher'
        end as direction,
        list_max(list_filter(
            {list(IMPACT_EDGES)},
            lambda x: x <= abs(study.quotient(change_usd * 100, present_usd))
        )) as change_from_percent
    from summed
)

select
    customer_class,
    direction,
    case when direction <> 'unchanged' then change_from_percent end as change_from_percent,
    cast(count(*) as integer) as agreements,
    sum(present_usd) as present_usd,
    sum(proposed_usd) as proposed_usd,
    sum(change_usd) as change_usd
from banded
group by all
order by all
"""
FREQUENCY = """
select
    utility,
    schedule,
    season,
    to_kwh,
    cumulative_bills,
    consolidated_kwh,
    study.quotient(
        cast(cumulative_bills as bigint) * 100,
        max(cast(cumulative_bills as bigint)) over (partition by utility, schedule, season)
    ) as bills_percent,
    study.quotient(
        consolidated_kwh * 100, max(cumulative_kwh) over (partition by utility, schedule, season)
    ) as kwh_percent
from study.frequency
order by utility, schedule, season, to_kwh
"""
TYPICAL_CURVE = """
select
    utility, schedule, season, kw, hours_use, kwh, bill_usd,
    average_usd_per_kwh * 100 as average_cents_per_kwh
from study.typical_curve
where average_usd_per_kwh is not null
order by utility, schedule, season, kw, hours_use
"""


def result_names(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The names of the results in the schema `study`."""
    found = connection.execute(
        "select table_name from duckdb_tables()"
        " where schema_name = 'study' and database_name = current_database()"
    )
    return {name for (name,) in found.fetchall()}


def side_names(connection: duckdb.DuckDBPyConnection) -> tuple[str, str]:
    """What the two sides of the bills are called; blank where there is none."""
    return _bills_of(connection)[1:]


def take_bills(connection: duckdb.DuckDBPyConnection, months: Months) -> None:
    """Make `report_bill`, empty where a study shows no bills."""
    query, *_ = _bills_of(connection)
    values = dict(zip(("first", "last"), months, strict=True)) if "$first" in query else None
    connection.execute(f"create or replace temp table report_bill as {query}", values)


def _bills_of(connection: duckdb.DuckDBPyConnection) -> tuple[str, str, str]:
    names = result_names(connection)
    found = [bills for relation, bills in BILLS_OF.items() if relation in names]
    return found[0] if found else (f"{OF_BILLS} limit 0", "", "")
