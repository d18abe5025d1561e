"""How results look in a terminal; every function returns what `rich` prints."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from models.rating import COMPONENTS
from rating.explain.bill import Explanation, dollars, measured, netting_words, plain
from rating.explain.demand import demand_sentences
from rating.portfolio.load import LoadReport
from rating.run.run import Check, RunReport
from rating.show.tables import number_table


def as_json(value: Any, *, is_ascii: bool = False) -> str:
    """JSON with decimals as exact strings and dates as ISO text."""
    return json.dumps(value, default=str, ensure_ascii=is_ascii, indent=2)


def load_table(report: LoadReport) -> RenderableType:
    """What became of each file of a load."""
    table = number_table(f"load {report.load_id}", "read", "loaded", "replaced", "rejected")
    for one in report.files:
        counts = (one.rows_read, one.rows_loaded, one.rows_replaced, one.rows_rejected)
        table.add_row(one.file, *(f"{count:,}" for count in counts))
    parts: list[RenderableType] = [table, *(Text(note) for note in report.notes)]
    if report.rows_rejected:
        parts.append(
            Text(
                f"{report.rows_rejected:,} rows were rejected; see them with"
                " `ratebook export rejected_row FILE.csv`"
            )
        )
    return Group(*parts)


def schedule_table(rows: Sequence[Mapping[str, Any]]) -> RenderableType:
    """Bills, energy and what binds, then revenue by component: a line a schedule each."""
    bills = number_table("bills by schedule", "bills", "MWh", "net $", "by ratchet", "at minimum")
    shown = [name for name in COMPONENTS if any(row[f"{name}_amount"] for row in rows)]
    revenue = number_table("revenue, $", *shown)
    for row in rows:
        name = f"{row['utility']} {row['schedule']}"
        bills.add_row(
            name,
            f"{row['bills']:,}",
            f"{(row['kwh'] or 0) / 1000:,.1f}",
            f"{row['net_amount']:,.2f}",
            f"{row['ratchet_bills']:,}",
            f"{row['minimum_bills']:,}",
        )
        revenue.add_row(name, *(f"{row[f'{part}_amount']:,.0f}" for part in shown))
    return Group(bills, revenue)


def run_lines(report: RunReport) -> RenderableType:
    """A run's counts and its verdict."""
    if report.status == "unchanged":
        return Text(report.message)
    if report.status != "published":
        return Text(f"run {report.run_id} failed and was not published: {report.message}")
    passed = len(report.checks) - len(report.failed_checks)
    return Text(
        f"run {report.run_id}: {report.reads:,} reads = {report.bills:,} bills +"
        f" {report.unbilled:,} unbilled; net ${report.net_amount:,.2f}; reconciled:"
        f" {passed} of {len(report.checks)} checks pass"
        + (f"; {report.message}" if report.message else "")
    )


def check_table(checks: Sequence[Check]) -> RenderableType:
    """Reconciliation checks, one line each name with its scopes summed up."""
    table = number_table("reconciliation", "scopes", "expected", "actual", "difference", "status")
    for name in dict.fromkeys(check.check_name for check in checks):
        own = [check for check in checks if check.check_name == name]
        failed = [check.scope for check in own if check.is_bad]
        table.add_row(
            name,
            str(len(own)),
            plain(sum(check.expected or 0 for check in own)),
            plain(sum(check.actual or 0 for check in own)),
            plain(sum(check.difference or 0 for check in own)),
            "fail: " + ", ".join(failed[:3]) if failed else "pass",
        )
    return table


def explanation(found: Explanation) -> RenderableType:
    """A bill as a customer-service analyst reads it."""
    if found.bill is None:
        unbilled = found.unbilled or {}
        return Text(
            f"{unbilled['agreement_id']} {unbilled['billing_month']:%Y-%m} has no bill:"
            f" {unbilled['reason']} ({unbilled['detail']})"
        )
    bill = found.bill
    season = f", season {bill['season']}" if bill["season"] else ""
    head = Text(
        f"{bill['agreement_id']}  {bill['billing_month']:%Y-%m}  {bill['utility']}"
        f" {bill['schedule']} (in force since {bill['version_effective_from']}{season}),"
        f" {bill['read_from']} to {bill['read_to']}"
    )
    sentences = [netting_words(found.netting)] if found.netting else []
    sentences += demand_sentences(found)
    return Group(head, *map(Text, sentences), _line_table(found))


def _line_table(found: Explanation) -> Table:
    bill = found.bill or {}
    table = Table("line", "charge", box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("quantity", "price", "amount"):
        table.add_column(heading, justify="right")
    table.add_column("sheet")
    versions = {(line["schedule_or_rider"], line["version_effective_from"]) for line in found.lines}
    versions_of = Counter(name for name, _ in versions)
    for line in found.lines:
        sheet = f"{line['schedule_or_rider']} {line['sheet']}"
        if versions_of[line["schedule_or_rider"]] > 1:
            sheet += f", since {line['version_effective_from']}"
        if line["line_no"] in found.seasons:
            sheet += f", {found.seasons[line['line_no']]}"
        table.add_row(
            str(line["line_no"]),
            line["description"],
            measured(line["quantity"], line["unit"]),
            dollars(line["price"]),
            f"{line['amount']:,.2f}",
            sheet,
        )
    table.add_section()
    table.add_row("", "net bill", "", "", f"{bill['net_amount']:,.2f}", "")
    if bill["gross_amount"] != bill["net_amount"]:
        table.add_row("", "after the due date", "", "", f"{bill['gross_amount']:,.2f}", "")
    return table
