"""A URDB rate in the making: prices by month and hour, and how they are written as periods."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from rating.urdb.demand import (
    COINCIDENT,
    COINCIDENT_HOURS,
    COINCIDENT_UNIT,
    FLAT,
    FLAT_MONTHS,
    FLAT_UNIT,
    TIMED,
    TIMED_UNIT,
    UNITS,
)
from rating.urdb.draft import Part
from rating.urdb.energy import STRUCTURE
from rating.urdb.export_energy import Energy
from rating.urdb.export_hours import Grid, hours_of, periods_of
from rating.urdb.export_numbers import Hour, numbered, numbers_kept
from rating.urdb.export_prices import FREE, Priced, Tiers
from rating.urdb.export_rows import VersionRows
from rating.urdb.fields import HOURS, MONTHS
from rating.urdb.fixed import FUEL
from rating.urdb.times import DAY_KINDS
from rating.urdb.use import WINDOW

QUARTER = 15


@dataclass(frozen=True)
class Remark:
    """Something of a version that its URDB rate does not say, or not quite."""

    what: str
    why: str


@dataclass
class Monthly:
    """The tiers of each month, and the unit of all of them."""

    unit: str | None = None
    of_month: dict[int, Tiers] = field(default_factory=dict)
    timed: dict[int, dict[str, Priced]] = field(default_factory=lambda: defaultdict(dict))


@dataclass
class Draft:
    """A rate in the making."""

    version: VersionRows
    fields: Part = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    flat: Monthly = field(default_factory=Monthly)
    timed: Monthly = field(default_factory=Monthly)
    coincident: Monthly = field(default_factory=Monthly)
    fuel: dict[int, Decimal] = field(default_factory=dict)
    shared: dict[tuple[str | None, str], list[tuple[Any, ...]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    grid: Grid = field(init=False)
    energy: Energy = field(init=False)

    def __post_init__(self) -> None:
        self.grid = hours_of(self.version, self.remark)
        self.energy = Energy([periods_of(self.grid, month) for month in range(MONTHS)])

    def remark(self, what: str, why: str) -> None:
        """Say, once, that something is not in the rate."""
        if Remark(what, why) not in self.remarks:
            self.remarks.append(Remark(what, why))

    def months(self, season: str | None) -> list[int]:
        """The months, from 0, of a season, or of the year."""
        months = range(MONTHS)
        return [one for one in months if season in (None, self.version.season_of.get(one + 1))]


def write_structures(draft: Draft) -> None:
    """Put the prices that differ by month or hour into the rate's fields."""
    _gather_timed(draft)
    if draft.energy.cells:
        _write_timed(draft, STRUCTURE, "energy", draft.energy.priced)
    if draft.timed.of_month or draft.timed.timed:
        _write_timed(draft, TIMED, "demand", partial(_timed_demand, draft))
        draft.fields[TIMED_UNIT] = draft.timed.unit or UNITS["kw"]
    if draft.flat.of_month:
        draft.fields[FLAT_MONTHS], draft.fields[FLAT] = _by_number(draft.flat)
        draft.fields[FLAT_UNIT] = draft.flat.unit
    if draft.coincident.of_month:
        numbers, found = _by_number(draft.coincident)
        draft.fields[COINCIDENT_HOURS[0]] = [[number] * HOURS for number in numbers]
        draft.fields[COINCIDENT] = found
        draft.fields[COINCIDENT_UNIT] = draft.coincident.unit
    if draft.version.demand_minutes not in (None, QUARTER):
        draft.fields[WINDOW] = draft.version.demand_minutes
    if any(draft.fuel.values()):
        draft.fields[FUEL] = [draft.fuel.get(month, Decimal(0)) for month in range(MONTHS)]


def _write_timed(
    draft: Draft, structure: str, name: str, priced: Callable[[int, str], Priced]
) -> None:
    """A structure whose periods differ by hour, and its schedules."""
    hours = _hours(draft, priced)
    numbers, found = numbered(_by_month(hours), name, draft.remark)
    for kind in DAY_KINDS:
        draft.fields[f"{name}{kind}schedule"] = [[numbers[h] for h in row] for row in hours[kind]]
    draft.fields[structure] = [_written(one) for one in found]


def _hours(draft: Draft, priced: Callable[[int, str], Priced]) -> dict[str, list[list[Hour]]]:
    """The period and the price of each hour, by kind of day and month."""
    return {
        kind: [[(one, priced(month, one)) for one in row] for month, row in enumerate(rows)]
        for kind, rows in draft.grid.items()
    }


def _by_month(hours: dict[str, list[list[Hour]]]) -> list[list[Hour]]:
    return [[hour for kind in DAY_KINDS for hour in hours[kind][month]] for month in range(MONTHS)]


def _timed_demand(draft: Draft, month: int, period: str) -> Priced:
    """What demand of an hour costs: one price of all hours of the month, or its period's."""
    one = draft.timed.of_month.get(month)
    if one is None:
        return draft.timed.timed[month].get(period, FREE)
    periods = periods_of(draft.grid, month)
    return one, tuple(periods) if len(periods) == 1 else ()


def _gather_timed(draft: Draft) -> None:
    """Put demand of all hours beside that of the months which have several periods.

    It stays apart where only so the periods keep the numbers of their names.
    """
    flat, timed = draft.flat, draft.timed
    apart = not set(flat.of_month) & {month for month, found in timed.timed.items() if found}
    if timed.timed and not timed.of_month and flat.unit == timed.unit and apart:
        is_kept = _keeps_numbers(draft)
        timed.of_month, flat.of_month = flat.of_month, {}
        if is_kept and not _keeps_numbers(draft):
            timed.of_month, flat.of_month = {}, timed.of_month


def _keeps_numbers(draft: Draft) -> bool:
    return bool(numbers_kept(_by_month(_hours(draft, partial(_timed_demand, draft))), "demand"))


def _by_number(monthly: Monthly) -> tuple[list[int], list[list[Part]]]:
    """The number of each month's tiers, and the tiers of each number."""
    numbers: dict[Tiers, int] = {}
    of_month = [monthly.of_month.get(month, FREE[0]) for month in range(MONTHS)]
    in_turn = [numbers.setdefault(found, len(numbers)) for found in of_month]
    return in_turn, [_written(found) for found in numbers]


def _written(found: Tiers) -> list[Part]:
    fields = [asdict(tier) for tier in found]
    return [{name: one[name] for name in one if one[name] is not None} for one in fields]
