"""One bill explained: its lines with their sheets, and how each demand came about."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from models.base import RATING
from rating.errors import RatebookError
from rating.store.query import Row, query_rows


@dataclass(frozen=True)
class Explanation:
    """A bill with its lines and demands, or the reason why there is none."""

    bill: Row | None
    lines: Sequence[Row]
    demands: Sequence[Row]
    unbilled: Row | None


def explain(
    connection: duckdb.DuckDBPyConnection,
    agreement_id: str,
    month: datetime.date,
    *,
    schema: str = RATING,
) -> Explanation:
    """What the relations of a schema, the published ones, say of an agreement's billing month.

    Raises `RatebookError` where there is neither a bill nor an unbilled read.
    """
    key = [agreement_id, month]
    bills = _rows(connection, f"{schema}.bill", key)
    unbilled = _rows(connection, f"{schema}.unbilled_read", key)
    if not bills and not unbilled:
        raise RatebookError(_why_nothing(connection, agreement_id, month))
    return Explanation(
        bill=bills[0] if bills else None,
        lines=_rows(connection, f"{schema}.bill_line_item", key, "line_no"),
        demands=_rows(connection, f"{schema}.billing_demand", key, "demand_name"),
        unbilled=unbilled[0] if unbilled else None,
    )


def demand_words(demand: Row) -> str:
    """How a demand came about, in one sentence."""
    parts = []
    if demand["measured_kw"] is not None:
        parts.append(f"measured {plain(demand['measured_kw'])} kW")
    if demand["adjusted_kw"] != demand["measured_kw"] and demand["adjusted_kw"] is not None:
        parts.append(f"adjusted (metering, power factor) to {plain(demand['adjusted_kw'])} kW")
    if demand["ratchet_kw"] is not None:
        month = demand["ratchet_month"]
        peak = f"peak of {month:%Y-%m}" if month else "averaged peaks"
        parts.append(
            f"{plain(demand['ratchet_percent'])} % of the {peak}"
            f" is {plain(demand['ratchet_kw'])} kW"
        )
    if demand["floor_kw"] is not None:
        parts.append(f"floor {plain(demand['floor_kw'])} kW")
    return (
        f"{demand['demand_name']} demand {plain(demand['demand_kw'])} kW: "
        + ", ".join(parts)
        + f"; {_binding_words(demand)}"
    )


def _binding_words(demand: Row) -> str:
    """What binds, at how many kW where nothing else says that, and why the month's own do not."""
    binding, kw = demand["binding"], demand["unrounded_kw"]
    own = demand["measured_kw"] if demand["adjusted_kw"] is None else demand["adjusted_kw"]
    is_told = own == kw if binding == "measured" else binding in ("ratchet", "floor")
    words = _BINDING_WORDS[binding] + ("" if is_told else f" at {plain(kw)} kW") + " binds"
    is_less = binding in ("ratchet", "floor", "contract") and own is not None and own > kw
    return words + (", for the month's own counts for less" if is_less else "")


_BINDING_WORDS = {
    "measured": "the month's own demand",
    "ratchet": "the ratchet",
    "floor": "the floor",
    "contract": "the contract",
    "cap": "the cap",
}


def plain(number: Any) -> str:
    """A decimal without trailing zeros, with separators of thousands."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def measured(quantity: Any, unit: str) -> str:
    """A quantity with its unit, such as `40 kWh` or `3 × 100 ft`."""
    return f"{plain(quantity)} {'× ' if unit[0].isdigit() else ''}{unit}"


def dollars(price: Any) -> str:
    """A price with at least the two decimals that sheets print."""
    digits = f"{abs(price):,f}".rstrip("0")
    whole, _, decimals = digits.partition(".")
    return f"{'-' if price < 0 else ''}${whole}.{decimals:0<2}"


def _rows(
    connection: duckdb.DuckDBPyConnection, relation: str, key: Sequence[Any], order: str = "1"
) -> list[Row]:
    return query_rows(
        connection,
        f"select * from {relation} where agreement_id = ? and billing_month = ? order by {order}",
        key,
    )


def _why_nothing(
    connection: duckdb.DuckDBPyConnection, agreement_id: str, month: datetime.date
) -> str:
    found = connection.execute(
        "select count(*), min(billing_month), max(billing_month) from portfolio.meter_read"
        " where agreement_id = ?",
        [agreement_id],
    ).fetchone()
    if not found or not found[0]:
        return f"agreement {agreement_id} has no reads; check its id"
    read = connection.execute(
        "select count(*) from portfolio.meter_read where agreement_id = ? and billing_month = ?",
        [agreement_id, month],
    ).fetchone()
    if read and read[0]:
        return f"{month:%Y-%m} of agreement {agreement_id} is not rated yet; run `ratebook rate`"
    return (
        f"agreement {agreement_id} has no read in {month:%Y-%m};"
        f" its reads go from {found[1]:%Y-%m} to {found[2]:%Y-%m}"
    )
