"""The ratchets of a demand: which they are, and another percentage, window or months for one."""

from collections.abc import Sequence
from decimal import Decimal

import duckdb

from rating.errors import RatebookError

# The demand that is billed; what a minimum rests on, say, is a demand of its own.
DEMAND = "billing"
# More is a slip of the pen, and would leave no room for the bills.
MOST_PERCENT = 1000
RATCHETS = """
    select demand_rule.name, demand_term.demand_term_id
    from tariff.demand_term
    inner join tariff.demand_group using (demand_group_id)
    inner join tariff.demand_rule using (demand_rule_id)
    where demand_term.kind = 'ratchet' and demand_rule.version_id = any($versions)
    order by demand_term.demand_term_id
"""


def ratchet_terms(
    connection: duckdb.DuckDBPyConnection,
    versions: Sequence[int],
    schedule: str,
    demand: str | None,
) -> list[int]:
    """The ids of the ratchets of a demand, by default the one billed, in versions of a schedule.

    Raises `RatebookError` where there is none, with the demands that have one.
    """
    rows = connection.execute(RATCHETS, {"versions": versions}).fetchall()
    if not rows:
        raise RatebookError(f"{schedule} has no ratchet; see relation billing_demand")
    found = [term for name, term in rows if name == (demand or DEMAND)]
    if not found:
        others = " or ".join(sorted({f"demand: {name}" for name, _ in rows}))
        raise RatebookError(
            f"{schedule} has no ratchet of the demand {demand or DEMAND}; give {others}"
        )
    return found


def set_ratchet(
    connection: duckdb.DuckDBPyConnection,
    term_id: int,
    *,
    percent: Decimal | None = None,
    window: int | None = None,
    months: Sequence[int] | None = None,
) -> None:
    """Give a ratchet another percentage, window of months, or months of the year."""
    connection.execute(
        "update tariff.demand_term set percent = coalesce($percent, percent),"
        " window_months = coalesce($window, window_months) where demand_term_id = $term",
        {"percent": percent, "window": window, "term": term_id},
    )
    if months:
        connection.execute(
            "delete from tariff.demand_term_month where demand_term_id = ?", [term_id]
        )
        for month in sorted({*months}):
            connection.execute(
                "insert into tariff.demand_term_month (demand_term_id, month) values (?, ?)",
                [term_id, month],
            )
