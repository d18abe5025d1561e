"""A rating run: build, test, reconcile, publish, and its row in the ledger."""

import datetime
import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb
from sqlalchemy.engine import URL

from rating.changes import EVERYTHING, Base, base_run, has_changes
from rating.database import open_duckdb
from rating.dbt_build import NodeResult, Progress, dbt_build
from rating.errors import RatebookError
from rating.fingerprint import portfolio_hash, tariff_hash
from rating.project import code_version
from rating.publish import Months, publish

FIRST_MONTH, LAST_MONTH = datetime.date(1, 1, 1), datetime.date(9999, 12, 1)


@dataclass(frozen=True)
class Check:
    """A reconciliation check of a run."""

    check_name: str
    scope: str
    expected: Decimal | None
    actual: Decimal | None
    difference: Decimal | None
    status: str


@dataclass(frozen=True)
class RunReport:
    """What a run came to."""

    run_id: int
    status: str
    reads: int
    bills: int
    unbilled: int
    net_amount: Decimal
    message: str
    checks: Sequence[Check]
    nodes: Sequence[NodeResult]
    publish_seconds: float = 0.0

    @property
    def failed_checks(self) -> Sequence[Check]:
        """The checks that did not pass."""
        return [check for check in self.checks if check.status != "pass"]


def rate(
    url: URL,
    *,
    first_month: datetime.date | None = None,
    last_month: datetime.date | None = None,
    changed_only: bool = False,
    progress: Progress | None = None,
) -> RunReport:
    """Rate the billing months from `first_month` to `last_month`, both included.

    Builds in `rating_build`, runs every dbt test and reconciliation check, and publishes into
    `rating` in one transaction. A run that fails leaves the published bills as they were; its
    report says why. With `changed_only` the bills that loads since the last run cannot have moved
    stay; where none can have, there is no run, and the report is of status `unchanged`. Raises
    `RatebookError` where there is nothing to rate.
    """
    months = (first_month or FIRST_MONTH, last_month or LAST_MONTH)
    base = _base(url, changed_only)
    if base.run_id is not None and base.load_id != EVERYTHING:
        with open_duckdb(url) as connection:
            if not has_changes(connection, base):
                return unchanged(base.run_id)
    run_id = _begin(url, first_month, last_month, base)
    variables = {
        "run_id": run_id,
        "from_month": str(months[0]),
        "to_month": str(months[1]),
        "since_load": base.load_id,
    }
    try:
        nodes = dbt_build(url, variables, progress=progress)
        return _finish(url, run_id, months, base, nodes)
    except BaseException as error:
        _fail(url, run_id, f"stopped: {type(error).__name__}")
        raise


def unchanged(run_id: int) -> RunReport:
    """The report where nothing has changed since a run."""
    message = f"nothing has changed since run {run_id}"
    return RunReport(run_id, "unchanged", 0, 0, 0, Decimal(0), message, [], [])


def _base(url: URL, changed_only: bool) -> Base:
    if not changed_only:
        return Base(None, EVERYTHING)
    with open_duckdb(url) as connection:
        require_tables(connection)
        return base_run(
            connection, tariff_hash=tariff_hash(connection), code_version=code_version()
        )


def _begin(
    url: URL, first_month: datetime.date | None, last_month: datetime.date | None, base: Base
) -> int:
    with open_duckdb(url) as connection:
        require_tables(connection)
        found = connection.execute("select count(*) from portfolio.meter_read").fetchone()
        if not found or not found[0]:
            raise RatebookError("there are no meter reads; run `ratebook load FOLDER` first")
        row = connection.execute(
            "insert into rating.rating_run (run_id, started_at, status, engine, code_version,"
            " from_month, to_month, tariff_hash, portfolio_hash, load_id, base_run_id)"
            " select coalesce(max(run_id), 0) + 1, ?, 'running', 'duckdb', ?, ?, ?, ?, ?,"
            " (select max(load_id) from portfolio.load), ? from rating.rating_run returning run_id",
            [
                datetime.datetime.now(datetime.UTC),
                code_version(),
                first_month,
                last_month,
                tariff_hash(connection),
                portfolio_hash(connection),
                base.run_id,
            ],
        ).fetchone()
    assert row is not None
    return int(row[0])


def require_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise `RatebookError` unless the database has been initialized."""
    found = connection.execute(
        "select count(*) from duckdb_tables() where schema_name = 'rating'"
    ).fetchone()
    if not found or not found[0]:
        raise RatebookError("the database holds no Ratebook tables; run `ratebook init` first")


def _finish(
    url: URL,
    run_id: int,
    months: Months,
    base: Base,
    nodes: Sequence[NodeResult],
) -> RunReport:
    bad = [node for node in nodes if node.is_bad]
    if bad:
        message = "; ".join(f"{node.resource_type} {node.name}: {node.message}" for node in bad[:5])
        _fail(url, run_id, message)
        return RunReport(run_id, "failed", 0, 0, 0, Decimal(0), message, [], nodes)
    with open_duckdb(url) as connection:
        checks = _keep_checks(connection, run_id)
        failed = [check for check in checks if check.status != "pass"]
        message = (
            "; ".join(
                f"check {check.check_name} of {check.scope} is off by {check.difference}"
                for check in failed[:5]
            )
            or base.note
        )
        started = time.perf_counter()
        if not failed:
            publish(connection, run_id, months, changed_only=not base.is_everything)
        seconds = time.perf_counter() - started
        status = "failed" if failed else "published"
        counts = _count(connection, "rating_build")
        connection.execute(
            "update rating.rating_run set finished_at = ?, status = ?, reads = ?, bills = ?,"
            " unbilled = ?, net_amount = ?, message = ? where run_id = ?",
            [datetime.datetime.now(datetime.UTC), status, *counts, message or None, run_id],
        )
    return RunReport(run_id, status, *counts, message, checks, nodes, seconds)


def _keep_checks(connection: duckdb.DuckDBPyConnection, run_id: int) -> list[Check]:
    connection.execute(
        "insert into rating.reconciliation by name select * from rating_build.reconciliation"
    )
    return checks_of(connection, run_id)


def checks_of(connection: duckdb.DuckDBPyConnection, run_id: int) -> list[Check]:
    """The reconciliation checks of a run, failed ones first."""
    rows = connection.execute(
        "select check_name, scope, expected, actual, difference, status from"
        " rating.reconciliation where run_id = ? order by status, check_name, scope",
        [run_id],
    ).fetchall()
    return [Check(*row) for row in rows]


def _count(connection: duckdb.DuckDBPyConnection, schema: str) -> tuple[int, int, int, Decimal]:
    row = connection.execute(
        f"select count(*), coalesce(sum(net_amount), 0) from {schema}.bill"
    ).fetchone()
    unbilled = connection.execute(f"select count(*) from {schema}.unbilled_read").fetchone()
    assert row is not None and unbilled is not None
    return row[0] + unbilled[0], row[0], unbilled[0], row[1]


def _fail(url: URL, run_id: int, message: str) -> None:
    with open_duckdb(url) as connection:
        connection.execute(
            "update rating.rating_run set finished_at = ?, status = 'failed', message = ?"
            " where run_id = ? and status = 'running'",
            [datetime.datetime.now(datetime.UTC), message, run_id],
        )
