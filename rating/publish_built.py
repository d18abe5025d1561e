"""What dbt has built by itself, audited and published."""

import duckdb
from sqlalchemy.engine import URL

from rating.changes import EVERYTHING, Base
from rating.database import open_duckdb, require_tables
from rating.dbt_build import WITHOUT, Progress
from rating.errors import RatebookError
from rating.publish import BUILD, Months
from rating.run import DUCKDB, POSTGRES, RunReport, carry_out
from rating.run_row import Asked
from rating.urls import is_postgres
from rating.writing import writing

# Every test of the data, and the reconciliation anew: what dbt said of them is not known here.
AUDIT = ("build", "--select", "path:models/reconciliation", "test_type:data", *WITHOUT)
HOW = "run `dbt build` in dbt_project/"
NOTE = "dbt built it by itself"
BUILT = f"""
select
    built.from_month,
    built.to_month,
    built.since_load != {EVERYTHING} as is_partial,
    built.portfolio_build_id = portfolio.build_id
    and built.tariff_build_id = tariff.build_id as is_whole,
    built.load_id is not distinct from loaded.load_id as is_of_portfolio,
    built.tariff_fingerprint is not distinct from loaded.tariff_fingerprint as is_of_tariffs
from {BUILD}.int_input__built as built
cross join {BUILD}.int_input__portfolio as portfolio
cross join {BUILD}.int_input__tariff as tariff
cross join {BUILD}.int_input__loaded as loaded
"""


def publish_built(url: URL, *, progress: Progress | None = None) -> RunReport:
    """Publish what lies in `rating_build` as a run of its own, if it passes an audit.

    The build must be of all agreements, and of the tariffs and the last load that the database
    holds. Every dbt test and reconciliation check is made again on it; a failure leaves the
    published bills as they were. Raises `RatebookError` where there is no build of that kind.
    """
    with writing(url, "publish") as target:
        with open_duckdb(target) as connection:
            require_tables(connection)
            months = _months_built(connection)
        engine = POSTGRES if is_postgres(target) else DUCKDB
        base = Base(None, EVERYTHING)
        return carry_out(target, Asked(engine, months, base, AUDIT, NOTE), progress)


def _months_built(connection: duckdb.DuckDBPyConnection) -> Months:
    """The months of the build; raises `RatebookError` where it is not of what is loaded."""
    try:
        found = connection.execute(BUILT).fetchone()
    except (duckdb.CatalogException, duckdb.BinderException):
        found = None
    if found is None:
        raise RatebookError(f"nothing is built; {HOW}")
    first, last, is_partial, is_whole, is_of_portfolio, is_of_tariffs = found
    if not is_whole:
        raise RatebookError(f"the last build did not reach its end; {HOW} again")
    if is_partial:
        raise RatebookError(f"only what changed was built; {HOW}")
    for what, is_same in (("portfolio", is_of_portfolio), ("tariffs", is_of_tariffs)):
        if not is_same:
            raise RatebookError(f"the {what} changed after the build; {HOW} again")
    return first, last
