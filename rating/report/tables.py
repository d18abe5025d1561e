"""Results as tables of a report: headings with units, numbers as a reader expects them."""

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from types import MappingProxyType
from typing import Any

import duckdb

from models.rating import COMPONENTS
from rating.explain.bill import dollars
from rating.report.layouts import LAYOUTS, Layout
from rating.store.query import Row
from rating.study.database import count_of, rows_of

MOST_ROWS = 1_000
# Rows of single agreements are the evidence, not the result.
MOST_OF_AGREEMENTS = 100
UNITS = {
    "usd": "$", "kwh": "kWh", "kw": "kW", "percent": "%", "kwh_from": "kWh", "kw_from": "kW",
    "usd_per_kwh": "$ a kWh", "cents_per_kwh": "¢ a kWh",
}  # fmt: skip
# Dollars a unit, that the name does not call a price: they show every digit.
PRICES = ("before_usd", "next_kwh_usd", "next_kw_usd")
# Numbers that are names: no separators, and read from the left.
NAMES = ("_no", "_id", "rank")
# A column for each component of a bill is too wide for a page.
TOO_WIDE = {f"{side}{one}_usd" for side in ("", "present_", "proposed_") for one in COMPONENTS}


@dataclass(frozen=True)
class Column:
    """A column of a table: its name in the result, its heading, and whether it holds numbers."""

    name: str
    heading: str
    is_number: bool


@dataclass(frozen=True)
class Group:
    """Rows under one heading; each is its cells' texts and whether it is a total."""

    heading: str
    rows: Sequence[tuple[Sequence[str], bool]]


@dataclass(frozen=True)
class Table:
    """A table of the page; `total` counts all rows of the result, also those not shown."""

    name: str
    caption: str
    columns: Sequence[Column]
    groups: Sequence[Group]
    total: int

    @property
    def shown(self) -> int:
        """How many rows the page shows."""
        return sum(len(group.rows) for group in self.groups)


def result_table(connection: duckdb.DuckDBPyConnection, relation: str) -> Table:
    """A result of a study as a table, cut after so many rows."""
    layout = LAYOUTS[relation]
    names = [name for name, *_ in connection.execute(f"describe study.{relation}").fetchall()]
    most = MOST_OF_AGREEMENTS if "agreement_id" in names else MOST_ROWS
    return make_table(
        relation, layout, rows_of(connection, relation, most), count_of(connection, relation), names
    )


def make_table(
    name: str, layout: Layout, rows: Sequence[Row], total: int, names: Sequence[str] = ()
) -> Table:
    """Rows as a table; columns that are empty throughout are left out."""
    kept = [
        column
        for column in names or (rows[0] if rows else ())
        if column not in (*layout.groups, *layout.hidden)
        and column not in TOO_WIDE
        and (not rows or any(row[column] is not None for row in rows))
    ]
    kept.sort(key=lambda column: column != layout.lead)
    places = {column: _places(column, [row[column] for row in rows]) for column in kept}
    columns = [Column(one, heading(one, layout.sides), _holds_numbers(one, rows)) for one in kept]
    groups = [
        Group(
            title, [([_text(row, c, places[c]) for c in kept], _is_total(row)) for row in members]
        )
        for title, members in _grouped(layout, rows)
    ]
    return Table(name, layout.caption, columns, groups, total)


def _grouped(layout: Layout, rows: Sequence[Row]) -> Iterator[tuple[str, list[Row]]]:
    def title(row: Row) -> str:
        return " · ".join(str(row[name]) for name in layout.groups if row[name])

    for text, members in groupby(rows, key=title):
        yield text, list(members)


def _text(row: Row, column: str, places: int | None) -> str:
    """A cell of a row; the price of a percentage charge is per cent."""
    if row.get("unit") == "%" and column in ("before_usd", "price_usd"):
        return f"{cell('percent', row[column], _decimals(row[column], 8))} %"
    return cell(column, row[column], places)


def _is_total(row: Row) -> bool:
    return row.get("line_kind") == "total"


def _words(name: str) -> str:
    """A name as words that begin with a capital, units as they are written."""
    words = re.sub(r"\bkw(h?)\b", r"kW\1", name.replace("_", " "))
    return words if words.startswith("kW") else words[:1].upper() + words[1:]


def heading(column: str, sides: Mapping[str, str] = MappingProxyType({})) -> str:
    """A column's name as words, its unit after a comma: `change_usd` is `Change, $`.

    `sides` are words for the sides of a study, which some names begin with.
    """
    for side, words in sides.items():
        if column.startswith(f"{side}_"):
            column = f"{words}_{column.removeprefix(f'{side}_')}"
    for suffix, unit in sorted(UNITS.items(), key=lambda one: -len(one[0])):
        if column.endswith(f"_{suffix}"):
            return f"{_words(column.removesuffix(f'_{suffix}'))}, {unit}"
        if column == suffix:
            return unit
    return _words(column.removeprefix("is_").removesuffix("_no"))


def _holds_numbers(column: str, rows: Sequence[Row]) -> bool:
    values = [row[column] for row in rows if row[column] is not None]
    return (
        bool(values)
        and not column.endswith(NAMES)
        and all(isinstance(one, int | Decimal) and not isinstance(one, bool) for one in values)
    )


def _places(column: str, values: Sequence[Any]) -> int | None:
    """How many decimals a column shows, kWh none; no number: each as many as it has, as prices."""
    if "price" in column or column in PRICES or column.endswith("usd_per_kwh"):
        return None
    if column.endswith("cents_per_kwh"):
        return 3
    if column.endswith("usd"):
        return 2
    if column.endswith("kwh"):
        return 0
    most = 2 if column.endswith("percent") else 8
    return max((_decimals(one, most) for one in values if isinstance(one, Decimal)), default=0)


def _decimals(value: Decimal, most: int) -> int:
    digits = f"{value:.{most}f}".partition(".")[2].rstrip("0")
    return len(digits)


def cell(column: str, value: Any, places: int | None = None) -> str:
    """A value as a reader expects it: `$1,234.50`, `−3.20`, `2015-08`, `yes`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime.date):
        return f"{value:%Y-%m}" if column.endswith("month") else value.isoformat()
    if not isinstance(value, int | Decimal) or column.endswith(NAMES):
        return str(value)
    sign = "−" if value < 0 else ""
    if "usd" not in column:
        return f"{sign}{abs(value):,.{places or 0}f}"
    return sign + (dollars(abs(value)) if places is None else f"${abs(value):,.{places}f}")
