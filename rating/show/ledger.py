"""How runs and what changed between them look in a terminal."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from rating.run.ledger import Difference, Run
from rating.run.reproduce import Reproduction
from rating.show.tables import number_table

FIRST_DIFFERING = 20


def run_table(found: Sequence[Run]) -> RenderableType:
    """One line a run."""
    if not found:
        return Text("there are no runs; `ratebook rate` makes one")
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("run", "started", "status", "engine"):
        table.add_column(heading, no_wrap=True)
    for heading in ("bills", "unbilled", "net $"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("says")
    for one in found:
        table.add_row(
            str(one.run_id),
            f"{one.started_at:%Y-%m-%d %H:%M}",
            one.status,
            one.engine,
            f"{one.bills or 0:,}",
            f"{one.unbilled or 0:,}",
            f"{one.net_amount or 0:,.2f}",
            one.message or "",
        )
    return table


def difference_table(found: Difference) -> RenderableType:
    """The bills that changed, the largest difference first, and what of the inputs did."""
    heading = f"run {found.before} to run {found.after}"
    if not found.bills:
        return Text(f"{heading}: no bill changed")
    table = number_table(heading, "month", "what", "before $", "after $", "difference $")
    table.add_column("by component")
    for one in found.bills:
        before, after = (
            "" if amount is None else f"{amount:,.2f}"
            for amount in (one.net_amount_before, one.net_amount_after)
        )
        table.add_row(
            one.agreement_id,
            f"{one.billing_month:%Y-%m}",
            one.what,
            before,
            after,
            f"{one.difference:+,.2f}",
            one.components,
        )
    total = sum(one.difference for one in found.bills)
    changed = ", ".join(found.causes) or "neither tariffs nor portfolio nor code"
    return Group(
        table,
        Text(f"{len(found.bills):,} bills, {total:+,.2f} $; what changed in between: {changed}"),
    )


def reproduction(found: Reproduction) -> RenderableType:
    """How many bills were compared, and the first that are not the same."""
    compared = f"run {found.run_id}: {found.bills:,} bills and {found.lines:,} lines compared"
    inputs = (
        f"tariffs {found.tariff_hash}, portfolio {found.portfolio_hash},"
        f" later loads taken back: {found.loads_undone}"
    )
    if not found.differing:
        return Text(f"{compared}, all the same\n{inputs}")
    table = number_table("agreement", "month", "published $", "reproduced $")
    table.add_column("differs in")
    for one in found.differing[:FIRST_DIFFERING]:
        amounts = (
            "" if amount is None else f"{amount:,.2f}"
            for amount in (one.net_amount_published, one.net_amount_reproduced)
        )
        table.add_row(one.agreement_id, f"{one.billing_month:%Y-%m}", *amounts, one.what)
    return Group(table, Text(f"{compared}, {len(found.differing):,} differ\n{inputs}"))
