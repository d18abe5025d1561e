"""A URDB rate in the making: prices by month and hour, and how they are written as periods."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
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
from rating.urdb.export_hours import Grid
from rating.urdb.export_prices import Tiers
from rating.urdb.export_rows import VersionRows
from rating.urdb.fields import HOURS, MONTHS
from rating.urdb.fixed import FUEL
from rating.urdb.times import DAY_KINDS
from rating.urdb.use import WINDOW

QUARTER = 15

# What an hour costs: its tiers, and the periods that share them. Two periods of demand at one
# price are two all the same, for each is charged for its own peak.
Priced = tuple[Tiers, tuple[str, ...]]
FREE: Priced = (((("rate", Decimal(0)),),), ())


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
    energy: Monthly = field(default_factory=Monthly)
    flat: Monthly = field(default_factory=Monthly)
    timed: Monthly = field(default_factory=Monthly)
    coincident: Monthly = field(default_factory=Monthly)
    fuel: dict[int, Decimal] = field(default_factory=dict)
    shared: dict[tuple[str | None, str], list[tuple[Any, ...]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def remark(self, what: str, why: str) -> None:
        """Say, once, that something is not in the rate."""
        if Remark(what, why) not in self.remarks:
            self.remarks.append(Remark(what, why))

    def months(self, season: str | None) -> list[int]:
        """The months, from 0, of a season, or of the year."""
        months = range(MONTHS)
        return [one for one in months if season in (None, self.version.season_of.get(one + 1))]


def write_structures(draft: Draft, grid: Grid) -> None:
    """Put the prices that differ by month or hour into the rate's fields."""
    _gather_timed(draft)
    _write_timed(draft, draft.energy, STRUCTURE, "energy", grid)
    _write_timed(draft, draft.timed, TIMED, "demand", grid)
    _write_flat(draft)
    _write_coincident(draft)
    if draft.version.demand_minutes not in (None, QUARTER):
        draft.fields[WINDOW] = draft.version.demand_minutes
    if any(draft.fuel.values()):
        draft.fields[FUEL] = [draft.fuel.get(month, Decimal(0)) for month in range(MONTHS)]


def _write_timed(draft: Draft, monthly: Monthly, structure: str, name: str, grid: Grid) -> None:
    """A structure whose periods differ by hour, and its schedules."""
    if not monthly.of_month and not monthly.timed:
        return
    numbers: dict[Priced, int] = {}
    for kind in DAY_KINDS:
        rows = []
        for month in range(MONTHS):
            one = monthly.of_month.get(month)
            of_hour = [
                (one, _only(grid, month))
                if one
                else monthly.timed[month].get(grid[kind][month][hour], FREE)
                for hour in range(HOURS)
            ]
            rows.append([numbers.setdefault(found, len(numbers)) for found in of_hour])
        draft.fields[f"{name}{kind}schedule"] = rows
    draft.fields[structure] = [_written(found) for found, _ in numbers]
    if structure == TIMED:
        draft.fields[TIMED_UNIT] = monthly.unit or UNITS["kw"]


def _gather_timed(draft: Draft) -> None:
    """Put demand of all hours beside that of the months which have several periods."""
    flat, timed = draft.flat, draft.timed
    apart = not set(flat.of_month) & {month for month, found in timed.timed.items() if found}
    if timed.timed and not timed.of_month and flat.unit == timed.unit and apart:
        timed.of_month, flat.of_month = flat.of_month, {}


def _only(grid: Grid, month: int) -> tuple[str, ...]:
    """The period of a month that has one only."""
    periods = {period for kind in DAY_KINDS for period in grid[kind][month]}
    return tuple(periods) if len(periods) == 1 else ()


def _write_flat(draft: Draft) -> None:
    if draft.flat.of_month:
        numbers: dict[Tiers, int] = {}
        of_month = [draft.flat.of_month.get(month, FREE[0]) for month in range(MONTHS)]
        draft.fields[FLAT_MONTHS] = [numbers.setdefault(found, len(numbers)) for found in of_month]
        draft.fields[FLAT] = [_written(found) for found in numbers]
        draft.fields[FLAT_UNIT] = draft.flat.unit


def _write_coincident(draft: Draft) -> None:
    if draft.coincident.of_month:
        numbers: dict[Tiers, int] = {}
        of_month = [draft.coincident.of_month.get(month, FREE[0]) for month in range(MONTHS)]
        draft.fields[COINCIDENT_HOURS[0]] = [
            [numbers.setdefault(found, len(numbers))] * HOURS for found in of_month
        ]
        draft.fields[COINCIDENT] = [_written(found) for found in numbers]
        draft.fields[COINCIDENT_UNIT] = draft.coincident.unit


def _written(found: Tiers) -> list[Part]:
    return [dict(pairs) for pairs in found]
