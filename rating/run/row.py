"""The row of a run in the ledger, from its beginning to its end."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb
from sqlalchemy.engine import URL

from rating.errors import RatebookError
from rating.project import models_fingerprint, rating_version
from rating.run.changes import Base
from rating.run.dbt_build import RATING_RUN
from rating.run.fingerprint import portfolio_hash, tariff_hash
from rating.run.publish import Months
from rating.store.database import open_duckdb, require_reads

Counts = tuple[int, int, int, Decimal]
FIRST_MONTH, LAST_MONTH = datetime.date(1, 1, 1), datetime.date(9999, 12, 1)


@dataclass(frozen=True)
class Asked:
    """What a run is asked to rate: by which engine, which billing months, from what it starts.

    `arguments` is what dbt does for it; a run that leaves the building to others says so.
    """

    engine: str
    months: Months
    base: Base
    arguments: Sequence[str] = RATING_RUN
    note: str = ""

    @property
    def is_partial(self) -> bool:
        """Whether only what changed is rated."""
        return not self.base.is_everything

    def variables(self, run_id: int) -> dict[str, str]:
        """What dbt is told, as environment variables."""
        return {
            "RATEBOOK_RUN_ID": str(run_id),
            "RATEBOOK_FROM_MONTH": str(self.months[0]),
            "RATEBOOK_TO_MONTH": str(self.months[1]),
            "RATEBOOK_SINCE_LOAD": str(self.base.load_id),
            "RATEBOOK_MODELS": models_fingerprint(),
        }


def begin_run(url: URL, asked: Asked) -> int:
    """Write the run's row; returns its id."""
    with open_duckdb(url, read_only=False) as connection:
        require_reads(connection)
        _require_months(connection, asked.months)
        run_id = _next_run(connection)
        first, last = asked.months
        row = {
            "run_id": run_id,
            "started_at": datetime.datetime.now(datetime.UTC),
            "status": "running",
            "engine": asked.engine,
            "code_version": rating_version(),
            "from_month": None if first == FIRST_MONTH else first,
            "to_month": None if last == LAST_MONTH else last,
            "tariff_hash": tariff_hash(connection),
            "portfolio_hash": portfolio_hash(connection),
            "load_id": _last_load(connection),
            "base_run_id": asked.base.run_id,
        }
        marks = ", ".join("?" * len(row))
        connection.execute(
            f"insert into rating.rating_run ({', '.join(row)}) values ({marks})", list(row.values())
        )
    return run_id


def _require_months(connection: duckdb.DuckDBPyConnection, months: Months) -> None:
    """Raise `RatebookError` where no read is of the months, and no bill that would have to go."""
    found = "select 1 from {} where billing_month between $1 and $2 limit 1"
    for relation in ("portfolio.meter_read", "rating.bill", "rating.unbilled_read"):
        if connection.execute(found.format(relation), list(months)).fetchone():
            return
    ((first, last),) = connection.execute(
        "select min(billing_month), max(billing_month) from portfolio.meter_read"
    ).fetchall()
    raise RatebookError(
        f"no read is of those billing months; the reads go from {first:%Y-%m} to {last:%Y-%m}"
    )


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
