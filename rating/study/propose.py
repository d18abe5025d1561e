"""Bills now and under a scenario, and how the changes are distributed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from sqlalchemy.engine import URL

from models.rating import COMPONENTS
from rating.memory.build import build_checked_bills
from rating.memory.database import Months
from rating.run.dbt_build import Progress
from rating.study.database import study_of
from rating.study.on_bills import require_on_bills
from rating.study.overlay import Overlay
from rating.study.relations import make_relation
from rating.study.scenario import Scenario, read_scenario

PROPOSAL_RELATIONS = ("proposal", "proposal_agreement", "proposal_unbilled")
IMPACT_RELATIONS = ("impact", "impact_direction", "impact_agreement", "proposal_unbilled")

PROPOSAL = f"""
create or replace table study.proposal as
select
    proposed.agreement_id,
    proposed.billing_month,
    proposed.utility,
    proposed.customer_class,
    proposed.schedule,
    proposed.kwh,
    present.billing_demand_kw as present_billing_kw,
    cast(24 * (proposed.read_to - proposed.read_from) as integer) as hours,
    present.net_amount as present_usd,
    proposed.net_amount as proposed_usd,
    proposed.net_amount - present.net_amount as change_usd,
    {
    ", ".join(
        f"present.{one}_amount as present_{one}_usd, proposed.{one}_amount as proposed_{one}_usd"
        for one in COMPONENTS
    )
}
from rating_build.bill as proposed
inner join store.rating.bill as present
    on
        proposed.agreement_id = present.agreement_id
        and proposed.billing_month = present.billing_month
"""
# The component that moved the bills is that with the largest change, on a tie the first.
PROPOSAL_AGREEMENT = f"""
create or replace table study.proposal_agreement as
with summed as (
    select
        agreement_id,
        any_value(utility) as utility,
        arg_max(customer_class, billing_month) as customer_class,
        arg_max(schedule, billing_month) as schedule,
        cast(count(*) as integer) as months,
        sum(kwh) as kwh,
        sum(kwh) filter (where present_billing_kw > 0) as demand_kwh,
        sum(present_billing_kw * hours) as demand_kw_hours,
        sum(present_usd) as present_usd,
        sum(proposed_usd) as proposed_usd,
        sum(change_usd) as change_usd,
        {", ".join(f"sum(proposed_{one}_usd - present_{one}_usd) as {one}" for one in COMPONENTS)}
    from study.proposal
    group by agreement_id
),

moved as (
    select distinct on (agreement_id) agreement_id, component, component_change_usd
    from (
        unpivot (select agreement_id, {", ".join(COMPONENTS)} from summed)
        on {", ".join(COMPONENTS)} into name component value component_change_usd
    )
    where component_change_usd <> 0
    order by
        agreement_id,
        abs(component_change_usd) desc,
        list_position({COMPONENTS}, component)
)

select
    summed.* exclude (demand_kwh, demand_kw_hours, {", ".join(COMPONENTS)}),
    study.quotient(summed.demand_kwh * 100, summed.demand_kw_hours) as load_factor_percent,
    study.quotient(summed.change_usd * 100, summed.present_usd) as change_percent,
    moved.component as largest_component,
    moved.component_change_usd
from summed
left join moved
    on summed.agreement_id = moved.agreement_id
"""


@contextmanager
def propose(
    source: URL, file: Path, *, months: Months = (None, None), progress: Progress | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the results of both tuples of relations; raises `RatebookError`."""
    scenario = read_scenario(file)
    with study_of(source, months) as connection:
        rate_scenario(connection, scenario, file, months, progress)
        yield connection


def rate_scenario(
    connection: duckdb.DuckDBPyConnection,
    scenario: Scenario,
    file: Path,
    months: Months,
    progress: Progress | None,
) -> None:
    """Rate the portfolio under a scenario, and set the bills beside the present ones.

    Raises `RatebookError`, also where nothing that the scenario changes is on a bill.
    """
    Overlay(connection, scenario, file).apply()
    connection.execute("delete from portfolio.billed_amount")  # it is of the adopted tariffs
    build_checked_bills(connection, months, progress)
    require_on_bills(connection, scenario, months)
    connection.execute(PROPOSAL)
    connection.execute(PROPOSAL_AGREEMENT)
    for name in ("proposal_unbilled", "sized", "impact", "impact_direction", "impact_agreement"):
        make_relation(connection, f"propose/{name}")
