"""A rating run: build, test, reconcile, publish, and its row in the ledger."""

import datetime
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from decimal import Decimal

import duckdb
from sqlalchemy.engine import URL

from models.base import BUILD
from rating.errors import RatebookError
from rating.run.built import what_stands
from rating.run.changes import EVERYTHING, Base, base_run
from rating.run.dbt_build import RATING_RUN, NodeResult, Progress, dbt_build
from rating.run.failing_rows import FailingRows, rows_of_checks, rows_of_tests, with_declared_tests
from rating.run.local_copy import local_copy
from rating.run.publish import publish
from rating.run.row import (
    FIRST_MONTH,
    LAST_MONTH,
    Asked,
    Counts,
    begin_run,
    fail_run,
    note_counts,
)
from rating.store.database import open_database, open_duckdb
from rating.store.quoting import literal
from rating.store.urls import database_file, is_postgres
from rating.store.writing import writing

DUCKDB, POSTGRES = "duckdb", "postgres"
ENGINES = (DUCKDB, POSTGRES)


@dataclass(frozen=True)
class Check:
    """A reconciliation check of a run."""

    check_name: str
    scope: str
    expected: Decimal | None
    actual: Decimal | None
    difference: Decimal | None
    status: str

    @property
    def is_bad(self) -> bool:
        """Whether the check did not pass."""
        return self.status != "pass"

    @property
    def sentence(self) -> str:
        """What is wrong."""
        return f"check {self.check_name} of {self.scope} is off by {self.difference}"


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
    failing: Sequence[FailingRows] = ()

    @property
    def failed_checks(self) -> Sequence[Check]:
        """The checks that did not pass."""
        return [check for check in self.checks if check.is_bad]


def rate(
    url: URL,
    *,
    engine: str = DUCKDB,
    first_month: datetime.date | None = None,
    last_month: datetime.date | None = None,
    changed_only: bool = False,
    progress: Progress | None = None,
) -> RunReport:
    """Rate the billing months from `first_month` to `last_month`, both included.

    Builds in `rating_build`, runs every dbt test and reconciliation check, and publishes into
    `rating` in one transaction. A run that fails leaves the published bills as they were; its
    report says why. `engine` does the arithmetic: DuckDB, on a copy where the rows are in
    PostgreSQL, or PostgreSQL. With `changed_only` the bills that loads since the last run cannot
    have moved stay; where none can have, there is no run, and the report is of status `unchanged`.
    Raises `RatebookError` where there is nothing to rate.
    """
    _require_engine(url, engine)
    with writing(url, "rate") as target:
        base, stands = _base(target, changed_only)
        if base.run_id is not None and not base.has_changes:
            return _unchanged(base.run_id)
        months = (first_month or FIRST_MONTH, last_month or LAST_MONTH)
        asked = Asked(engine, months, base, (*RATING_RUN, *stands), base.note)
        return carry_out(target, asked, progress)


def carry_out(target: URL, asked: Asked, progress: Progress | None = None) -> RunReport:
    """A run in a database that nobody else writes: its row, dbt, its checks, publishing."""
    run_id = begin_run(target, asked)
    try:
        with _place_to_build(target, asked.engine) as place:
            variables = asked.variables(run_id)
            nodes = dbt_build(place, variables, arguments=asked.arguments, progress=progress)
            return _finish(target, place, run_id, asked, nodes)
    except BaseException as error:
        with suppress(RatebookError, duckdb.Error):  # the database may be what is gone
            fail_run(target, run_id, f"stopped: {_cause(error)}")
        raise


def _cause(error: BaseException) -> str:
    """Why a run ended by an exception."""
    return "it was told to" if isinstance(error, KeyboardInterrupt) else type(error).__name__


def _unchanged(run_id: int) -> RunReport:
    message = f"nothing has changed since run {run_id}"
    return RunReport(run_id, "unchanged", 0, 0, 0, Decimal(0), message, [], [])


def _base(url: URL, changed_only: bool) -> tuple[Base, Sequence[str]]:
    """What the run starts from, and what of the build it may leave as it is."""
    if not changed_only:
        return Base(None, EVERYTHING), ()
    with open_database(url) as connection:
        base = base_run(connection)
        # In PostgreSQL a table that is made anew takes the views on it away.
        may_leave = base.has_changes and not is_postgres(url)
        return base, what_stands(connection, base) if may_leave else ()


def _require_engine(url: URL, engine: str) -> None:
    if engine not in ENGINES:
        raise RatebookError(f"--engine {engine} is unknown; write {' or '.join(ENGINES)}")
    if engine == POSTGRES and not is_postgres(url):
        raise RatebookError(
            "--engine postgres rates in a PostgreSQL database, and --database names a DuckDB file;"
            " leave --engine away"
        )


def _place_to_build(target: URL, engine: str) -> AbstractContextManager[URL]:
    """The database in which dbt builds: the store itself, or a copy that DuckDB can work in."""
    if is_postgres(target) and engine == DUCKDB:
        return local_copy(target)
    return nullcontext(target)


def _finish(
    target: URL, place: URL, run_id: int, asked: Asked, nodes: Sequence[NodeResult]
) -> RunReport:
    bad = [node for node in nodes if node.is_bad]
    if bad:
        with open_duckdb(place) as connection:
            nodes = with_declared_tests(connection, place, nodes)
            bad = [node for node in nodes if node.is_bad]
            failing = rows_of_tests(connection, place, bad)
        message = "; ".join(f"{node.resource_type} {node.name}: {node.message}" for node in bad[:5])
        fail_run(target, run_id, message)
        return RunReport(run_id, "failed", 0, 0, 0, Decimal(0), message, [], nodes, failing=failing)
    with open_duckdb(target, read_only=False) as connection:
        build = _schema_of(connection, target, place)
        checks = _keep_checks(connection, run_id, build)
        failed = [check for check in checks if check.is_bad]
        message = sentences_of(failed) or asked.note
        counts = _count(connection, build)
        note_counts(connection, run_id, counts, message)
        started = time.perf_counter()
        if not failed:
            publish(connection, target, run_id, build, asked.months, changed_only=asked.is_partial)
        seconds = time.perf_counter() - started
        failing = rows_of_checks(connection, run_id, build) if failed else []
    if failed:
        fail_run(target, run_id, message)
    status = "failed" if failed else "published"
    return RunReport(run_id, status, *counts, message, checks, nodes, seconds, failing)


def _schema_of(connection: duckdb.DuckDBPyConnection, target: URL, place: URL) -> str:
    """The build schema as the store's connection sees it."""
    if place == target:
        return BUILD
    file = database_file(place)
    connection.execute(f"attach {literal(str(file))} as {file.stem} (read_only)")
    return f"{file.stem}.{BUILD}"


def _keep_checks(connection: duckdb.DuckDBPyConnection, run_id: int, build: str) -> list[Check]:
    connection.execute(
        f"insert into rating.reconciliation by name select * from {build}.reconciliation"
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


def sentences_of(failed: Sequence[Check]) -> str:
    """What is wrong, by the first five checks that failed; blank where none has."""
    return "; ".join(one.sentence for one in failed[:5])


def _count(connection: duckdb.DuckDBPyConnection, schema: str) -> Counts:
    """(reads, bills, unbilled reads, net amount in dollars) of a schema."""
    row = connection.execute(
        f"select count(*), coalesce(sum(net_amount), 0) from {schema}.bill"
    ).fetchone()
    unbilled = connection.execute(f"select count(*) from {schema}.unbilled_read").fetchone()
    assert row is not None and unbilled is not None
    return row[0] + unbilled[0], row[0], unbilled[0], row[1]
