"""The hours use, or kWh, at which the bills on two schedules cross: found by rating.

Two ratings: one in coarse steps over all that a month allows, one hour by hour (or kWh by kWh)
between the steps where the cheaper schedule changes. Two crossings between two coarse steps cancel
out and are not found.
"""

from collections.abc import Sequence

import duckdb

from rating.memory.models import make
from rating.run.dbt_build import NodeResult
from rating.study.relations import make_relation
from rating.study.typical_rows import Filler

COARSE_AXIS = """
create or replace table study.axis as
select distinct
    sought.kw,
    cast(least(counted.number * sought.width, sought.last_step) as integer) as step_no
from study.sought as sought
cross join range(101) as counted (number)
"""
FINE_AXIS = """
create or replace table study.axis as
select distinct
    kw,
    cast(unnest(range(after_step + 1, up_to_step)) as integer) as step_no
from study.crossing
"""
SUBJECT = """
create or replace table study.subject as
select
    'S' || row_number() over (order by asked.utility, asked.schedule, axis.kw, axis.step_no)
        as agreement_id,
    asked.utility,
    asked.schedule,
    axis.kw,
    axis.step_no,
    cast(axis.step_no * coalesce(axis.kw, 1) as decimal(18, 6)) as kwh
from study.asked_schedule as asked
cross join study.axis as axis
where asked.kind = 'rate'
"""
# Only the months that stand for a season are looked at.
SEARCHED = """
insert into study.searched
select
    subject.utility,
    subject.schedule,
    coalesce(bill.season, '') as season,
    bill.billing_month,
    subject.kw,
    subject.step_no,
    subject.kwh,
    cast(24 * (bill.read_to - bill.read_from) as integer) as hours,
    bill.net_amount as bill_usd
from study.subject as subject
inner join rating_build.bill as bill
    on subject.agreement_id = bill.agreement_id
semi join study.shown_month as shown
    on bill.billing_month = shown.billing_month
where subject.kw is null or subject.step_no <= 24 * (bill.read_to - bill.read_from)
"""
MISSED = """
insert into study.missed
select distinct
    subject.schedule,
    coalesce(subject.kw, -1) as kw_key,
    unbilled.billing_month,
    subject.schedule || ' has no bill: ' || unbilled.detail as reason
from study.subject as subject
inner join rating_build.unbilled_read as unbilled
    on subject.agreement_id = unbilled.agreement_id
"""
# The eleven months before the first that is shown are the farthest that matter.
SHORTEN = """
delete from study.month
where billing_month < (
    select min(shown.billing_month) - interval '11 months'
    from study.shown_month as shown
    where shown.utility = month.utility
)
"""
EMPTY = """
create or replace table study.missed (
    schedule text, kw_key decimal(18, 6), billing_month date, reason text
);

create or replace table study.searched (
    utility text, schedule text, season text, billing_month date, kw decimal(18, 6),
    step_no integer, kwh decimal(18, 6), hours integer, bill_usd decimal(18, 2)
)
"""


def find_crossings(
    connection: duckdb.DuckDBPyConnection,
    models: Sequence[NodeResult],
    filler: Filler,
    against: str | None,
) -> None:
    """Make `study.break_even`; empty without a schedule to compare with."""
    named = {"against": against or ""}
    make_relation(connection, "typical/shown_month")
    connection.execute(EMPTY)
    make_relation(connection, "typical/sought", named)
    connection.execute(SHORTEN)
    for axis in (COARSE_AXIS, FINE_AXIS):
        connection.execute(axis)
        connection.execute(SUBJECT)
        if against:
            filler.fill()
            make(connection, models)
            connection.execute(SEARCHED)
            connection.execute(MISSED)
        make_relation(connection, "typical/compared", named)
        make_relation(connection, "typical/crossing")
    make_relation(connection, "typical/break_even", named)
