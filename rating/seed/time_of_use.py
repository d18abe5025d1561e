"""When electricity is used, as a seed file says it: periods of the day and year.

A period P makes the determinants `kwh_P`, `kwh_received_P` and `kw_P` of interval reads.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from models.tariff.time_of_use import DAY_KINDS, DayKind
from rating.seed.parts import Cited, Month, Part, quoted_text

TIME = re.compile(r"([01]\d|2[0-3]):(00|15|30|45)")
PERIOD = re.compile(r"(?!received)[a-z][a-z0-9_]*")
MIDNIGHT = 24 * 60
NamedDays = Literal[DayKind, "weekday", "weekend"]
SHORT_FOR: dict[str, tuple[str, ...]] = {"weekday": DAY_KINDS[:5], "weekend": DAY_KINDS[5:7]}


def _minute(value: Any) -> int:
    """A quoted time of day as minutes after midnight."""
    if value == "24:00":
        return MIDNIGHT
    if not isinstance(value, str) or not TIME.fullmatch(value):
        raise ValueError(f'{value!r} is no quarter of an hour; write "HH:MM" in quotes')
    return int(value[:2]) * 60 + int(value[3:])


TimeOfDay = Annotated[
    int, BeforeValidator(_minute), quoted_text(f"{TIME.pattern}|24:00", "HH:MM in quotes")
]


class PeriodSeed(Part):
    """A window of a period; of months, days and times of day that are absent it has all."""

    period: str
    months: list[Month] | None = Field(None, min_length=1)
    days: list[NamedDays] | None = Field(None, min_length=1)
    first: TimeOfDay = Field(0, alias="from")
    last: TimeOfDay = Field(MIDNIGHT, alias="to", description="before first: over midnight")

    @field_validator("period")
    @classmethod
    def _part_of_a_name(cls, value: str) -> str:
        if not PERIOD.fullmatch(value):
            raise ValueError(
                f"{value!r} cannot end a determinant's name; write it in lower case, as on_peak"
            )
        return value

    @model_validator(mode="after")
    def _has_hours(self) -> "PeriodSeed":
        if self.first in (self.last, MIDNIGHT):
            raise ValueError("begins where it ends; leave out from and to for the whole day")
        return self

    @property
    def all_months(self) -> list[int]:
        """The calendar months it is open in."""
        return sorted(set(self.months or range(1, 13)))

    @property
    def day_kinds(self) -> list[str]:
        """The kinds of day it is open on, in the order of the week."""
        named = {kind for day in self.days or DAY_KINDS for kind in SHORT_FOR.get(day, (day,))}
        return [kind for kind in DAY_KINDS if kind in named]

    def holds_at(self, minute: int) -> bool:
        """Whether a minute after midnight lies in it."""
        if self.first < self.last:
            return self.first <= minute < self.last
        return minute >= self.first or minute < self.last


class TimeOfUseSeed(Cited):
    """How a version reads intervals: the length of a demand interval, holidays, periods."""

    demand_minutes: Literal[15, 30, 60] = 15
    holidays: list[str] = Field([], description="names that utility.yaml defines")
    periods: list[PeriodSeed] = Field([], description="the first that matches counts")

    @property
    def determinants(self) -> set[str]:
        """The determinants that the periods make of interval reads."""
        quantities = ("kwh", "kwh_received", "kw")
        return {f"{name}_{one.period}" for one in self.periods for name in quantities}


def check_time_of_use(seed: TimeOfUseSeed, known_holidays: Iterable[str]) -> Iterator[str]:
    """One phrase per thing that is wrong with a version's times of use."""
    for name in sorted(set(seed.holidays) - set(known_holidays)):
        yield f"time_of_use keeps the holiday {name}, which utility.yaml does not define; add it"
    taken: set[tuple[int, str, int]] = set()
    for number, window in enumerate(seed.periods, start=1):
        for minute in (window.first, window.last):
            if minute % seed.demand_minutes:
                yield (
                    f"time_of_use period {number} begins or ends within a demand interval of"
                    f" {seed.demand_minutes} minutes; move it to the edge of one"
                )
        slots = set(_slots(window))
        if not slots - taken:
            yield f"time_of_use period {number} is never reached; move it before the others"
        taken |= slots


def _slots(window: PeriodSeed) -> Iterator[tuple[int, str, int]]:
    """The quarters of an hour of a window: month, kind of day, minute."""
    minutes = [minute for minute in range(0, MIDNIGHT, 15) if window.holds_at(minute)]
    for month in window.all_months:
        for kind in window.day_kinds:
            yield from ((month, kind, minute) for minute in minutes)
