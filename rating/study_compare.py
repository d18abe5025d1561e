"""Every agreement on every schedule it is eligible for, beside its actual bills."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import duckdb
from sqlalchemy.engine import URL

from models.base import PORTFOLIO, Base
from rating.dbt_build import Progress
from rating.eligibility import build
from rating.errors import RatebookError
from rating.study import Months, Study, empty_portfolio, require_schedules, study_of
from rating.study_compare_results import (
    COMPARISON,
    COMPARISON_TOTAL,
    NOT_COMPARED,
    SWITCHING,
)

RELATIONS = ("comparison_total", "comparison", "switching", "not_compared")

# Eligible schedules, and those of the actual bills, by calendar year. One row per agreement, year
# and schedule; an agreement that is billed with another has no bills of its own.
CANDIDATE_YEAR = """
create or replace table study.candidate_year as
with billed_schedule as (
    select distinct
        agreement_id,
        cast(year(billing_month) as integer) as calendar_year,
        schedule
    from store.rating.bill
),

wanted as (
    select agreement_id, calendar_year, schedule from study.eligibility
    where
        status = 'eligible' and kind <> 'rider'
        and (
            len(cast($schedules as text[])) = 0
            or list_contains(cast($schedules as text[]), schedule)
        )
    union
    from billed_schedule
)

select
    cast(dense_rank() over (order by agreement_id, schedule) as text) as candidate_id,
    wanted.*
from wanted
semi join billed_schedule as billed
    on wanted.agreement_id = billed.agreement_id
"""

# Whose rows a candidate needs: the agreement's own, and those of meters that are added to its.
MEMBER = """
create or replace table study.member as
with candidate as (
    select distinct candidate_id, agreement_id, schedule from study.candidate_year
)

select candidate_id, candidate_id as member_id, agreement_id, schedule from candidate
union all
select distinct
    candidate.candidate_id,
    candidate.candidate_id || '|' || partner.agreement_id as member_id,
    partner.agreement_id,
    cast(null as text) as schedule
from candidate
inner join store.portfolio.service_agreement as partner
    on candidate.agreement_id = partner.combined_with_agreement_id
"""
# What a candidate's row has in place of the column; all else is the agreement's.
REPLACED = {
    "agreement_id": "member.member_id",
    "schedule": "coalesce(member.schedule, source_row.schedule)",
    "combined_with_agreement_id": "case when member.schedule is null"
    " and source_row.combined_with_agreement_id is not null then member.candidate_id end",
}
COPIED = (
    "service_agreement", "service_agreement_attribute", "meter_read", "meter_read_quantity",
    "rider_enrollment", "unit_inventory",
)  # fmt: skip


@contextmanager
def compare(
    source: URL,
    *,
    schedules: Sequence[str] = (),
    months: Months = (None, None),
    progress: Progress | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the results `RELATIONS` in the schema `study`.

    With `schedules` an agreement is rated on those only, and on its own. Raises `RatebookError`.
    """
    with study_of(source) as study:
        with study.open() as connection:
            require_schedules(connection, schedules)
        build(study.url, progress)
        _take_candidates(study, schedules)
        study.rate(months, progress)
        with study.open() as connection:
            for statement in (COMPARISON, COMPARISON_TOTAL, SWITCHING):
                connection.execute(statement)
            wanted = dict(zip(("first", "last"), months, strict=True))
            connection.execute(NOT_COMPARED, {"schedules": list(schedules), **wanted})
            yield connection


def _take_candidates(study: Study, schedules: Sequence[str]) -> None:
    """Put the candidates in the place of the agreements."""
    with study.open() as connection:
        connection.execute(
            "create or replace table study.eligibility as from rating_build.eligibility"
        )
        for schedule in schedules:
            _require_eligible(connection, schedule)
        connection.execute(CANDIDATE_YEAR, {"schedules": list(schedules)})
        connection.execute(MEMBER)
        empty_portfolio(connection, keep=("rider_cost_input", "lighting_hours"))
        for table in Base.metadata.sorted_tables:
            if table.schema == PORTFOLIO and table.name in COPIED:
                names = [column.name for column in table.columns]
                values = (REPLACED.get(name, f"source_row.{name}") for name in names)
                connection.execute(
                    f"insert into {table.fullname} ({', '.join(names)})"
                    f" select {', '.join(values)} from store.{table.fullname} as source_row"
                    " inner join study.member as member"
                    " on source_row.agreement_id = member.agreement_id"
                )


def _require_eligible(connection: duckdb.DuckDBPyConnection, schedule: str) -> None:
    found = connection.execute(
        "select 1 from study.eligibility where schedule = ? and status = 'eligible' limit 1",
        [schedule],
    ).fetchone()
    if found is None:
        raise RatebookError(
            f"no agreement is eligible for schedule {schedule}; `ratebook eligibility` says why"
        )
