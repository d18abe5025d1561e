"""Times of use as URDB's schedules: the period of each hour of weekdays and of weekends."""

from collections.abc import Callable
from typing import Any

from rating.urdb.export_rows import Row, VersionRows
from rating.urdb.fields import HOURS, MONTHS
from rating.urdb.times import DAY_KINDS

Grid = dict[str, list[list[str]]]
DAYS_OF = {
    "weekday": ("monday", "tuesday", "wednesday", "thursday", "friday"),
    "weekend": ("saturday", "sunday"),
}
HOUR, NONE = 60, ""


def hours_of(version: VersionRows, remark: Callable[[str, str], None]) -> Grid:
    """The period of each hour, by kind of day and month, and a remark where URDB is coarser."""
    grid: Grid = {}
    for kind in DAY_KINDS:
        days = DAYS_OF[kind]
        grid[kind] = [
            [_period(version, days[0], month, hour * HOUR) for hour in range(HOURS)]
            for month in range(MONTHS)
        ]
        if any(_row(version, day) != _row(version, days[0]) for day in days):
            remark("times of use", f"differ between {' and '.join(days)}; URDB has {days[0]}'s")
    odd = [one for one in version.windows if one["from_minute"] % HOUR or one["to_minute"] % HOUR]
    if odd:
        remark("times of use", "begin or end within an hour; URDB has whole hours")
    return grid


def periods_of(grid: Grid, month: int) -> frozenset[str]:
    """The periods of a month, from 0."""
    return frozenset(period for kind in DAY_KINDS for period in grid[kind][month])


def _row(version: VersionRows, day: str) -> list[str]:
    return [
        _period(version, day, month, hour * HOUR)
        for month in range(MONTHS)
        for hour in range(HOURS)
    ]


def _period(version: VersionRows, day: str, month: int, minute: int) -> str:
    """The period of the first window that holds."""
    for window in version.windows:
        if month + 1 in window["months"] and day in window["days"] and _holds(window, minute):
            return str(window["period"])
    return NONE


def _holds(window: Row, minute: int) -> Any:
    start, end = window["from_minute"], window["to_minute"]
    return start <= minute < end if start < end else minute >= start or minute < end
