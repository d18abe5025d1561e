"""The build schema copied into the promised relations, in one transaction."""

import datetime
from collections.abc import Iterator

import duckdb
from sqlalchemy.engine import URL

from models.base import BUILD, RATING, Base
from rating.errors import RatebookError
from rating.seed.price_list import PRICE_LIST
from rating.store.database import transaction
from rating.store.urls import is_postgres

# What a run of what changed has rated; on the server views of a build there may hang on the first.
BUILD_SCOPE, BROUGHT_SCOPE = f"{BUILD}.int_scope", f"{BUILD}.scope_of_changes"
BY_MONTH = (
    "bill",
    "bill_line_item",
    "billing_demand",
    "unbilled_read",
    "interval_coverage",
    "interval_determinant",
)
# Built for the months that are only looked back at too.
WITH_HISTORY = ("interval_coverage", "interval_determinant")
WHOLE = (*PRICE_LIST, "monthly_factor")
Months = tuple[datetime.date, datetime.date]


def publish(
    connection: duckdb.DuckDBPyConnection,
    url: URL,
    run_id: int,
    build: str,
    months: Months,
    *,
    changed_only: bool,
) -> None:
    """Replace the published rows of what was rated by those of the schema `build`.

    `changed_only`: only agreements in `int_scope` were rated, each from its first month on.
    Relations of the tariffs are replaced whole. What a bill was before is kept in `bill_history`.
    A failure leaves everything as it was, and so does a run that is no longer said to be running:
    another one has taken its place.
    """
    connection.execute("set preserve_insertion_order = false")
    with transaction(connection):
        _claim(connection, run_id)
        if changed_only and build != BUILD:
            _bring_scope(connection, build)
        scope = BUILD_SCOPE if build == BUILD else BROUGHT_SCOPE
        rated = _rated(months, scope if changed_only else None)
        for place, statement in _statements(run_id, build, rated):
            _at(connection, url, place, statement)


def _statements(run_id: int, build: str, rated: str) -> Iterator[tuple[str, str]]:
    """What publishing consists of: (the schema that a statement reads, the statement)."""
    yield build, keep_history(run_id, rated, build)
    for relation in WHOLE:
        yield BUILD, f"delete from rating.{relation}"
    for relation in BY_MONTH:
        yield BUILD, f"delete from rating.{relation} as old{rated}"
    for relation in WHOLE + BY_MONTH:
        columns = Base.metadata.tables[f"{RATING}.{relation}"].columns.keys()
        # dbt by itself knows of no run.
        values = [f"{run_id} as run_id" if name == "run_id" else name for name in columns]
        insert = f"insert into rating.{relation} ({', '.join(columns)}) select {', '.join(values)}"
        asked_for = " where is_asked_for" if relation in WITH_HISTORY else ""
        yield build, f"{insert} from {build}.{relation}{asked_for}"


def _claim(connection: duckdb.DuckDBPyConnection, run_id: int) -> None:
    claimed = connection.execute(
        "update rating.rating_run set status = 'published', finished_at = ?"
        " where run_id = ? and status = 'running'",
        [datetime.datetime.now(datetime.UTC), run_id],
    ).fetchone()
    if claimed != (1,):
        raise RatebookError(f"run {run_id} was given up meanwhile; rate again")


def _at(connection: duckdb.DuckDBPyConnection, url: URL, build: str, statement: str) -> None:
    """Run a statement, on the server where all that it reads is there: by rows it takes minutes."""
    if is_postgres(url) and build == BUILD:
        connection.execute("call postgres_execute('store', ?)", [statement])
    else:
        connection.execute(statement)


def _bring_scope(connection: duckdb.DuckDBPyConnection, build: str) -> None:
    """The scope of a run that was built elsewhere, for statements that run on the server."""
    connection.execute(f"create schema if not exists {BUILD}")
    connection.execute(f"drop table if exists {BROUGHT_SCOPE}")
    connection.execute(f"create table {BROUGHT_SCOPE} as select * from {build}.int_scope")


def _rated(months: Months, scope: str | None) -> str:
    """A condition on the rows of `old`: those that the run has rated anew, of a scope if any."""
    conditions = []
    if months[0].year > 1 or months[1].year < 9999:
        conditions.append(f"old.billing_month between date '{months[0]}' and date '{months[1]}'")
    if scope:
        conditions.append(
            f"exists (select 1 from {scope} as scope"
            " where old.agreement_id = scope.agreement_id"
            " and old.billing_month >= scope.first_month)"
        )
    return f" where {' and '.join(conditions)}" if conditions else ""


def keep_history(run_id: int, rated: str, build: str) -> str:
    """SQL that keeps what the run's bills were before, where they change; none after the first."""
    columns = [column.name for column in Base.metadata.tables[f"{RATING}.bill_history"].columns]
    kept = [name for name in columns if name not in OF_CHANGE]
    compared = [column.name for column in Base.metadata.tables[f"{RATING}.bill"].columns]
    differing = " or ".join(
        f"old.{name} is distinct from new.{name}" for name in compared if name not in UNCOMPARED
    )
    return (
        f"insert into rating.bill_history ({', '.join([*OF_CHANGE, *kept])})"
        " select coalesce(old.agreement_id, new.agreement_id),"
        f" coalesce(old.billing_month, new.billing_month), {run_id},"
        " case when old.agreement_id is null then 'new'"
        " when new.agreement_id is null then 'removed' else 'changed' end,"
        " coalesce(new.net_amount, 0) - coalesce(old.net_amount, 0),"
        f" {', '.join(f'old.{name}' for name in kept)}"
        f" from (select * from rating.bill as old{rated}) as old"
        f" full join {build}.bill as new"
        " on old.agreement_id = new.agreement_id and old.billing_month = new.billing_month"
        " where exists (select 1 from rating.rating_run"
        f" where status = 'published' and run_id < {run_id})"
        f" and (old.agreement_id is null or new.agreement_id is null or {differing})"
    )


OF_CHANGE = ("agreement_id", "billing_month", "replaced_by_run_id", "what", "difference_amount")
UNCOMPARED = ("agreement_id", "billing_month", "run_id")
