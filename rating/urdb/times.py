"""Months and hours of a URDB rate: its schedules, the seasons and the times of use they make."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from rating.urdb.fields import HOURS, MONTHS
from rating.urdb.reading import Reading

MONTH_NAMES = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip
DAY_KINDS = ("weekday", "weekend")
Cell = tuple[int | None, int | None]


@dataclass(frozen=True)
class Hours:
    """The period of each hour: by kind of day, month and hour, all counted from 0."""

    period: dict[str, list[list[int]]]

    def of_month(self, month: int) -> frozenset[int]:
        """The periods that a month has."""
        return frozenset(one for kind in DAY_KINDS for one in self.period[kind][month])

    @property
    def by_month(self) -> list[frozenset[int]]:
        """The periods of each month."""
        return [self.of_month(month) for month in range(MONTHS)]

    @property
    def vary_by_hour(self) -> bool:
        """Whether some month has more than one period."""
        return any(len(periods) > 1 for periods in self.by_month)


@dataclass(frozen=True)
class Season:
    """Billing months that are priced alike, from 0; without a name where all months are."""

    name: str | None
    months: tuple[int, ...]


def read_hours(reading: Reading, structure: str, weekday: str, weekend: str | None) -> Hours | None:
    """When the periods of a structure are; nothing, and a finding, where no schedule says so.

    Without `weekend` one schedule holds for all days.
    """
    periods = reading.peek(structure) or []
    names = dict(zip(DAY_KINDS, (weekday, weekend or weekday), strict=True))
    found = {kind: reading.get(name) for kind, name in names.items()}
    if len(periods) == 1 and not any(found.values()):
        return Hours({kind: [[0] * HOURS] * MONTHS for kind in DAY_KINDS})
    for kind, name in names.items():
        if found[kind] is None:
            reading.tell("unratable", (structure,), f"{name} does not say when its periods are")
            return None
    for name in dict.fromkeys(names.values()):
        for month, row in enumerate(reading.peek(name)):
            for hour, period in enumerate(row):
                if period >= len(periods):
                    reading.tell(
                        "unratable", (name, month, hour), f"{structure} has no such period"
                    )
                    return None
    return Hours(found)


def tell_unused(reading: Reading, structure: str, used: Iterable[int]) -> None:
    """Say of the periods that are in no hour or month that they price nothing."""
    for period in set(range(len(reading.peek(structure) or []))) - set(used):
        reading.tell("not rated", (structure, period), "is the price of no hour of the year")


def seasons_of(monthly: Sequence[Sequence[Hashable]]) -> list[Season]:
    """The billing months that agree in all of several lists of twelve, in the order of the year."""
    months_of: dict[tuple[Hashable, ...], list[int]] = defaultdict(list)
    for month in range(MONTHS):
        months_of[tuple(values[month] for values in monthly)].append(month)
    if len(months_of) == 1:
        return [Season(None, tuple(range(MONTHS)))]
    return [Season(_season_name(months), tuple(months)) for months in months_of.values()]


def _season_name(months: Sequence[int]) -> str:
    """The months in words: jun-sep, mar-apr_oct-nov; a run may go over the turn of the year."""
    first = [month for month in months if (month - 1) % MONTHS not in months]
    runs = []
    for start in first:
        end = start
        while (end + 1) % MONTHS in months:
            end = (end + 1) % MONTHS
        names = dict.fromkeys((MONTH_NAMES[start], MONTH_NAMES[end]))
        runs.append("-".join(names))
    return "_".join(runs)


def cells(energy: Hours | None, demand: Hours | None) -> dict[str, list[list[Cell]]]:
    """(energy period, demand period) of each hour, by kind of day, month and hour."""
    return {
        kind: [
            [
                (
                    energy.period[kind][month][hour] if energy else None,
                    demand.period[kind][month][hour] if demand else None,
                )
                for hour in range(HOURS)
            ]
            for month in range(MONTHS)
        ]
        for kind in DAY_KINDS
    }


def windows(names: dict[str, list[list[str]]]) -> list[dict[str, Any]]:
    """The fewest windows that give each hour its period, by kind of day, month and hour.

    The period with the most hours comes last, for all that no other window names.
    """
    counted = Counter(name for kind in DAY_KINDS for row in names[kind] for name in row)
    rest = counted.most_common(1)[0][0]
    months_of: dict[tuple[str, tuple[str, ...], int, int], list[int]] = defaultdict(list)
    for month in range(MONTHS):
        kinds_of: dict[tuple[str, int, int], list[str]] = defaultdict(list)
        for kind in DAY_KINDS:
            for run in _runs(names[kind][month]):
                kinds_of[run].append(kind)
        for (name, start, end), kinds in kinds_of.items():
            if name != rest:
                months_of[name, tuple(kinds), start, end].append(month)
    found = [
        _window(name, kinds, start, end, months)
        for (name, kinds, start, end), months in months_of.items()
    ]
    return [*found, {"period": rest}]


def _runs(row: Sequence[str]) -> list[tuple[str, int, int]]:
    """(period, first hour, hour it ends at) of each stretch of a day; one may go over midnight."""
    edges = [0, *(hour for hour in range(1, HOURS) if row[hour] != row[hour - 1]), HOURS]
    runs = [(row[start], start, end) for start, end in pairwise(edges)]
    if len(runs) > 1 and runs[0][0] == runs[-1][0]:
        runs = [*runs[1:-1], (row[0], runs[-1][1], runs[0][2])]
    return runs


def _window(
    name: str, kinds: Sequence[str], start: int, end: int, months: Sequence[int]
) -> dict[str, Any]:
    window: dict[str, Any] = {"period": name}
    if len(months) < MONTHS:
        window["months"] = [month + 1 for month in months]
    if len(kinds) < len(DAY_KINDS):
        window["days"] = list(kinds)
    if (start, end) != (0, HOURS):
        window |= {"from": f"{start:02d}:00", "to": f"{end:02d}:00"}
    return window
