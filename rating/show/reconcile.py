"""How failing rows, and bills against billed amounts, look in a terminal."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from rating.explain.bill import plain
from rating.reconcile.billed import CLASSES, BilledReport
from rating.run.failing_rows import FailingRows
from rating.show.tables import number_table, word_table

# Wide relations are cut; a file has them whole.
COLUMNS_SHOWN = 8


def failing_table(found: FailingRows) -> RenderableType:
    """The first rows that fail a check or a test."""
    names = list(found.rows[0])[:COLUMNS_SHOWN] if found.rows else []
    table = word_table(f"{found.name}: the first rows")
    for name in names:
        table.add_column(name)
    for row in found.rows:
        table.add_row(*(Text(_value(name, row[name])) for name in names))
    return table


def _value(name: str, value: Any) -> str:
    if name == "billing_month":
        return str(value)[:7]
    return plain(value) if isinstance(value, Decimal) else "" if value is None else str(value)


def billed_report(report: BilledReport) -> RenderableType:
    """Match rate, then differences by class, schedule and component, then the largest."""
    compared = report.bills - report.bills_of("missing")
    parts: list[RenderableType] = [
        Text(
            f"billed amounts: {report.exact:,} of {compared:,} bills agree to the cent"
            f" ({plain(report.match_rate)} %)"
        )
    ]
    if report.classes:
        parts += [
            _class_table(report.classes),
            _sums("by schedule", [row for row in report.schedules if row["absolute_difference"]]),
        ]
        if report.components:
            parts.append(_sums("by component", report.components))
        parts.append(_largest_table(report.largest))
    if report.untried:
        parts.append(
            Text(f"of the unexplained, {report.untried:,} were not rated under every hypothesis")
        )
    never = report.never_billed
    if never["bills"]:
        parts.append(
            Text(
                f"not compared: {never['bills']:,} bills of {never['agreements']:,} agreements"
                f" that the billing system has no amount for at all, ${never['net_amount']:,.2f}"
            )
        )
    return Group(*parts)


def _class_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    table = number_table(
        "difference explained by", "bills", "billed - rated, $", "without signs, $"
    )
    for row in rows:
        table.add_row(
            f"{row['class']}: {CLASSES[row['class']]}",
            f"{row['bills']:,}",
            f"{row['difference']:,.2f}",
            f"{row['absolute_difference']:,.2f}",
        )
    return table


def _sums(title: str, rows: Sequence[Mapping[str, Any]]) -> Table:
    table = number_table(title, "bills", "differing", "billed - rated, $", "without signs, $")
    for row in rows:
        differing = row["differing"] if "differing" in row else row["bills"] - row["exact"]
        name = [row["utility"], row["schedule"], row.get("component")]
        table.add_row(
            " ".join(part for part in name if part) or "no agreement",
            f"{row['bills']:,}",
            f"{differing:,}",
            f"{row['difference']:,.2f}",
            f"{row['absolute_difference']:,.2f}",
        )
    return table


def _largest_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    table = Table("the largest", "month", "schedule", box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("billed", "rated", "difference"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("explained by")
    for row in rows:
        amounts = (row["billed_amount"], row["net_amount"], row["difference"])
        others = row["other_explanations"]
        table.add_row(
            Text(row["agreement_id"]),
            f"{row['billing_month']:%Y-%m}",
            Text(row["schedule"] or ""),
            *("" if amount is None else f"{amount:,.2f}" for amount in amounts),
            Text(f"{row['class']}: {row['explanation']}" + (f"; or {others}" if others else "")),
        )
    return table
