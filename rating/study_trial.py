"""Bills of a study built once more, as often as a study asks: neither tested nor published."""

from collections.abc import Sequence

from rating.changes import EVERYTHING, Base
from rating.dbt_build import Progress, dbt_build
from rating.errors import RatebookError
from rating.run import DUCKDB
from rating.run_row import FIRST_MONTH, LAST_MONTH, Asked
from rating.study import Months, Study

MADE = ("bill", "bill_line_item", "unbilled_read")


def build_bills(
    study: Study,
    months: Months,
    *,
    changed: Sequence[str] | None = None,
    since_load: int = EVERYTHING,
    progress: Progress | None = None,
) -> None:
    """Make the bills of a study database in `rating_build`; raises `RatebookError`.

    With `changed`, names of tariff tables, only what hangs on them is made anew; it may be nothing
    but them that has changed since the bills were last made. With `since_load` only agreements are
    rated that later loads name (`portfolio.change`).
    """
    if changed is None:
        wanted = [f"+{model}" for model in MADE]
    else:
        wanted = [f"source:ratebook.tariff.{one}+,+{model}" for one in changed for model in MADE]
    asked = (months[0] or FIRST_MONTH, months[1] or LAST_MONTH)
    variables = Asked(DUCKDB, asked, Base(None, since_load)).variables(run_id=0)
    nodes = dbt_build(
        study.url, variables, arguments=("run", "--select", *wanted), progress=progress
    )
    bad = [node for node in nodes if node.is_bad]
    if bad:
        words = "; ".join(f"{node.resource_type} {node.name}: {node.message}" for node in bad[:3])
        raise RatebookError(f"the study cannot be rated: {words}")
