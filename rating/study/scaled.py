"""Which prices a study scales, and what the bills have of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

import duckdb

from rating.errors import RatebookError
from rating.study.database import schedule_id_of
from rating.study.prices import Price, no_price, prices_of
from rating.study.scenario import Scenario
from rating.study.versions import cut_version

# Versions that price a line: others are in no bill, and stay.
BILLED_VERSIONS = """
    select distinct version.version_id
    from rating_build.bill_line_item as line
    inner join rating_build.bill as bill
        on line.agreement_id = bill.agreement_id and line.billing_month = bill.billing_month
    inner join tariff.schedule as schedule
        on bill.utility = schedule.utility and line.schedule_or_rider = schedule.schedule
    inner join tariff.version as version
        on
            schedule.schedule_id = version.schedule_id
            and line.version_effective_from = version.effective_from
    where schedule.kind in ('rate', 'lighting')
        and (len($schedules) = 0 or list_contains($schedules, schedule.schedule_id))
        and version.effective_from >= coalesce(cast($day as date), version.effective_from)
    order by version.version_id
"""
# Versions that begin before the day and go on after it.
BEGUN_VERSIONS = """
    select version.version_id
    from tariff.version as version
    inner join tariff.schedule as schedule
        on version.schedule_id = schedule.schedule_id
    where schedule.kind in ('rate', 'lighting')
        and (len($schedules) = 0 or list_contains($schedules, schedule.schedule_id))
        and version.effective_from < cast($day as date)
        and coalesce(version.effective_to, date 'infinity') > cast($day as date)
    order by version.version_id
"""
CHARGES = """
    select distinct charge.code
    from tariff.charge as charge
    inner join tariff.version as version
        on charge.version_id = version.version_id
    where len($schedules) = 0 or list_contains($schedules, version.schedule_id)
"""
REVENUE = """
    select coalesce(sum(line.amount), 0)
    from rating_build.bill_line_item as line
    inner join rating_build.bill as bill
        on line.agreement_id = bill.agreement_id and line.billing_month = bill.billing_month
    where list_contains($prices, {
        'utility': bill.utility, 'schedule': line.schedule_or_rider,
        'version': line.version_effective_from, 'charge': line.charge_code
    })
"""


@dataclass(frozen=True)
class Scaled:
    """Whose prices are scaled: all, or those of schedules, components, charges.

    A utility says whose schedules are named, where several have one of that name.
    """

    schedules: Sequence[str] = ()
    components: Sequence[str] = ()
    charges: Sequence[str] = ()
    utility: str | None = None


def require_charges(connection: duckdb.DuckDBPyConnection, scaled: Scaled) -> None:
    """Raise `RatebookError` that names every charge that none of the schedules has."""
    found = connection.execute(
        CHARGES, {"schedules": named_schedules(connection, scaled)}
    ).fetchall()
    unknown = [code for code in scaled.charges if (code,) not in found]
    if unknown:
        whose = " or ".join(scaled.schedules) or "any schedule"
        raise RatebookError(
            *(f"there is no charge {code} of {whose}; see relation rate_price" for code in unknown)
        )


def cut_versions(connection: duckdb.DuckDBPyConnection, scenario: Scenario, scaled: Scaled) -> None:
    """Cut the versions in force on the scenario's day of which prices are to be scaled."""
    day = scenario.effective_from
    if day is None:
        return
    rows = connection.execute(
        BEGUN_VERSIONS, {"schedules": _whose(connection, scenario, scaled), "day": day}
    ).fetchall()
    for (version_id,) in rows:
        if _chosen(connection, [version_id], scaled):
            cut_version(connection, version_id, day)


def choose_prices(
    connection: duckdb.DuckDBPyConnection, scenario: Scenario, scaled: Scaled
) -> list[Price]:
    """The prices to be scaled, as they stand; raises `RatebookError` where there is none."""
    whose = _whose(connection, scenario, scaled)
    rows = connection.execute(
        BILLED_VERSIONS, {"schedules": whose, "day": scenario.effective_from}
    ).fetchall()
    schedules = list(scaled.schedules) or sorted({one.schedule for one in scenario.changes})
    versions = [version_id for (version_id,) in rows]
    if not versions:
        raise RatebookError(
            f"no bill is priced by {', '.join(schedules) or 'a schedule'} from the day on that"
            " prices change; choose another schedule, day or months"
        )
    found = _chosen(connection, versions, scaled)
    if not found:
        named = " ".join([*schedules, *scaled.components, *scaled.charges]) or "these bills"
        raise RatebookError(no_price(named, scaled.charges))
    return found


def changed_schedules(connection: duckdb.DuckDBPyConnection, scenario: Scenario) -> list[int]:
    """The ids of the schedules that a scenario changes."""
    named = {(change.schedule, change.utility) for change in scenario.changes}
    return sorted({schedule_id_of(connection, *one) for one in named})


def named_schedules(connection: duckdb.DuckDBPyConnection, scaled: Scaled) -> list[int]:
    """The ids of the schedules that are named; raises `RatebookError` where several have a name."""
    return [schedule_id_of(connection, one, scaled.utility) for one in scaled.schedules]


def _whose(connection: duckdb.DuckDBPyConnection, scenario: Scenario, scaled: Scaled) -> list[int]:
    """The ids of the schedules whose prices are scaled; none: all."""
    return named_schedules(connection, scaled) or changed_schedules(connection, scenario)


def _chosen(
    connection: duckdb.DuckDBPyConnection, versions: Sequence[int], scaled: Scaled
) -> list[Price]:
    """The prices of versions that are to be scaled."""
    components: Sequence[str | None] = scaled.components or [None]
    charges: Sequence[str | None] = scaled.charges or [None]
    found = {
        price.key: price
        for component, charge in product(components, charges)
        for price in prices_of(connection, versions, component=component, charge=charge)
        if price.place != "scale"
    }
    return list(found.values())


def scaled_revenue(connection: duckdb.DuckDBPyConnection, prices: Sequence[Price]) -> Decimal:
    """What the lines of the charges of prices come to, in dollars, before minimums."""
    of_charges = {(one.utility, one.schedule, one.effective_from, one.code) for one in prices}
    keys = [
        dict(zip(("utility", "schedule", "version", "charge"), key, strict=True))
        for key in sorted(of_charges)
    ]
    ((amount,),) = connection.execute(REVENUE, {"prices": keys}).fetchall()
    return Decimal(amount)
