"""For which schedules agreements qualify: built by dbt when asked for, and summed up."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
from sqlalchemy.engine import URL

from models.base import BUILD as SCHEMA
from rating.errors import RatebookError
from rating.project import models_fingerprint
from rating.run.dbt_build import Progress, dbt_build
from rating.run.failing_rows import with_declared_tests
from rating.run.local_copy import local_copy
from rating.store.database import open_duckdb, require_reads
from rating.store.query import Row, query_rows
from rating.store.urls import is_postgres
from rating.store.writing import writing

RELATION = f"{SCHEMA}.eligibility"
# Of the tests that models declare `OF_ELIGIBILITY` asks those that look at nothing else: there may
# have been no rating run.
BUILD = (
    "build", "--select", "+tag:eligibility", "--exclude-resource-type", "unit_test",
    "--indirect-selection", "buildable", "--exclude", "test_type:generic",
)  # fmt: skip
IS_CURRENT = f"""
    select built.load_id is not distinct from loaded.load_id
        and built.tariff_fingerprint is not distinct from loaded.tariff_fingerprint
        and built.models_fingerprint = $models
    from {SCHEMA}.int_eligibility__built as built
    cross join {SCHEMA}.int_input__loaded as loaded
"""
SUMMARY = f"""
    select utility, schedule, kind,
        count(*) filter (where status = 'eligible') as eligible,
        count(*) filter (where status = 'undecided') as undecided,
        count(*) filter (where status = 'not_eligible') as not_eligible,
        count(*) filter (where is_actual_schedule) as on_it,
        count(*) filter (where is_actual_schedule and status = 'not_eligible') as disagreeing
    from {RELATION} where calendar_year = coalesce($1, calendar_year)
    group by utility, schedule, kind
    order by utility, array_position(['rate', 'lighting', 'rider'], kind), schedule
"""
DISAGREEMENTS = f"""
    select agreement_id, calendar_year, utility, schedule, reason,
        (select string_agg(other.schedule, ', ' order by other.schedule) from {RELATION} as other
            where other.agreement_id = one.agreement_id
            and other.calendar_year = one.calendar_year
            and other.kind = one.kind and other.status = 'eligible') as eligible_for
    from {RELATION} as one
    where calendar_year = coalesce($1, calendar_year)
        and is_actual_schedule and status = 'not_eligible'
    order by utility, schedule, agreement_id, calendar_year
"""
OF_AGREEMENT = f"""
    select * from {RELATION}
    where calendar_year = coalesce($1, calendar_year) and agreement_id = $2
    order by calendar_year, array_position(['rate', 'lighting', 'rider'], kind), schedule
"""


@contextmanager
def built(url: URL, progress: Progress | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that sees the relation `eligibility` of what is loaded, in `rating_build`.

    It is built in the DuckDB file, unless it is of what the file holds already, or in a copy of
    what PostgreSQL holds. Raises `RatebookError` where nothing is loaded or a model or test fails.
    """
    if is_postgres(url):
        with local_copy(url) as place:
            _build(place, progress)
            with open_duckdb(place) as connection:
                yield connection
    else:
        if not _is_current(url):
            build(url, progress)
        with open_duckdb(url) as connection:
            yield connection


def _is_current(url: URL) -> bool:
    """Whether the relation is of the portfolio, the tariffs and the models that there are."""
    with open_duckdb(url) as connection:
        try:
            found = connection.execute(IS_CURRENT, {"models": models_fingerprint()}).fetchone()
        except (duckdb.CatalogException, duckdb.BinderException):
            return False
    return bool(found and found[0])


def build(url: URL, progress: Progress | None = None) -> None:
    """Build the relation `eligibility` in a DuckDB file; raises `RatebookError`."""
    with writing(url, "eligibility") as target:
        _build(target, progress)


def _build(url: URL, progress: Progress | None) -> None:
    with open_duckdb(url) as connection:
        require_reads(connection)
    variables = {"RATEBOOK_MODELS": models_fingerprint()}
    nodes = dbt_build(url, variables, arguments=BUILD, progress=progress)
    if any(node.is_bad for node in nodes):
        with open_duckdb(url) as connection:
            bad = [one for one in with_declared_tests(connection, url, nodes) if one.is_bad]
        raise RatebookError(*(f"{one.resource_type} {one.name}: {one.message}" for one in bad))


def by_schedule(connection: duckdb.DuckDBPyConnection, year: int | None) -> list[Row]:
    """Agreement-years by utility, schedule and status; of one year or of all."""
    return query_rows(connection, SUMMARY, [year])


def disagreements(connection: duckdb.DuckDBPyConnection, year: int | None) -> list[Row]:
    """Agreement-years on a schedule that they do not qualify for, and what they qualify for."""
    return query_rows(connection, DISAGREEMENTS, [year])


def of_agreement(
    connection: duckdb.DuckDBPyConnection, agreement_id: str, year: int | None
) -> list[Row]:
    """Every schedule of an agreement's utility, year by year; raises `RatebookError`."""
    found = query_rows(connection, OF_AGREEMENT, [year, agreement_id])
    if not found:
        when = f" in {year}" if year else ""
        raise RatebookError(f"agreement {agreement_id} has nothing to judge{when}; check its id")
    return found
