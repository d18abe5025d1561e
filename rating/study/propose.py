"""Bills now and under a scenario, and how the changes are distributed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from sqlalchemy.engine import URL

from models.rating import COMPONENTS
from rating.dbt_build import Progress
from rating.study.build import build_checked_bills
from rating.study.database import Months, study_of
from rating.study.overlay import Overlay
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
UNBILLED = """
create or replace table study.proposal_unbilled as
select agreement_id, billing_month, reason, detail from rating_build.unbilled_read
"""
# Sizes are average kWh a month, load factors those of the present billing demands, changes per
# cent of the present bills; each band from its lower edge on, below the next.
IMPACT = """
create or replace table study.sized as
with averaged as (
    select
        *,
        case when months = 0 then 0 else study.quotient(kwh, months) end as average_kwh
    from study.proposal_agreement
)

select
    *,
    list_max(list_filter([0, 500, 1000, 2000, 5000, 20000, 100000], lambda x: x <= average_kwh))
        as size_from_kwh,
    list_max(list_filter([0, 20, 40, 60, 80, 100], lambda x: x <= load_factor_percent))
        as load_factor_from_percent,
    case
        when change_usd = 0 then 'unchanged' when change_usd < 0 then 'lower' else 'higher'
    end as direction,
    list_max(list_filter([0, 1, 2, 5, 10, 20, 50, 100], lambda x: x <= abs(change_percent)))
        as change_from_percent
from averaged;

create or replace table study.impact as
select
    utility,
    customer_class,
    size_from_kwh,
    load_factor_from_percent,
    direction,
    change_from_percent,
    cast(count(*) as integer) as agreements,
    sum(present_usd) as present_usd,
    sum(proposed_usd) as proposed_usd,
    sum(change_usd) as change_usd
from study.sized
group by
    utility, customer_class, size_from_kwh, load_factor_from_percent, direction,
    change_from_percent
"""
# Who wins and who loses: of each class and schedule those whose bills fall, stay and rise.
IMPACT_DIRECTION = """
create or replace table study.impact_direction as
with summed as (
    select
        utility,
        customer_class,
        schedule,
        direction,
        count(*) as agreements,
        sum(present_usd) as present_usd,
        sum(change_usd) as change_usd,
        arg_max(change_usd, abs(change_usd)) as largest_change_usd
    from study.sized
    group by utility, customer_class, schedule, direction
),

counted as (
    select
        *,
        sum(agreements) over (partition by utility, customer_class, schedule) as all_agreements
    from summed
)

select
    utility,
    customer_class,
    schedule,
    direction,
    cast(agreements as integer) as agreements,
    study.quotient(agreements * 100, all_agreements) as agreements_percent,
    present_usd,
    change_usd,
    study.quotient(change_usd * 100, present_usd) as change_percent,
    cast(round(study.quotient(change_usd, agreements), 2) as decimal(18, 2)) as average_change_usd,
    largest_change_usd
from counted
"""
IMPACT_AGREEMENT = """
create or replace table study.impact_agreement as
select
    cast(row_number() over (order by abs(change_usd) desc, agreement_id) as integer) as rank,
    *
from study.proposal_agreement
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
    """Rate the portfolio under a scenario, and set the bills beside the present ones."""
    Overlay(connection, scenario, file).apply()
    connection.execute("delete from portfolio.billed_amount")  # it is of the adopted tariffs
    build_checked_bills(connection, months, progress)
    for statement in (
        PROPOSAL, PROPOSAL_AGREEMENT, UNBILLED, IMPACT, IMPACT_DIRECTION,
        IMPACT_AGREEMENT,
    ):  # fmt: skip
        connection.execute(statement)
