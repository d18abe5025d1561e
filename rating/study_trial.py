"""Bills of a study made in its build schema, as often as a study asks; none is published."""

from collections.abc import Iterable, Sequence

from rating.changes import EVERYTHING
from rating.dbt_build import Progress
from rating.errors import RatebookError
from rating.publish import BUILD
from rating.run import Check
from rating.study import Months, Study
from rating.study_models import BILLS_AND_LINES, CHECKED_BILLS, compile_models, make, models_of

FAILED = f"""
select check_name, scope, expected, actual, difference, status
from {BUILD}.reconciliation
where status != 'pass'
order by check_name, scope
"""


def build_bills(
    study: Study,
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
    with study.open() as connection:
        make(connection, models, progress)


def build_checked_bills(study: Study, months: Months, progress: Progress | None = None) -> None:
    """Make the bills as `build_bills` does; raises `RatebookError` where a check of them fails."""
    build_bills(study, months, wanted=CHECKED_BILLS, progress=progress)
    with study.open() as connection:
        failed = [Check(*row) for row in connection.execute(FAILED).fetchall()]
    if failed:
        sentences = "; ".join(check.sentence for check in failed[:5])
        raise RatebookError(f"the study cannot be rated: {sentences}")
