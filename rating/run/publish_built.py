"""What dbt has built by itself, audited and published."""

import duckdb
from sqlalchemy.engine import URL

from rating.errors import RatebookError
from rating.run.built import is_of_another_name, what_is_built
from rating.run.changes import EVERYTHING, Base
from rating.run.dbt_build import WITHOUT, Progress
from rating.run.publish import Months
from rating.run.row import Asked
from rating.run.run import DUCKDB, POSTGRES, RunReport, carry_out
from rating.store.database import open_database
from rating.store.urls import is_postgres
from rating.store.writing import writing

# Every test of the data, and the reconciliation anew: what dbt said of them is not known here.
AUDIT = ("build", "--select", "path:models/reconciliation", "test_type:data", *WITHOUT)
HOW = "run `dbt build` in dbt_project/"
NOTE = "published as it was built before"


def publish_built(url: URL, *, progress: Progress | None = None) -> RunReport:
    """Publish what lies in `rating_build` as a run of its own, if it passes an audit.

    The build must be of all agreements, and of the tariffs and the last load that the database
    holds. Every dbt test and reconciliation check is made again on it; a failure leaves the
    published bills as they were. Raises `RatebookError` where there is no build of that kind.
    """
    with writing(url, "publish") as target:
        with open_database(target) as connection:
            months = _months_built(connection)
        engine = POSTGRES if is_postgres(target) else DUCKDB
        base = Base(None, EVERYTHING)
        return carry_out(target, Asked(engine, months, base, AUDIT, NOTE), progress)


def _months_built(connection: duckdb.DuckDBPyConnection) -> Months:
    """The months of the build; raises `RatebookError` where it is not of what is loaded."""
    built = what_is_built(connection)
    if built is None and is_of_another_name(connection):
        raise RatebookError(f"what is built was built in a file of another name; {HOW} again")
    if built is None:
        raise RatebookError(f"nothing is built; {HOW}")
    if not built.is_whole:
        raise RatebookError(f"the last build did not reach its end; {HOW} again")
    if built.is_partial:
        raise RatebookError(f"only what changed was built; {HOW}")
    if not built.is_of_portfolio:
        raise RatebookError(f"the portfolio changed after the build; {HOW} again")
    if not built.is_of_tariffs:
        raise RatebookError(f"the tariffs changed after the build; {HOW} again")
    return built.months
