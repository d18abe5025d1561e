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

COMPARISON = """
create or replace table study.comparison as
with candidate_bill as (
    select
        candidate.agreement_id,
        candidate.schedule,
        bill.billing_month,
        bill.net_amount as bill_usd
    from rating.bill as bill
    inner join study.candidate_year as candidate
        on
            bill.agreement_id = candidate.candidate_id
            and year(bill.billing_month) = candidate.calendar_year
)

select
    one.agreement_id,
    one.schedule,
    one.billing_month,
    actual.utility,
    actual.customer_class,
    actual.schedule as actual_schedule,
    one.bill_usd,
    actual.net_amount as actual_usd,
    one.bill_usd - actual.net_amount as difference_usd,
    one.bill_usd = min(one.bill_usd) over (
        partition by one.agreement_id, one.billing_month
    ) as is_cheapest
from candidate_bill as one
inner join store.rating.bill as actual
    on one.agreement_id = actual.agreement_id and one.billing_month = actual.billing_month
"""

# An agreement's cheapest schedule is sought among those that have a bill for every month compared.
COMPARISON_TOTAL = """
create or replace table study.comparison_total as
with summed as (
    select
        agreement_id,
        schedule,
        any_value(utility) as utility,
        arg_max(customer_class, billing_month) as customer_class,
        arg_max(actual_schedule, billing_month) as actual_schedule,
        cast(count(*) as integer) as months,
        sum(bill_usd) as bill_usd,
        sum(actual_usd) as actual_usd,
        sum(difference_usd) as difference_usd,
        cast(count(*) filter (where is_cheapest) as integer) as months_cheapest,
        string_agg(strftime(billing_month, '%Y-%m'), ' ' order by billing_month)
            filter (where is_cheapest) as cheapest_months
    from study.comparison
    group by agreement_id, schedule
),

ranked as (
    select
        summed.*,
        months = max(months) over (partition by agreement_id) as is_whole
    from summed
)

select
    ranked.*,
    is_whole and bill_usd = min(bill_usd) filter (where is_whole) over (
        partition by agreement_id
    ) as is_cheapest
from ranked
"""

# On a tie an agreement stays where it is, else it takes the first by name.
SWITCHING = """
create or replace table study.switching as
with best as (
    select distinct on (agreement_id) *
    from study.comparison_total
    where is_cheapest
    order by agreement_id, schedule <> actual_schedule, schedule
)

select
    utility,
    customer_class,
    actual_schedule,
    schedule as cheapest_schedule,
    cast(count(*) as integer) as agreements,
    sum(actual_usd) as actual_usd,
    sum(bill_usd) as cheapest_usd,
    sum(difference_usd) as difference_usd
from best
group by utility, customer_class, actual_schedule, schedule
"""

NOT_COMPARED = """
create or replace table study.not_compared as
select
    candidate.agreement_id,
    candidate.schedule,
    unbilled.billing_month,
    unbilled.reason,
    unbilled.detail
from rating.unbilled_read as unbilled
inner join study.candidate_year as candidate
    on
        unbilled.agreement_id = candidate.candidate_id
        and year(unbilled.billing_month) = candidate.calendar_year
union all
select agreement_id, null as schedule, billing_month, reason, detail
from store.rating.unbilled_read
where
    billing_month >= coalesce(cast($first as date), billing_month)
    and billing_month <= coalesce(cast($last as date), billing_month)
union all
select
    agreement_id,
    schedule,
    null as billing_month,
    'eligibility_undecided' as reason,
    cast(calendar_year as text) || ': ' || reason as detail
from study.eligibility
where
    status = 'undecided' and kind <> 'rider' and not is_actual_schedule
    and (len(cast($schedules as text[])) = 0 or list_contains(cast($schedules as text[]), schedule))
    and calendar_year >= coalesce(year(cast($first as date)), calendar_year)
    and calendar_year <= coalesce(year(cast($last as date)), calendar_year)
"""


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
