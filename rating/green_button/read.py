"""Green Button files (NAESB ESPI) read as the rows of `interval_reads`.

A file is an Atom feed of usage points, meter readings, reading types and interval blocks that
name each other by links. An instant is in seconds of Unix time, a value in Wh times a power of
ten. Codes are those of ESPI: unit 72 is Wh, direction 1 delivered, 19 received, behaviour 4 a
quantity of the interval, quality 12 a forecast, 15 made up for the weather.
"""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from rating.errors import RatebookError
from rating.green_button.feed import Entry, Reading, read_entries

WH, DELIVERED, RECEIVED, DELTA = "72", ("", "0", "1"), "19", ("", "0", "4")
NO_READING = {"12": "a forecast", "15": "made up for the weather"}
INTEGER = re.compile(r"[+-]?\d{1,18}")
SECONDS = re.compile(r"\d{1,11}")
LARGEST_POWER = 12


@dataclass
class IntervalRow:
    """A row as a portfolio file has it, as text; `number` is its first reading's in the file."""

    number: int
    agreement_id: str
    interval_start: str
    interval_minutes: str
    kwh: str | None = None
    kwh_received: str | None = None
    problem: str | None = None


@dataclass(frozen=True)
class Series:
    """The readings of one meter reading, in one direction."""

    agreement_id: str
    is_received: bool
    power: int
    default_seconds: str
    default_quality: str
    readings: list[Reading] = field(default_factory=list)


def read_green_button(path: Path) -> list[IntervalRow]:
    """The interval reads of a file; raises `RatebookError` with file and line.

    The agreement is the file's name without its ending, or, where the file has several usage
    points, the title of each. Delivered and received energy of an interval share a row.
    """
    entries = read_entries(path)
    rows: dict[tuple[str, str, str], list[IntervalRow]] = {}
    for series in _series(path, entries):
        for reading in series.readings:
            _add(rows, series, reading)
    if not rows:
        raise RatebookError(f"{_name(path)} holds no interval readings; remove it")
    return sorted((row for same in rows.values() for row in same), key=lambda row: row.number)


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _series(path: Path, entries: Sequence[Entry]) -> Iterator[Series]:
    """The interval blocks with their reading type and agreement."""
    of_kind = {
        kind: [entry for entry in entries if entry.kind == kind]
        for kind in ("UsagePoint", "MeterReading", "ReadingType", "IntervalBlock")
    }
    for block in of_kind["IntervalBlock"]:
        place = f"{_name(path)} line {block.line}"
        meter = _owner(block, of_kind["MeterReading"], "IntervalBlock")
        known = [one for one in of_kind["ReadingType"] if meter and meter.relates_to(one)]
        kinds = known or of_kind["ReadingType"]
        if len(kinds) != 1:
            raise RatebookError(
                f"{place}: the interval block has no reading type; link its meter reading to one"
            )
        point = _owner(meter, of_kind["UsagePoint"], "MeterReading") if meter else None
        agreement = _agreement(path, point, len(of_kind["UsagePoint"]), place)
        yield _typed(kinds[0], agreement, block.readings, f"{_name(path)} line {kinds[0].line}")


def _owner(entry: Entry, owners: Sequence[Entry], collection: str) -> Entry | None:
    """The entry that another belongs to, by its link upwards; the only one where there is one."""
    for owner in owners:
        whole = [f"{link}/{collection}" for link in owner.links["self"]]
        if set(entry.links["up"]) & {*owner.links["related"], *whole}:
            return owner
    return owners[0] if len(owners) == 1 else None


def _agreement(path: Path, point: Entry | None, points: int, place: str) -> str:
    if points <= 1:
        return path.stem
    if point is None or not point.title:
        raise RatebookError(
            f"{place}: of {points} usage points the file does not say whose reads these are;"
            " link them, and give each usage point its agreement_id as title"
        )
    return point.title


def _typed(kind: Entry, agreement: str, readings: list[Reading], place: str) -> Series:
    """A series by what its reading type says; raises `RatebookError` where it is no energy."""
    unit, direction = kind.fields.get("uom", ""), kind.fields.get("flowDirection", "")
    behaviour, power = (
        kind.fields.get("accumulationBehaviour", ""),
        kind.fields.get("powerOfTenMultiplier", "0"),
    )
    if unit != WH:
        raise RatebookError(f"{place}: uom is {unit or 'missing'}; only 72 (Wh) can be loaded")
    if direction not in (*DELIVERED, RECEIVED):
        raise RatebookError(
            f"{place}: flowDirection is {direction}; only 1 (delivered) and 19 (received) can be"
            " loaded"
        )
    if behaviour not in DELTA:
        raise RatebookError(
            f"{place}: accumulationBehaviour is {behaviour}; only 4 (energy of each interval) can"
            " be loaded"
        )
    if not INTEGER.fullmatch(power) or abs(int(power)) > LARGEST_POWER:
        raise RatebookError(f"{place}: powerOfTenMultiplier is {power}; correct it")
    return Series(
        agreement,
        direction == RECEIVED,
        int(power),
        kind.fields.get("intervalLength", ""),
        kind.fields.get("defaultQuality", ""),
        readings,
    )


def _add(
    rows: dict[tuple[str, str, str], list[IntervalRow]], series: Series, reading: Reading
) -> None:
    """Adds a reading to the row of its interval, or as a further row if that is taken."""
    start, minutes = _instant(reading.start), _minutes(reading.seconds or series.default_seconds)
    same = rows.setdefault((series.agreement_id, start, minutes), [])
    column = "kwh_received" if series.is_received else "kwh"
    row = next((one for one in same if getattr(one, column) is None), None)
    if row is None:
        row = IntervalRow(reading.number, series.agreement_id, start, minutes)
        same.append(row)
    setattr(row, column, _kwh(reading.value, series.power))
    quality = reading.quality or series.default_quality
    if not reading.value:
        row.problem = "the reading has no value: export it again"
    elif quality in NO_READING:
        row.problem = f"the reading is {NO_READING[quality]} (quality {quality}): load the real one"


def _instant(text: str) -> str:
    """Unix time as an instant; a text that is none stays, to be rejected as such."""
    if not SECONDS.fullmatch(text):
        return text
    moment = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    return f"{moment + datetime.timedelta(seconds=int(text)):%Y-%m-%dT%H:%M:%SZ}"


def _minutes(text: str) -> str:
    """Seconds as minutes; a text that is no whole number of them stays, to be rejected."""
    seconds = int(text) if SECONDS.fullmatch(text) else 1
    return str(seconds // 60) if seconds % 60 == 0 else f"{text} s"


def _kwh(text: str, power: int) -> str:
    """A value of Wh × 10 to a power as kWh, exactly; a text that is no integer stays."""
    return f"{Decimal(text).scaleb(power - 3):f}" if INTEGER.fullmatch(text) else text
