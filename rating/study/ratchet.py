"""What ratchets and minimums bring, and what others would: the bills rated without them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

import duckdb
from sqlalchemy.engine import URL

from rating.errors import RatebookError
from rating.memory.build import build_bills
from rating.memory.database import Months
from rating.run.dbt_build import Progress
from rating.study.database import count_of, note, require_bills, require_schedules, study_of
from rating.study.ratchet_results import RATCHET_BILL, RATCHET_REVENUE, RESULTS, UNBILLED
from rating.study.ratchet_terms import DEMAND, MOST_PERCENT, set_ratchet

RELATIONS = ("ratchet_revenue", "ratchet_bill", "ratchet_unbilled")
NO_RATCHETS, NO_MINIMUMS = "no_ratchets", "no_minimums"
CHANGED = ("demand_term", "demand_term_month", "charge", "charge_step", "charge_base")

RATCHETS = """
    select term.demand_term_id, version.schedule_id,
        not exists (
            select 1 from tariff.demand_term as other
            inner join tariff.demand_group as other_part using (demand_group_id)
            where other_part.demand_rule_id = part.demand_rule_id and other.kind <> 'ratchet'
        ) as is_alone,
        rule.name
    from tariff.demand_term as term
    inner join tariff.demand_group as part using (demand_group_id)
    inner join tariff.demand_rule as rule using (demand_rule_id)
    inner join tariff.version as version using (version_id)
    inner join tariff.schedule as schedule using (schedule_id)
    where term.kind = 'ratchet'
        and rule.name = coalesce($demand, rule.name)
        and (len($schedules) = 0 or list_contains($schedules, schedule.schedule))
    order by term.demand_term_id
"""
# A ratchet that looks at the month alone is none: of a month it does not count it is unknown.
NO_HISTORY = """
    update tariff.demand_term
    set window_months = 1, skip_months = 0, average_of = null, from_month = null
    where demand_term_id = ?
"""
MINIMUMS = """
    select charge.charge_id, version.schedule_id
    from tariff.charge as charge
    inner join tariff.version as version using (version_id)
    inner join tariff.schedule as schedule using (schedule_id)
    where (charge.kind = 'minimum' or charge.component = 'minimum')
        and (len($schedules) = 0 or list_contains($schedules, schedule.schedule))
    order by charge.charge_id
"""
# A minimum of nothing would still hold up a bill that comes to less than nothing.
REMOVED = tuple(
    f"delete from tariff.{table} where charge_id = ?"
    for table in ("charge_base", "charge_step", "charge")
)
RESTORED = tuple(
    statement
    for table in CHANGED
    for statement in (
        f"delete from tariff.{table}",
        f"insert into tariff.{table} by name from store.tariff.{table}",
    )
)

UNMOVED = """
    delete from study.ratchet_bill
    where change_usd = 0 and present_demand_kw is not distinct from case_demand_kw
"""


@dataclass(frozen=True)
class Case:
    """A question: bills without ratchets of a demand, with others, or without minimums."""

    name: str
    demand: str | None = None
    percent: Decimal | None = None
    window: int | None = None

    @property
    def subject(self) -> str:
        """What the case changes, in words."""
        if self.name == NO_MINIMUMS:
            return "minimum"
        return f"ratchet of the demand {self.demand}" if self.demand else "ratchet"

    @property
    def is_asked(self) -> bool:
        """Whether options ask for it; those without ratchets and minimums are always there."""
        return self.name not in (NO_RATCHETS, NO_MINIMUMS) or self.demand not in (None, DEMAND)


def cases_of(percents: Sequence[Decimal], windows: Sequence[int], demand: str) -> list[Case]:
    """The cases asked for, those without ratchets and minimums first; raises `RatebookError`.

    The ratchets taken away, and those given `percents` and `windows` (months), are of the demands
    of a name.
    """
    for percent in percents:
        if percent < 0:
            raise RatebookError(f"--percent {percent} is negative; give 0 or more")
        if percent > MOST_PERCENT:
            raise RatebookError(f"--percent {percent} is no ratchet; give {MOST_PERCENT} or less")
    for window in windows:
        if not 1 <= window <= 60:
            raise RatebookError(f"--window {window} is no window; give 1 to 60 months")
    cases = (
        Case(NO_RATCHETS, demand),
        Case(NO_MINIMUMS),
        *(Case(f"percent_{one.normalize():f}", demand, percent=one) for one in percents),
        *(Case(f"window_{one}", demand, window=one) for one in windows),
    )
    return list({case.name: case for case in cases}.values())


@contextmanager
def ratchet(
    source: URL,
    cases: Sequence[Case],
    *,
    schedules: Sequence[str] = (),
    months: Months = (None, None),
    progress: Progress | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the results `RELATIONS`; each case rates the portfolio once.

    With `schedules` only their ratchets and minimums change. Raises `RatebookError`.
    """
    with study_of(source, months) as connection:
        require_schedules(connection, schedules)
        require_bills(connection, months, schedules)
        _require_subjects(connection, cases, schedules)
        for statement in RESULTS:
            connection.execute(statement)
        for number, case in enumerate(cases):
            _make(connection, case, schedules)
            build_bills(connection, months, changed=CHANGED if number else None, progress=progress)
            for statement in (RATCHET_BILL, RATCHET_REVENUE, UNBILLED):
                connection.execute(statement, {"case_name": case.name})
        _require_revenue(connection, cases)
        connection.execute(UNMOVED)
        yield connection


def _subjects(
    connection: duckdb.DuckDBPyConnection, case: Case, schedules: Sequence[str]
) -> list[tuple[int, ...]]:
    """(id of the ratchet or charge, schedule_id, …) of all that a case changes."""
    if case.name == NO_MINIMUMS:
        return connection.execute(MINIMUMS, {"schedules": list(schedules)}).fetchall()
    values = {"schedules": list(schedules), "demand": case.demand}
    return connection.execute(RATCHETS, values).fetchall()


def _require_subjects(
    connection: duckdb.DuckDBPyConnection, cases: Sequence[Case], schedules: Sequence[str]
) -> None:
    """Raise where a case that was asked for, or both of the others, would change nothing."""
    of_names = f"schedule {', '.join(schedules)}" if schedules else "any schedule"
    found = {case.name: bool(_subjects(connection, case, schedules)) for case in cases}
    every = _subjects(connection, Case(NO_RATCHETS), schedules)
    others = " or ".join(sorted({f"--demand {name}" for *_, name in every}))
    for case in cases:
        if found[case.name] or not (case.demand and (others or case.is_asked)):
            continue
        words = f"there is no {case.subject} in {of_names}"
        if case.is_asked or not found[NO_MINIMUMS]:
            raise RatebookError(f"{words}; {f'give {others}' if others else 'choose others'}")
        note(connection, f"{words}, so that {case.name} is left out; give {others}")
    if not any(found.values()):
        raise RatebookError(f"there is neither ratchet nor minimum in {of_names}; choose others")


def _require_revenue(connection: duckdb.DuckDBPyConnection, cases: Sequence[Case]) -> None:
    if count_of(connection, "ratchet_revenue") == 0:
        (ratchets, *_) = cases
        raise RatebookError(
            f"no bill of these months is on a schedule with a {ratchets.subject} or a minimum;"
            " choose others, or another --demand"
        )


def _make(connection: duckdb.DuckDBPyConnection, case: Case, schedules: Sequence[str]) -> None:
    """Change the tariffs from what they are to a case."""
    for statement in RESTORED:
        connection.execute(statement)
    for subject, schedule_id, *more in _subjects(connection, case, schedules):
        if case.name == NO_MINIMUMS:
            for statement in REMOVED:
                connection.execute(statement, [subject])
        elif case.name == NO_RATCHETS:
            connection.execute(NO_HISTORY, [subject])
            if more[0]:  # nothing else would say what the demand is
                set_ratchet(connection, subject, months=range(1, 13))
        else:
            set_ratchet(connection, subject, percent=case.percent, window=case.window)
        connection.execute("insert into study.concerned values (?, ?)", [case.name, schedule_id])
