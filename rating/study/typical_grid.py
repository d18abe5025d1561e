"""The points of a typical-bill study: kW and kWh of a month, and how their texts are read."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rating.errors import RatebookError

# What regulators publish: kWh a month without a demand meter, and hours use of a kW.
USUAL_KWH = tuple(map(Decimal, (250, 500, 750, 1000, 1500, 2000)))
USUAL_KW = tuple(map(Decimal, (10, 25, 50, 100, 250, 500, 1000)))
USUAL_HOURS_USE = tuple(map(Decimal, (100, 200, 300, 400, 500, 600)))
# Twelve months in a row have one of 31 days.
MOST_HOURS = 31 * 24
# Of kW, and of kWh where no demand is metered; a crossing is sought kWh by kWh.
MOST = 1_000_000
_NUMBER = re.compile(r"\d{1,9}(\.\d{1,6})?")


@dataclass(frozen=True)
class Point:
    """A month's kWh, and its kW where a demand is metered."""

    kw: Decimal | None
    kwh: Decimal


@dataclass(frozen=True)
class Grid:
    """The points; the usual ones are for the schedules that they suit, others for every one."""

    points: Sequence[Point]
    is_usual: bool


def grid_of(
    points: Sequence[str], kwh: Sequence[str], kw: Sequence[str], hours_use: Sequence[str]
) -> Grid:
    """The grid of the options' texts, the usual one without any; raises `RatebookError`.

    `kw` and `hours_use` are multiplied with each other, each with the usual ones of the other
    where that has none.
    """
    found = [_point(text) for text in points]
    found += [Point(None, one) for one in _numbers("--kwh", kwh)]
    is_usual = not (found or kw or hours_use)
    if is_usual:
        found += [Point(None, one) for one in USUAL_KWH]
    if is_usual or kw or hours_use:
        sizes = _numbers("--kw", kw) or USUAL_KW
        hours = _numbers("--hours-use", hours_use) or USUAL_HOURS_USE
        found += [Point(size, size * hour) for size in sizes for hour in hours]
    for point in found:
        _require_possible(point)
    return Grid(list(dict.fromkeys(found)), is_usual)


def _point(text: str) -> Point:
    kw, _, kwh = text.partition(":")
    if not kwh:
        raise RatebookError(f"--point {text} is not understood; write KW:KWH, or :KWH without kW")
    return Point(_number("--point", kw) if kw else None, _number("--point", kwh))


def _numbers(option: str, texts: Iterable[str]) -> list[Decimal]:
    return [_number(option, one, text) for text in texts for one in text.split(",")]


def _number(option: str, text: str, given: str | None = None) -> Decimal:
    """A quantity, alone or among others of the text that is given; raises `RatebookError`."""
    if not _NUMBER.fullmatch(text.strip()):
        shown = text.strip() or given
        raise RatebookError(f"{option} {shown} is not a quantity; write a number such as 250")
    return Decimal(text.strip())


def _require_possible(point: Point) -> None:
    if point.kw is None and point.kwh > MOST:
        raise RatebookError(
            f"{point.kwh.normalize():f} kWh without kW are more than a service has; give"
            f" {MOST:,} or fewer"
        )
    if point.kw is not None and point.kw > MOST:
        raise RatebookError(
            f"{point.kw.normalize():f} kW are more than a service has; give {MOST:,} or fewer"
        )
    if point.kw is not None and point.kwh > point.kw * MOST_HOURS:
        raise RatebookError(
            f"{point.kwh.normalize():f} kWh are more than {point.kw.normalize():f} kW give in the"
            f" {MOST_HOURS} hours of a month; give fewer kWh or more kW"
        )
