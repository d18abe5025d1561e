"""Every agreement on every schedule it is eligible for, beside its actual bills."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import duckdb
from sqlalchemy.engine import URL

from rating.errors import RatebookError
from rating.memory.database import Months
from rating.memory.models import BILLS, ELIGIBILITY, compile_models, make
from rating.run.dbt_build import Progress
from rating.study.as_billed import has_current_bills, take_published
from rating.study.break_even import find_break_even
from rating.study.candidates import READS_AT_ONCE, RESULTS, rate_candidates
from rating.study.database import require_schedules, study_of
from rating.study.relations import make_relation

RELATIONS = ("comparison_total", "comparison", "switching", "not_compared", "break_even")


@contextmanager
def compare(
    source: URL,
    *,
    schedules: Sequence[str] = (),
    months: Months = (None, None),
    progress: Progress | None = None,
    break_even: bool = False,
    reads_at_once: int = READS_AT_ONCE,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the results `RELATIONS` in the schema `study`.

    With `schedules` an agreement is rated on those only, and on its own; `break_even` has rows
    only where it is asked for, which costs up to a hundred bills a month more for each agreement.
    Raises `RatebookError`.
    """
    with study_of(source, months) as connection:
        require_schedules(connection, schedules)
        models = compile_models(BILLS, months, progress=progress)
        make(connection, compile_models(ELIGIBILITY, progress=progress), progress)
        _list_candidates(connection, schedules, months)
        take_published(connection, months, has_current_bills(connection))
        rate_candidates(connection, models, reads_at_once)
        _set_beside(connection, schedules, months)
        find_break_even(connection, models, reads_at_once, is_asked=break_even)
        yield connection


def _list_candidates(
    connection: duckdb.DuckDBPyConnection, schedules: Sequence[str], months: Months
) -> None:
    """Make the tables of what is to be rated."""
    connection.execute(
        "create or replace view study.eligibility as from rating_build.eligibility"
        " where kind <> 'rider'"
    )
    make_relation(connection, "compare/candidate_year", {"schedules": list(schedules)})
    for schedule in schedules:
        _require_candidate(connection, schedule, months)
    make_relation(connection, "compare/candidate")
    connection.execute(RESULTS)


def _set_beside(
    connection: duckdb.DuckDBPyConnection, schedules: Sequence[str], months: Months
) -> None:
    """Make the results of what has been rated."""
    for name in ("comparison", "comparison_total", "switching"):
        make_relation(connection, f"compare/{name}")
    first, last = months
    wanted = {"schedules": list(schedules), "first": first, "last": last}
    make_relation(connection, "compare/not_compared", wanted)


def _require_candidate(
    connection: duckdb.DuckDBPyConnection, schedule: str, months: Months
) -> None:
    """Raise `RatebookError` where no agreement is to be rated on a schedule in these years."""
    first, last = (month and month.year for month in months)
    found = connection.execute(
        "select 1 from study.candidate_year where schedule = $schedule"
        " and calendar_year >= coalesce($first, calendar_year)"
        " and calendar_year <= coalesce($last, calendar_year) limit 1",
        {"schedule": schedule, "first": first, "last": last},
    ).fetchone()
    if found is None:
        raise RatebookError(
            f"no agreement is eligible for schedule {schedule} in the years compared;"
            " `ratebook eligibility` says why"
        )
