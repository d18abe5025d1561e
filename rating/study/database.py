"""Where rate studies rate: DuckDB in memory, with the tariffs and portfolio of a database.

Studies change the inputs there, rate them by the one engine, and set the bills beside those that
the database has published. The results lie in the schema `study`. The database itself is only read.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
from sqlalchemy.engine import URL

from rating.errors import RatebookError
from rating.memory.database import Months, beside, in_store
from rating.run.changes import inputs_changed_since
from rating.run.fingerprint import tariff_hash
from rating.run.local_copy import copy_inputs
from rating.store.database import require_reads
from rating.store.export import write_query
from rating.store.query import Row, query_rows
from rating.study.quotient import quotient_macro

SOME_BILL = """
    select 1 from store.rating.bill
    where billing_month >= coalesce(cast($first as date), billing_month)
        and billing_month <= coalesce(cast($last as date), billing_month)
        and (len($schedules) = 0 or list_contains(cast($schedules as text[]), schedule))
    limit 1
"""


@contextmanager
def study_of(source: URL, months: Months = (None, None)) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a study database: the tariffs and the portfolio of `source` (`store`).

    Raises `RatebookError`, also where the portfolio is empty or no bills of the months are
    published.
    """
    with published_bills(source, months) as connection:
        copy_inputs(connection, source, has_portfolio=True)
        _note_changes(connection)
        connection.execute("checkpoint")  # interval reads take a tenth of the memory then
        yield connection


def _note_changes(connection: duckdb.DuckDBPyConnection) -> None:
    """Note the run since which tariffs or portfolio have changed, where they have."""
    tariffs = tariff_hash(connection)  # of the copy, which is nearer
    with in_store(connection):
        run_id = inputs_changed_since(connection, tariffs)
    connection.execute("set variable changed_since = ?", [run_id])


def note(connection: duckdb.DuckDBPyConnection, sentence: str) -> None:
    """Note what is to be said beside the results of a study."""
    connection.execute("set variable notes = ?", [[*notes_of(connection), sentence]])


def notes_of(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The sentences noted, in order."""
    ((notes,),) = connection.execute("select getvariable('notes')").fetchall()
    return list(notes or [])


def changed_since(connection: duckdb.DuckDBPyConnection) -> int | None:
    """The run since which what is loaded has changed; none: a study rates what it rated."""
    ((run_id,),) = connection.execute("select getvariable('changed_since')").fetchall()
    return None if run_id is None else int(run_id)


@contextmanager
def published_bills(
    source: URL, months: Months = (None, None)
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a study database without inputs of its own: `store` is the source.

    Raises `RatebookError`, also where no bills of the months are published.
    """
    with beside(source) as connection:
        _require_bills(connection, months)
        connection.execute("create schema study")
        connection.execute(quotient_macro())
        yield connection


def _require_bills(connection: duckdb.DuckDBPyConnection, months: Months) -> None:
    require_reads(connection, catalog="store")
    if connection.execute("select 1 from store.rating.bill limit 1").fetchone() is None:
        raise RatebookError("no bills are published; run `ratebook rate` first")
    require_bills(connection, months)


def require_bills(
    connection: duckdb.DuckDBPyConnection, months: Months, schedules: Sequence[str] = ()
) -> None:
    """Raise `RatebookError` where none of the published bills is of the months and schedules."""
    values = {"first": months[0], "last": months[1], "schedules": list(schedules)}
    if connection.execute(SOME_BILL, values).fetchone():
        return
    of_schedules = f" of {' or '.join(schedules)}" if schedules else ""
    if months == (None, None):
        raise RatebookError(f"no bills{of_schedules} are published; choose another schedule")
    first, last = connection.execute(
        "select min(billing_month), max(billing_month) from store.rating.bill"
    ).fetchall()[0]
    raise RatebookError(
        f"no bills{of_schedules} are published of the billing months {month_range(months)}; rate"
        f" those months first or choose others (the first bill is of {first:%Y-%m}, the last of"
        f" {last:%Y-%m})"
    )


def month_range(months: Months) -> str:
    """Billing months in words: `2015-01 to 2015-12`, `from 2015-01 on`, `all`."""
    first, last = (f"{month:%Y-%m}" if month else None for month in months)
    if first and last:
        return first if first == last else f"{first} to {last}"
    return f"from {first} on" if first else f"up to {last}" if last else "all"


def rows_of(
    connection: duckdb.DuckDBPyConnection, relation: str, limit: int | None = None
) -> list[Row]:
    """The rows of a result in its order, as dicts."""
    most = "" if limit is None else f" limit {limit:d}"
    return query_rows(connection, f"from study.{relation} order by all{most}")


def count_of(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    """How many rows a result has."""
    ((rows,),) = connection.execute(f"select count(*) from study.{relation}").fetchall()
    return int(rows)


def write_result(connection: duckdb.DuckDBPyConnection, relation: str, file: Path) -> int:
    """Write a result to a CSV or Parquet file; returns its rows. Raises `RatebookError`."""
    return write_query(connection, f"select * from study.{relation} order by all", file)


def require_schedules(connection: duckdb.DuckDBPyConnection, schedules: Sequence[str]) -> None:
    """Raise `RatebookError` that names every schedule that no tariff holds."""
    known = {
        row[0]
        for row in connection.execute(
            "select schedule from tariff.schedule where kind in ('rate', 'lighting')"
        ).fetchall()
    }
    unknown = [one for one in schedules if one not in known]
    if unknown:
        raise RatebookError(
            *(
                f"schedule {one} is unknown; choose one of {', '.join(sorted(known))}"
                for one in unknown
            )
        )


def schedule_id_of(
    connection: duckdb.DuckDBPyConnection, schedule: str, utility: str | None
) -> int:
    """The id of a schedule; raises `RatebookError` where the utility has none, or several have."""
    rows = connection.execute(
        "select utility, schedule_id from tariff.schedule"
        " where schedule = $1 and utility = coalesce($2, utility)",
        [schedule, utility],
    ).fetchall()
    if not rows:
        raise RatebookError(f"{utility} has no schedule {schedule}; choose another --utility")
    if len(rows) > 1:
        owners = " or ".join(sorted(f"--utility {owner}" for owner, _ in rows))
        raise RatebookError(f"several utilities have a schedule {schedule}; give {owners}")
    return int(rows[0][1])
