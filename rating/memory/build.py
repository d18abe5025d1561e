"""Bills made in memory, in the build schema, as often as a study or a trial asks."""

from collections.abc import Iterable, Sequence

import duckdb

from models.base import BUILD
from rating.errors import RatebookError
from rating.memory.database import Months
from rating.memory.models import BILLS_AND_LINES, CHECKED_BILLS, compile_models, make, models_of
from rating.run.changes import EVERYTHING
from rating.run.dbt_build import Progress
from rating.run.run import Check, sentences_of

FAILED = f"""
select check_name, scope, expected, actual, difference, status
from {BUILD}.reconciliation
where status != 'pass'
order by check_name, scope
"""


def build_bills(
    connection: duckdb.DuckDBPyConnection,
    months: Months,
    *,
    wanted: Iterable[str] = BILLS_AND_LINES,
    changed: Sequence[str] | None = None,
    since_load: int = EVERYTHING,
    progress: Progress | None = None,
) -> None:
    """Make the bills of a study database in `rating_build`; raises `RatebookError`.

    With `changed`, names of tariff tables, only what hangs on them is made anew; it may be nothing
    but them that has changed since the bills were last made. With `since_load` only agreements are
    rated that later loads name (`portfolio.change`).
    """
    models = compile_models(wanted, months, since_load=since_load, progress=progress)
    if changed is not None:
        models = models_of(models, changed)
    make(connection, models, progress)


def build_checked_bills(
    connection: duckdb.DuckDBPyConnection, months: Months, progress: Progress | None = None
) -> None:
    """Make the bills as `build_bills` does; raises `RatebookError` where a check of them fails."""
    build_bills(connection, months, wanted=CHECKED_BILLS, progress=progress)
    failed = failed_checks(connection)
    if failed:
        raise RatebookError(f"the bills cannot be rated: {sentences_of(failed)}")


def failed_checks(connection: duckdb.DuckDBPyConnection) -> list[Check]:
    """The checks that the bills just made do not pass."""
    return [Check(*row) for row in connection.execute(FAILED).fetchall()]
