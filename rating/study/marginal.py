"""What the next kWh and the next kW cost: every read rated with a little more of either.

Each read that has a bill is copied twice, once with more kWh and once with more kW, together with
the months before it as they are, so that the demand it leaves to later months does not count.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import duckdb
from sqlalchemy.engine import URL

from rating.errors import RatebookError
from rating.memory.build import build_bills
from rating.memory.copies import AGREEMENT_TABLES, copy_rows
from rating.memory.database import Months, empty_portfolio
from rating.run.dbt_build import Progress
from rating.study.database import require_bills, require_schedules, study_of
from rating.study.relations import make_relation

RELATIONS = ("marginal",)
# Reads copied at a time, the earlier months of each included.
MOST_READS = 3_000_000
# One row per billing month: how many reads its copies need, earlier months included.
READS = """
    select billing_month, cast(2 * sum(number) as bigint) as reads
    from study.asked
    group by billing_month
    order by billing_month
"""
PREPARED = (
    """
    create or replace table study.probe (
        probe_id text, agreement_id text, billing_month date, of_what text
    )
    """,
    """
    create or replace table study.probed (
        agreement_id text, billing_month date, of_what text, bill_usd decimal(18, 2)
    )
    """,
)
PROBE = (
    "delete from study.probe",
    """
    insert into study.probe
    select
        bill.agreement_id || '|' || strftime(bill.billing_month, '%Y-%m') || '|' || what.of_what,
        bill.agreement_id,
        bill.billing_month,
        what.of_what
    from study.asked as bill
    inner join store.portfolio.meter_read as read
        on
            bill.agreement_id = read.agreement_id
            and bill.billing_month = read.billing_month
    anti join store.rating.interval_coverage as interval_reads
        on bill.agreement_id = interval_reads.agreement_id
    cross join (select unnest(['kwh', 'kw']) as of_what) as what
    where list_contains($months, bill.billing_month)
        and case
            when what.of_what = 'kwh' then read.kwh
            else coalesce(read.kw, read.kw_on_peak, read.kw_off_peak)
        end is not null
    """,
)
# What a copy's row has in place of the column.
REPLACED = {
    "agreement_id": "member.member_id",
    "combined_with_agreement_id": "case when"
    " source_row.combined_with_agreement_id = member.partner_of then member.probe_id end",
}
OF_MEMBER = "inner join study.member as member on source_row.agreement_id = member.agreement_id"
# Of what is read by months only those up to the read's own.
UP_TO_THE_READ = "where source_row.billing_month <= member.billing_month"
# The next kWh falls on and off peak as the month's did, in millionths; the next kW in each period.
ON_PEAK = (
    "study.quotient(cast($step as decimal(19, 6)) * cast(kwh_on_peak as decimal(19, 6)),"
    " nullif(kwh, 0))"
)
CHANGED = (
    f"""
    update portfolio.meter_read as read set
        kwh_on_peak = kwh_on_peak + {ON_PEAK},
        kwh_off_peak = kwh_off_peak + $step - {ON_PEAK},
        kwh = kwh + $step
    from study.probe as probe
    where read.agreement_id = probe.probe_id
        and read.billing_month = probe.billing_month
        and probe.of_what = 'kwh'
    """,
    """
    update portfolio.meter_read as read set
        kw = kw + $step, kw_on_peak = kw_on_peak + $step, kw_off_peak = kw_off_peak + $step
    from study.probe as probe
    where read.agreement_id = probe.probe_id
        and read.billing_month = probe.billing_month
        and probe.of_what = 'kw'
    """,
)
CHANGE = """
insert into portfolio.change (load_id, file, kind, subject, first_month)
select 1, 'meter_reads', 'agreement', probe_id, billing_month from study.probe
"""
NOTED = """
insert into study.probed
select probe.agreement_id, probe.billing_month, probe.of_what, bill.net_amount
from rating_build.bill as bill
inner join study.probe as probe
    on bill.agreement_id = probe.probe_id and bill.billing_month = probe.billing_month
"""


@contextmanager
def marginal(
    source: URL,
    step_kwh: Decimal = Decimal(100),
    step_kw: Decimal = Decimal(1),
    *,
    schedules: Sequence[str] = (),
    months: Months = (None, None),
    progress: Progress | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the results `RELATIONS`; raises `RatebookError`.

    `step_kwh` and `step_kw` are added to a read, and the change of its bill divided by them. With
    `schedules` only reads that are billed on them are asked for.
    """
    _require_step("--kwh", step_kwh)
    _require_step("--kw", step_kw)
    with study_of(source, months) as connection:
        _ask(connection, schedules, months)
        for batch in _batches(connection):
            _take(connection, batch, step_kwh, step_kw)
            build_bills(connection, (None, None), since_load=0, progress=progress)
            connection.execute(NOTED)
        steps = {"step_kwh": step_kwh, "step_kw": step_kw}
        make_relation(connection, "marginal/marginal", steps)
        yield connection


def _ask(connection: duckdb.DuckDBPyConnection, schedules: Sequence[str], months: Months) -> None:
    """Make `study.asked`, the bills that are asked for; raises `RatebookError`."""
    require_schedules(connection, schedules)
    require_bills(connection, months, schedules)
    for statement in PREPARED:
        connection.execute(statement)
    wanted = {"first": months[0], "last": months[1], "schedules": list(schedules)}
    make_relation(connection, "marginal/asked", wanted)


def _require_step(option: str, step: Decimal) -> None:
    if not 0 < step <= 1_000_000 or step != round(step, 6):
        raise RatebookError(
            f"{option} {step} is no step; give more than 0, up to 1000000, with up to six decimals"
        )


def _batches(connection: duckdb.DuckDBPyConnection) -> list[list[date]]:
    """The billing months with bills, as many at a time as `MOST_READS` allows."""
    rows = connection.execute(READS).fetchall()
    batches: list[list[date]] = []
    size = 0
    for month, reads in rows:
        if not batches or size + reads > MOST_READS:
            batches.append([])
            size = 0
        batches[-1].append(month)
        size += reads
    return batches


def _take(
    connection: duckdb.DuckDBPyConnection,
    batch: Sequence[date],
    step_kwh: Decimal,
    step_kw: Decimal,
) -> None:
    """Put copies of the reads of some months in the place of the portfolio."""
    empty_portfolio(connection, keep=("rider_cost_input", "lighting_hours"))
    for statement in PROBE:
        values = {"months": list(batch)} if "$months" in statement else {}
        connection.execute(statement, values)
    make_relation(connection, "marginal/member")
    for table in AGREEMENT_TABLES:
        up_to_the_read = UP_TO_THE_READ if "billing_month" in table.c else ""
        copy_rows(connection, table, REPLACED, f"{OF_MEMBER} {up_to_the_read}")
    for statement, step in zip(CHANGED, (step_kwh, step_kw), strict=True):
        connection.execute(statement, {"step": step})
    connection.execute(CHANGE)
