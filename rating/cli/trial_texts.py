"""The texts of `ratebook try`'s options, read: assignments, riders, units, factors, dates, history.

Every function raises `RatebookError` with the form that it takes.
"""

import csv
import datetime
import re
from collections.abc import Iterable
from pathlib import Path

from rating.cli.options import parse_month
from rating.errors import RatebookError
from rating.trial.rows import Row

_PERIOD = {"billing_month", "read_from", "read_to"}
_PRICE = re.compile(r"[+-]?\d{1,4}(\.\d{1,8})?")


def assigned(option: str, text: str, form: str) -> tuple[str, str]:
    """Name and value of an assignment."""
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise RatebookError(f"{option} {text} is not understood; write {form}")
    return name.strip(), value.strip()


def rider_row(text: str) -> Row:
    """A row of rider_enrollments."""
    names = ("rider", "option", "quantity", "start_date")
    parts = text.split(":")
    if len(parts) > len(names) or not parts[0]:
        raise RatebookError(
            f"--rider {text} is not understood; write RIDER[:OPTION[:QUANTITY[:START]]]"
        )
    return {name: part for name, part in zip(names, parts, strict=False) if part}


def unit_row(text: str) -> Row:
    """A row of unit_inventory; a code may have colons, and watts begin with a digit."""
    unit, quantity = assigned("--units", text, "CODE=N or CODE:WATTS=N")
    code, _, watts = unit.rpartition(":")
    if not watts[:1].isdecimal() or not code:
        code, watts = unit, ""
    return {"unit_code": code, "input_watts": watts, "quantity": quantity}


def factor_of(text: str) -> tuple[str, str]:
    """Rider or clause, and its factor in dollars."""
    rider, price = assigned("--factor", text, "RIDER=PRICE")
    if not _PRICE.fullmatch(price):
        raise RatebookError(f"--factor {text}: write the price in dollars, such as 0.00125")
    return rider, price


def input_row(text: str) -> Row:
    """A row of rider_cost_inputs; without a month, of the month that is tried."""
    form = "RIDER:NAME=VALUE or RIDER:YYYY-MM:NAME=VALUE"
    name, value = assigned("--factor-input", text, form)
    rider, _, variable = name.partition(":")
    month, colon, last = variable.partition(":")
    if not (rider and variable) or ":" in last:
        raise RatebookError(f"--factor-input {text} is not understood; write {form}")
    if not colon:
        return {"rider": rider, "variable": variable, "value": value}
    billing_month = f"{parse_month(month):%Y-%m}"
    return {"rider": rider, "variable": last, "value": value, "billing_month": billing_month}


def period_of(
    month: datetime.date, first: str | None, last: str | None, days: int | None
) -> tuple[datetime.date, datetime.date]:
    """The day of the first read and that of the next; by default the calendar month."""
    if first and last and days:
        raise RatebookError("give two of --from, --to and --days; the third follows")
    read_from, read_to = _day("--from", first), _day("--to", last)
    if days and read_from:
        read_to = _moved(read_from, days)
    read_to = read_to or _month_after(month)
    if days and not read_from:
        read_from = _moved(read_to, -days)
    return read_from or month, read_to


def _day(option: str, text: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        raise RatebookError(f"{option} {text} is not a date; write YYYY-MM-DD") from None


def _month_after(month: datetime.date) -> datetime.date:
    return _moved(month, 31).replace(day=1)


def _moved(day: datetime.date, days: int) -> datetime.date:
    """The day so many days later, or earlier if they are below zero."""
    try:
        return day + datetime.timedelta(days=days)
    except OverflowError:
        distance = f"{abs(days):,} days {'after' if days > 0 else 'before'} {day}"
        raise RatebookError(
            f"there is no day {distance}; give dates of the years 1 to 9999"
        ) from None


def history_of(texts: Iterable[str], month: datetime.date) -> tuple[list[Row], frozenset[str]]:
    """Earlier reads, over calendar months where no dates are given, and the names typed.

    Of a file the reads before the month count, so that it may be an agreement's whole history.
    """
    rows: list[Row] = []
    names: set[str] = set()
    for text in texts:
        if re.match(r"\d{4}-\d{2}:", text):
            row = _typed_read(text)
            if row["billing_month"] >= f"{month:%Y-%m}":
                raise RatebookError(f"--history {text} is not before {month:%Y-%m}; leave it out")
            rows.append(row)
            names |= row.keys() - _PERIOD
        else:
            found = _reads_of_file(Path(text))
            rows += [row for row in found if row["billing_month"] < f"{month:%Y-%m}"]
    months = [row["billing_month"] for row in rows]
    if twice := next((one for one in months if months.count(one) > 1), None):
        raise RatebookError(f"--history {twice} is given twice; keep one")
    return rows, frozenset(names)


def _typed_read(text: str) -> Row:
    month, _, values = text.partition(":")
    form = "YYYY-MM:NAME=VALUE,NAME=VALUE"
    read = dict(assigned("--history", one, form) for one in values.split(","))
    return _dated({**read, "billing_month": month})


def _dated(row: Row) -> Row:
    """A read with its dates; by default those of the calendar month."""
    month = parse_month(row["billing_month"])
    return {
        **row,
        "read_from": _day("--history", row.get("read_from")) or month,
        "read_to": _day("--history", row.get("read_to")) or _month_after(month),
    }


def _reads_of_file(path: Path) -> list[Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, skipinitialspace=True, restval="", strict=True))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise RatebookError(
            f"--history {path} cannot be read; name a CSV file, or write YYYY-MM:NAME=VALUE"
        ) from None
    if any("billing_month" not in row for row in rows):
        raise RatebookError(f"--history {path} lacks the column billing_month; add it")
    if any(None in row for row in rows):
        raise RatebookError(f"--history {path} has more fields in a row than in its header")
    if len({row.pop("agreement_id", None) for row in rows}) > 1:
        raise RatebookError(f"--history {path} has reads of several agreements; keep one's")
    return [_dated(row) for row in rows]
