"""Proof of revenue: determinants × prices, footing to the bills with their rounding on a line."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from sqlalchemy.engine import URL

from rating.memory.database import Months
from rating.run.dbt_build import Progress
from rating.study.database import published_bills, study_of
from rating.study.propose import rate_scenario
from rating.study.relations import make_relation
from rating.study.scenario import read_scenario

RELATIONS = ("proof",)
# The lines of the bills by step and price: quantity × price exactly, and what was billed.
STEPS = """
create or replace table study.{name}_step as
select
    bill.utility,
    bill.schedule,
    coalesce(bill.season, '') as season,
    line.schedule_or_rider,
    line.component,
    line.charge_code,
    line.step_no,
    arg_max(line.description, line.version_effective_from) as description,
    arg_max(line.unit, line.version_effective_from) as unit,
    cast(count(*) as integer) as lines,
    sum(line.quantity) as quantity,
    case when min(line.price) = max(line.price) then min(line.price) end as price_usd,
    sum(cast(line.quantity as decimal(28, 6)) * cast(line.price as decimal(18, 8)))
        as exact_usd,
    sum(line.amount) as billed_usd
from {schema}.bill as bill
inner join {schema}.bill_line_item as line
    on bill.agreement_id = line.agreement_id and bill.billing_month = line.billing_month
where
    bill.billing_month >= coalesce(cast(getvariable('first_month') as date), bill.billing_month)
    and bill.billing_month <= coalesce(cast(getvariable('last_month') as date), bill.billing_month)
group by all
"""


@contextmanager
def proof(
    source: URL,
    file: Path | None = None,
    *,
    months: Months = (None, None),
    progress: Progress | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the results `RELATIONS`; without a scenario both sides are the present.

    Raises `RatebookError`.
    """
    if file is None:
        with published_bills(source, months) as connection:
            _prove(connection, "store.rating", months)
            yield connection
        return
    scenario = read_scenario(file)
    with study_of(source, months) as connection:
        rate_scenario(connection, scenario, file, months, progress)
        _prove(connection, "rating_build", months)
        yield connection


def _prove(connection: duckdb.DuckDBPyConnection, proposed: str, months: Months) -> None:
    for name, month in zip(("first_month", "last_month"), months, strict=True):
        connection.execute(f"set variable {name} = cast(? as date)", [month])
    connection.execute(STEPS.format(name="present", schema="store.rating"))
    connection.execute(STEPS.format(name="proposed", schema=proposed))
    make_relation(connection, "proof/proof")
