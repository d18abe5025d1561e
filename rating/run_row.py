"""The row of a run in the ledger, from its beginning to its end."""

import datetime
from decimal import Decimal

import duckdb
from sqlalchemy.engine import URL

from rating.changes import Base
from rating.database import open_duckdb, require_tables
from rating.errors import RatebookError
from rating.fingerprint import portfolio_hash, tariff_hash
from rating.project import code_version

Counts = tuple[int, int, int, Decimal]


def begin_run(
    url: URL,
    engine: str,
    first_month: datetime.date | None,
    last_month: datetime.date | None,
    base: Base,
) -> int:
    """Write the run's row; returns its id."""
    with open_duckdb(url, read_only=False) as connection:
        require_tables(connection)
        found = connection.execute("select count(*) from portfolio.meter_read").fetchone()
        if not found or not found[0]:
            raise RatebookError("there are no meter reads; run `ratebook load FOLDER` first")
        run_id = _next_run(connection)
        connection.execute(
            "insert into rating.rating_run (run_id, started_at, status, engine, code_version,"
            " from_month, to_month, tariff_hash, portfolio_hash, load_id, base_run_id)"
            " values (?, ?, 'running', ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                run_id,
                datetime.datetime.now(datetime.UTC),
                engine,
                code_version(),
                first_month,
                last_month,
                tariff_hash(connection),
                portfolio_hash(connection),
                _last_load(connection),
                base.run_id,
            ],
        )
    return run_id


def _last_load(connection: duckdb.DuckDBPyConnection) -> int | None:
    row = connection.execute("select max(load_id) from portfolio.load").fetchone()
    return row[0] if row else None


def _next_run(connection: duckdb.DuckDBPyConnection) -> int:
    """The id of a new run; one that never ended has failed, for nobody else is writing."""
    connection.execute(
        "update rating.rating_run set status = 'failed', message = 'it never ended'"
        " where status = 'running'"
    )
    last = connection.execute("select coalesce(max(run_id), 0) from rating.rating_run").fetchone()
    return int(last[0]) + 1 if last else 1


def note_counts(
    connection: duckdb.DuckDBPyConnection, run_id: int, counts: Counts, message: str
) -> None:
    """Write what a run came to."""
    connection.execute(
        "update rating.rating_run set reads = ?, bills = ?, unbilled = ?, net_amount = ?,"
        " message = ? where run_id = ?",
        [*counts, message or None, run_id],
    )


def fail_run(url: URL, run_id: int, message: str) -> None:
    """Mark a run that has not been published as failed, with the reason."""
    with open_duckdb(url, read_only=False) as connection:
        connection.execute(
            "update rating.rating_run set finished_at = ?, status = 'failed', message = ?"
            " where run_id = ? and status = 'running'",
            [datetime.datetime.now(datetime.UTC), message, run_id],
        )
