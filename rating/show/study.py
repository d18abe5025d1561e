"""How the studies look on a terminal: typical bills by schedule and season, the proof's exhibit."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import accumulate, groupby
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table

from rating.explain.bill import dollars, plain
from rating.show.tables import word_table

Row = Mapping[str, Any]
CENTS = -2


def first_columns(title: str, rows: Sequence[Row], width: int) -> tuple[Table, list[str]]:
    """A table of the columns that fit into a width, in characters, and the names of the others."""
    names = list(rows[0]) if rows else []
    words = [[_words(row[name]) for row in rows] for name in names]
    ends = accumulate(
        max(map(len, (name, *column))) + 2 for name, column in zip(names, words, strict=True)
    )
    shown = max(1, sum(end <= width for end in ends))
    table = Table(title=title, title_justify="left", box=None)
    for name in names[:shown]:
        is_number = any(isinstance(row[name], Decimal) for row in rows)
        table.add_column(name, overflow="fold", justify="right" if is_number else "left")
    for values in zip(*words[:shown], strict=True):
        table.add_row(*values)
    return table, names[shown:]


def _words(value: object) -> str:
    """A value as it is printed: dollars and cents with both places."""
    if not isinstance(value, Decimal):
        return "" if value is None else str(value)
    return f"{value:,.2f}" if value.as_tuple().exponent == CENTS else plain(value)


def typical_bills(rows: Sequence[Row], unbilled: Sequence[Row]) -> RenderableType:
    """A table a schedule and season, then the schedules without some bill, each with its reason."""
    parts = [_season(list(part)) for _, part in groupby(rows, key=_season_title)]
    missing: dict[str, set[Any]] = {}
    for row in unbilled:
        why = f"{row['utility']} {row['schedule']}: {row['reason']}, {row['detail']}"
        missing.setdefault(why, set()).add((row["kw"], row["kwh"]))
    lines = [f"no bill for {len(points)} points on {why}" for why, points in missing.items()]
    return Group(*parts, *lines)


def _season_title(row: Row) -> str:
    season = f", season {row['season']}" if row["season"] else ""
    since = row["version_effective_from"]
    month = f"{row['billing_month']:%Y-%m}"
    return f"{row['utility']} {row['schedule']}{season}, {month}, version of {since}"


def _season(rows: Sequence[Row]) -> Table:
    table = word_table(_season_title(rows[0]))
    for heading in ("kW", "kWh", "hours use", "load factor %", "bill $", "¢ a kWh"):
        table.add_column(heading, justify="right")
    for row in rows:
        table.add_row(
            _number(row["kw"]),
            _number(row["kwh"]),
            _number(row["hours_use"], 1),
            _number(row["load_factor_percent"], 1),
            _number(row["bill_usd"], 2),
            _number(row["average_cents_per_kwh"], 3),
        )
    return table


def proof_exhibit(rows: Sequence[Row]) -> RenderableType:
    """A table a schedule and season: determinant × price = revenue, now and as proposed."""
    return Group(*(_exhibit(list(part)) for _, part in groupby(rows, key=_exhibit_title)))


def _exhibit_title(row: Row) -> str:
    season = f", season {row['season']}" if row["season"] else ""
    return f"{row['utility']} {row['schedule']}{season}"


def _exhibit(rows: Sequence[Row]) -> Table:
    table = word_table(_exhibit_title(rows[0]))
    table.add_column("charge", overflow="fold")
    table.add_column("", no_wrap=True)
    for heading in ("determinant", "price", "revenue $", "change $", "%"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        if row["line_kind"] == "total":
            table.add_section()
        for side in ("present", "proposed"):
            table.add_row(*_side(row, side))
    return table


def _side(row: Row, side: str) -> tuple[str, ...]:
    quantity, price = row[f"{side}_quantity"], row[f"{side}_price_usd"]
    is_last = side == "proposed"
    return (
        "" if is_last else row["description"],
        side,
        "" if quantity is None else f"{_number(quantity, 0)} {row['unit']}",
        "" if price is None else dollars(price),
        _number(row[f"{side}_usd"], 2),
        _number(row["change_usd"], 2) if is_last else "",
        _number(row["change_percent"], 2) if is_last else "",
    )


def _number(value: Any, decimals: int | None = None) -> str:
    """A number with separators of thousands; blank for none."""
    if value is None:
        return ""
    return plain(value) if decimals is None else f"{value:,.{decimals}f}"
