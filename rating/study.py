"""Where rate studies rate: a DuckDB file with the tariffs and portfolio of a database.

Studies change the inputs there, rate them by the one engine, and set the bills beside those that
the database has published. The database itself is only read.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy.engine import URL

from models.base import PORTFOLIO, TARIFF, Base
from rating.database import attached, open_duckdb, require_tables
from rating.dbt_build import Progress, cache_folder
from rating.errors import RatebookError
from rating.export import write_query
from rating.local_copy import copy_store
from rating.run import rate

Row = Mapping[str, Any]
Months = tuple[date | None, date | None]


@dataclass(frozen=True)
class Study:
    """The study database (results in its schema `study`) and its source (catalog `store`)."""

    url: URL
    source: URL

    @contextmanager
    def open(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection to the study database; close it before rating. Raises `RatebookError`."""
        with (
            open_duckdb(self.url, read_only=False) as connection,
            attached(connection, self.source),
        ):
            connection.execute("create schema if not exists study")
            yield connection

    def rate(self, months: Months = (None, None), progress: Progress | None = None) -> None:
        """Rate what the study database holds; raises `RatebookError` where that fails."""
        first, last = months
        report = rate(self.url, first_month=first, last_month=last, progress=progress)
        if report.status != "published":
            raise RatebookError(f"the study cannot be rated: {report.message}")


@contextmanager
def study_of(source: URL, *, needs_bills: bool = True) -> Iterator[Study]:
    """A study database of what `source` holds, removed at the end; raises `RatebookError`.

    With `needs_bills` also where the portfolio is empty or no bills are published; without, it
    holds the tariffs only. Its path stays the same, for dbt reads its project anew wherever the
    path is another.
    """
    _require_bills(source, needs_bills)
    file = cache_folder(source) / "study" / "bench.duckdb"
    _clear(file)
    try:
        schemas = (TARIFF, PORTFOLIO) if needs_bills else (TARIFF,)
        yield Study(copy_store(source, file, schemas), source)
    finally:
        _remove(file)


@contextmanager
def published_bills(source: URL) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection for studies that rate nothing: `store` is the source; raises `RatebookError`."""
    _require_bills(source)
    with duckdb.connect() as connection, attached(connection, source):
        connection.execute("create schema study")
        yield connection


def _require_bills(source: URL, needs_bills: bool = True) -> None:
    with open_duckdb(source) as connection:
        require_tables(connection)
        if needs_bills:
            _require_rows(connection, "portfolio.meter_read", "there are no meter reads", "load")
            _require_rows(connection, "rating.bill", "no bills are published", "rate")


def _require_rows(
    connection: duckdb.DuckDBPyConnection, table: str, problem: str, command: str
) -> None:
    if connection.execute(f"select 1 from {table} limit 1").fetchone() is None:
        arguments = " FOLDER" if command == "load" else ""
        raise RatebookError(f"{problem}; run `ratebook {command}{arguments}` first")


def _clear(file: Path) -> None:
    """Remove what a killed process left; raises where another one studies now."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists():
        with open_duckdb(URL.create("duckdb", database=str(file)), read_only=False):
            pass
    _remove(file)


def _remove(file: Path) -> None:
    for path in (file, file.with_name(f"{file.name}.wal")):
        path.unlink(missing_ok=True)


def empty_portfolio(connection: duckdb.DuckDBPyConnection, *, keep: Sequence[str] = ()) -> None:
    """Delete the portfolio of the study database but for the tables of `keep`."""
    for table in reversed(Base.metadata.sorted_tables):
        if table.schema == PORTFOLIO and table.name not in keep:
            connection.execute(f"delete from {table.fullname}")


def rows_of(
    connection: duckdb.DuckDBPyConnection, relation: str, limit: int | None = None
) -> list[Row]:
    """The rows of a result in its order, as dicts."""
    most = "" if limit is None else f" limit {limit:d}"
    result = connection.execute(f"from study.{relation} order by all{most}")
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


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
