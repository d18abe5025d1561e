"""A published run again, from the history that loads keep: same inputs, same hash, same bills."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import duckdb
from sqlalchemy.engine import URL

from models.base import RATING, Base
from rating.errors import RatebookError
from rating.portfolio.undo import undo_loads
from rating.project import code_version
from rating.run.dbt_build import Progress
from rating.run.fingerprint import portfolio_hash, tariff_hash
from rating.run.ledger import bills_after, differing
from rating.run.local_copy import local_copy
from rating.run.row import FIRST_MONTH, LAST_MONTH
from rating.run.run import rate
from rating.store.database import attached, open_database, open_duckdb


@dataclass(frozen=True)
class PublishedRun:
    """What a published run was made from."""

    run_id: int
    status: str
    load_id: int | None
    tariff_hash: str
    portfolio_hash: str
    code_version: str
    from_month: datetime.date | None
    to_month: datetime.date | None
    bills: int | None
    base_run_id: int | None


@dataclass(frozen=True)
class DifferingBill:
    """A bill that does not come out as it was published; dollars, None: there is no bill.

    `what` is what differs: the relation whose rows are not the same.
    """

    agreement_id: str
    billing_month: datetime.date
    what: str
    net_amount_published: Decimal | None
    net_amount_reproduced: Decimal | None


@dataclass(frozen=True)
class Reproduction:
    """What a run came to the second time: counts of what was compared, and what differs."""

    run_id: int
    tariff_hash: str
    portfolio_hash: str
    loads_undone: int
    bills: int
    lines: int
    differing: list[DifferingBill]


def reproduce(url: URL, run_id: int, progress: Progress | None = None) -> Reproduction:
    """Rate a published run's portfolio again, in a copy, and compare with what was published.

    Compared are all bills of the run's months that stood after it; lines and demands as far as
    they are still published under the run: of a bill that was replaced only its row is kept.
    Raises `RatebookError` where the run's tariffs, code or portfolio cannot be had again.
    """
    with open_database(url) as connection:
        run = _published_run(connection, run_id)
        _require_same_tariffs_and_code(connection, run)
    with local_copy(url) as copy:
        undone = _bring_back(copy, run)
        report = rate(copy, first_month=run.from_month, last_month=run.to_month, progress=progress)
        if report.status != "published":
            raise RatebookError(f"run {run_id} could not be rated again: {report.message}")
        with open_duckdb(copy) as connection, attached(connection, url):
            found = _compare(connection, run)
            bills, lines = _counts(connection, run)
    return Reproduction(run_id, run.tariff_hash, run.portfolio_hash, undone, bills, lines, found)


def _published_run(connection: duckdb.DuckDBPyConnection, run_id: int) -> PublishedRun:
    columns = ", ".join(PublishedRun.__dataclass_fields__)
    row = connection.execute(
        f"select {columns} from rating.rating_run where run_id = ?", [run_id]
    ).fetchone()
    if row is None:
        raise RatebookError(f"there is no run {run_id}; `ratebook runs` lists the runs")
    run = PublishedRun(*row)
    if run.status != "published":
        raise RatebookError(
            f"run {run_id} was not published; `ratebook runs` lists those that were"
        )
    if not run.bills and run.base_run_id is None:
        raise RatebookError(f"run {run_id} has no bills, so there is nothing to reproduce")
    if run.load_id is None:
        raise RatebookError(f"run {run_id} rated a portfolio that no load has brought; rate anew")
    return run


def _require_same_tariffs_and_code(
    connection: duckdb.DuckDBPyConnection, run: PublishedRun
) -> None:
    if run.code_version.partition("+")[0] != code_version():
        raise RatebookError(
            f"run {run.run_id} was rated by Ratebook {run.code_version} and this is"
            f" {code_version()}; install that version to reproduce it"
        )
    if run.tariff_hash != tariff_hash(connection):
        raise RatebookError(
            f"run {run.run_id} rated other tariffs ({run.tariff_hash}) than the database holds"
            f" ({tariff_hash(connection)}); load those again with `ratebook init`"
        )


def _bring_back(copy: URL, run: PublishedRun) -> int:
    """Make the portfolio of a copy that of the run; returns how many loads were taken back."""
    assert run.load_id is not None
    with open_duckdb(copy, read_only=False) as connection:
        undone = undo_loads(connection, run.load_id)
        if portfolio_hash(connection) == run.portfolio_hash:
            return undone
    reason = (
        "it was loaded by an earlier release, changed by hand, or a later load had interval reads"
        " several times"
    )
    raise RatebookError(
        f"the portfolio of run {run.run_id} cannot be brought back: {reason}; load what load"
        f" {run.load_id} left into a new database and rate it there"
    )


def _compare(connection: duckdb.DuckDBPyConnection, run: PublishedRun) -> list[DifferingBill]:
    """The bills that differ in their row, lines or demands."""
    queries = " union all ".join([_differing_bills(), *_differing_rows(run)])
    rows = connection.execute(
        f"with published as ({_bills_then(run)}), differing as ({queries})"
        " select agreement_id, billing_month, string_agg(distinct what, ', ' order by what),"
        " any_value(published.net_amount), any_value(new.net_amount)"
        " from differing left join published using (agreement_id, billing_month)"
        " left join rating.bill as new using (agreement_id, billing_month)"
        " group by agreement_id, billing_month order by agreement_id, billing_month"
    ).fetchall()
    return [DifferingBill(*row) for row in rows]


def _bills_then(run: PublishedRun) -> str:
    """SQL for the bills of the run's months as they stood after it."""
    first, last = run.from_month or FIRST_MONTH, run.to_month or LAST_MONTH
    return (
        f"select * from ({bills_after(run.run_id, 'store.')})"
        f" where billing_month between date '{first}' and date '{last}'"
    )


def _differing_bills() -> str:
    return (
        "select agreement_id, billing_month, 'bill' as what from published"
        " full join rating.bill as new using (agreement_id, billing_month)"
        f" where {differing('published', 'new')}"
    )


def _differing_rows(run: PublishedRun) -> Iterator[str]:
    """SQL for the bills still published under the run whose rows are not, whole, the same."""
    of_run = (
        f"(select agreement_id, billing_month from store.rating.bill where run_id = {run.run_id})"
    )
    for relation in ("bill", "bill_line_item", "billing_demand"):
        names = Base.metadata.tables[f"{RATING}.{relation}"].columns.keys()
        columns = ", ".join(name for name in names if name != "run_id")
        old, new = (
            f"select {columns} from {place}rating.{relation} semi join {of_run}"
            " using (agreement_id, billing_month)"
            for place in ("store.", "")
        )
        for one, other in ((old, new), (new, old)):
            yield (
                f"select agreement_id, billing_month, '{relation}' as what"
                f" from (({one}) except all ({other}))"
            )


def _counts(connection: duckdb.DuckDBPyConnection, run: PublishedRun) -> tuple[int, int]:
    """How many bills and lines were compared."""
    row = connection.execute(
        f"select (select count(*) from ({_bills_then(run)})),"
        f" (select count(*) from store.rating.bill_line_item where run_id = {run.run_id})"
    ).fetchone()
    return row or (0, 0)
