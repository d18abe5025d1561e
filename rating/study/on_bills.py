"""Whether what a scenario changes is on any bill: where it is not, all bills would stay as is."""

import datetime
from collections.abc import Sequence

import duckdb

from rating.errors import RatebookError
from rating.memory.database import Months
from rating.study.database import note, schedule_id_of
from rating.study.scenario import Change, Scenario

# A published bill is still of the version that the scenario's day cuts in two; the last day of the
# read says of which part.
ON_BILLS = """
    with change as (
        select unnest($changes, recursive := true)
    ),

    asked as (
        select change.number, change.since, change.upto, schedule.utility, schedule.schedule
        from change
        inner join tariff.schedule as schedule using (schedule_id)
    ),

    proposed as (
        select utility, schedule, version_effective_from
        from rating_build.bill
        union
        select bill.utility, line.schedule_or_rider, line.version_effective_from
        from rating_build.bill_line_item as line
        inner join rating_build.bill as bill using (agreement_id, billing_month)
        where line.schedule_or_rider in (select asked.schedule from asked)
    ),

    published as (
        select * from store.rating.bill
        where billing_month >= coalesce(cast($first as date), billing_month)
            and billing_month <= coalesce(cast($last as date), billing_month)
    ),

    present as (
        select utility, schedule, version_effective_from, read_to
        from published
        union
        select bill.utility, line.schedule_or_rider, line.version_effective_from, bill.read_to
        from store.rating.bill_line_item as line
        inner join published as bill using (agreement_id, billing_month)
        where line.schedule_or_rider in (select asked.schedule from asked)
    )

    select asked.number
    from asked
    semi join proposed
        on asked.utility = proposed.utility
            and asked.schedule = proposed.schedule
            and proposed.version_effective_from between asked.since and asked.upto
    union
    select asked.number
    from asked
    semi join present
        on asked.utility = present.utility
            and asked.schedule = present.schedule
            and present.version_effective_from <= asked.upto
            and present.read_to > asked.since
"""


def require_on_bills(
    connection: duckdb.DuckDBPyConnection, scenario: Scenario, months: Months
) -> None:
    """Raise `RatebookError` where nothing that a scenario changes is on a bill, old or new.

    Riders and clauses are on the bills that have a line of theirs. A schedule of several that is on
    none is noted.
    """
    schedules = [schedule_id_of(connection, one.schedule, one.utility) for one in scenario.changes]
    changes = [
        {"number": number, "schedule_id": schedule_id, **_days(change, scenario)}
        for number, (schedule_id, change) in enumerate(
            zip(schedules, scenario.changes, strict=True)
        )
    ]
    values = {"changes": changes, "first": months[0], "last": months[1]}
    found = {schedules[number] for (number,) in connection.execute(ON_BILLS, values).fetchall()}
    missing: dict[int, dict[str, None]] = {}
    for schedule_id, change in zip(schedules, scenario.changes, strict=True):
        if schedule_id not in found:
            missing.setdefault(schedule_id, {})[_words(change, scenario)] = None
    if len(missing) == len({*schedules}):
        raise RatebookError(
            f"{_unpriced([words for one in missing.values() for words in one])};"
            " choose another schedule, day or months"
        )
    for one in missing.values():
        note(connection, f"{_unpriced([*one])}, so that none shows this change")


def _days(change: Change, scenario: Scenario) -> dict[str, datetime.date]:
    """The first and the last day on which a version that is changed may begin."""
    only = change.version_effective_from
    since = only or scenario.effective_from or datetime.date.min
    return {"since": since, "upto": only or datetime.date.max}


def _words(change: Change, scenario: Scenario) -> str:
    """What of a schedule is changed."""
    name = f"{change.utility} {change.schedule}" if change.utility else change.schedule
    if change.version_effective_from:
        return f"{name} in its version of {change.version_effective_from}"
    return f"{name} from {scenario.effective_from} on" if scenario.effective_from else name


def _unpriced(words: Sequence[str]) -> str:
    return f"no bill of these months is priced by {' or '.join(words)}"
