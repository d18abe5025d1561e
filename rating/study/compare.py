"""Every agreement on every schedule it is eligible for, beside its actual bills."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import duckdb
from sqlalchemy.engine import URL

from rating.dbt_build import Progress
from rating.errors import RatebookError
from rating.study.as_billed import has_current_bills, take_published
from rating.study.break_even import find_break_even
from rating.study.candidates import READS_AT_ONCE, RESULTS, rate_candidates
from rating.study.compare_results import (
    COMPARISON,
    COMPARISON_TOTAL,
    NOT_COMPARED,
    SWITCHING,
)
from rating.study.database import Months, require_schedules, study_of
from rating.study.models import BILLS, ELIGIBILITY, compile_models, make

RELATIONS = ("comparison_total", "comparison", "switching", "not_compared", "break_even")

# Eligible schedules, and those of the actual bills, by calendar year. One row per agreement, year
# and schedule; an agreement that is billed with another has no bills of its own. What a meter
# reads and what lights come to is not compared: a lighting schedule bills no kWh of a meter.
CANDIDATE_YEAR = """
create or replace table study.candidate_year as
with billed_schedule as (
    select distinct
        bill.agreement_id,
        cast(year(bill.billing_month) as integer) as calendar_year,
        bill.schedule,
        schedule.kind
    from store.rating.bill as bill
    inner join tariff.schedule as schedule
        on bill.utility = schedule.utility and bill.schedule = schedule.schedule
),

wanted as (
    select judged.agreement_id, judged.calendar_year, judged.schedule
    from study.eligibility as judged
    semi join billed_schedule as billed
        on judged.agreement_id = billed.agreement_id and judged.kind = billed.kind
    where
        judged.status = 'eligible'
        and (
            len(cast($schedules as text[])) = 0
            or list_contains(cast($schedules as text[]), judged.schedule)
        )
    union
    select agreement_id, calendar_year, schedule from billed_schedule
)

select
    cast(dense_rank() over (order by agreement_id, schedule) as integer) as candidate_id,
    wanted.*
from wanted
"""
CANDIDATE = """
create or replace table study.candidate as
select distinct candidate_id, agreement_id, schedule from study.candidate_year
"""


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
    connection.execute(CANDIDATE_YEAR, {"schedules": list(schedules)})
    for schedule in schedules:
        _require_candidate(connection, schedule, months)
    connection.execute(CANDIDATE)
    connection.execute(RESULTS)


def _set_beside(
    connection: duckdb.DuckDBPyConnection, schedules: Sequence[str], months: Months
) -> None:
    """Make the results of what has been rated."""
    for statement in (COMPARISON, COMPARISON_TOTAL, SWITCHING):
        connection.execute(statement)
    first, last = months
    wanted = {"schedules": list(schedules), "first": first, "last": last}
    connection.execute(NOT_COMPARED, wanted)


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
