"""What the next kWh and the next kW cost: every read rated with a little more of either.

Each read that has a bill is copied twice, once with more kWh and once with more kW, together with
the months before it as they are, so that the demand it leaves to later months does not count.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import duckdb
from sqlalchemy.engine import URL

from rating.dbt_build import Progress
from rating.errors import RatebookError
from rating.study.build import build_bills
from rating.study.copies import AGREEMENT_TABLES, copy_rows
from rating.study.database import (
    Months,
    empty_portfolio,
    require_bills,
    require_schedules,
    study_of,
)
from rating.study.marginal_copies import (
    ASKED,
    CHANGE,
    CHANGED,
    MARGINAL,
    MEMBER,
    NOTED,
    OF_MEMBER,
    PREPARED,
    PROBE,
    READS,
    REPLACED,
    UP_TO_THE_READ,
)

RELATIONS = ("marginal",)
# Reads copied at a time, the earlier months of each included.
MOST_READS = 3_000_000


@contextmanager
def marginal(
    source: URL,
    step_kwh: Decimal = Decimal(100),
    step_kw: Decimal = Decimal(1),
    *,
    schedules: Sequence[str] = (),
    months: Months = (None, None),
    progress: Progress | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the results `RELATIONS`; raises `RatebookError`.

    `step_kwh` and `step_kw` are added to a read, and the change of its bill divided by them. With
    `schedules` only reads that are billed on them are asked for.
    """
    _require_step("--kwh", step_kwh)
    _require_step("--kw", step_kw)
    with study_of(source, months) as connection:
        _ask(connection, schedules, months)
        for batch in _batches(connection):
            _take(connection, batch, step_kwh, step_kw)
            build_bills(connection, (None, None), since_load=0, progress=progress)
            connection.execute(NOTED)
        connection.execute(MARGINAL, {"step_kwh": step_kwh, "step_kw": step_kw})
        yield connection


def _ask(connection: duckdb.DuckDBPyConnection, schedules: Sequence[str], months: Months) -> None:
    """Make `study.asked`, the bills that are asked for; raises `RatebookError`."""
    require_schedules(connection, schedules)
    require_bills(connection, months, schedules)
    for statement in PREPARED:
        connection.execute(statement)
    wanted = {"first": months[0], "last": months[1], "schedules": list(schedules)}
    connection.execute(ASKED, wanted)


def _require_step(option: str, step: Decimal) -> None:
    if not 0 < step <= 1_000_000 or step != round(step, 6):
        raise RatebookError(
            f"{option} {step} is no step; give more than 0, up to 1000000, with up to six decimals"
        )


def _batches(connection: duckdb.DuckDBPyConnection) -> list[list[date]]:
    """The billing months with bills, as many at a time as `MOST_READS` allows."""
    rows = connection.execute(READS).fetchall()
    batches: list[list[date]] = []
    size = 0
    for month, reads in rows:
        if not batches or size + reads > MOST_READS:
            batches.append([])
            size = 0
        batches[-1].append(month)
        size += reads
    return batches


def _take(
    connection: duckdb.DuckDBPyConnection,
    batch: Sequence[date],
    step_kwh: Decimal,
    step_kw: Decimal,
) -> None:
    """Put copies of the reads of some months in the place of the portfolio."""
    empty_portfolio(connection, keep=("rider_cost_input", "lighting_hours"))
    for statement in PROBE:
        values = {"months": list(batch)} if "$months" in statement else {}
        connection.execute(statement, values)
    connection.execute(MEMBER)
    for table in AGREEMENT_TABLES:
        up_to_the_read = UP_TO_THE_READ if "billing_month" in table.c else ""
        copy_rows(connection, table, REPLACED, f"{OF_MEMBER} {up_to_the_read}")
    for statement, step in zip(CHANGED, (step_kwh, step_kw), strict=True):
        connection.execute(statement, {"step": step})
    connection.execute(CHANGE)
