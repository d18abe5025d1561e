"""One bill explained: its lines with their sheets, its demands and what they were made of."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from models.base import BUILD, RATING
from rating.errors import RatebookError
from rating.explain.built import (
    has_bill,
    netting_of,
    requests_of,
    rows_of,
    seasons_of,
    terms_of,
)
from rating.store.query import Row


@dataclass(frozen=True)
class Explanation:
    """A bill with its lines and demands, or the reason why there is none.

    Where the last build has the bill: `terms` of the demands, `seasons` by the number of the
    line where a read is prorated over a change of seasons, and `netting` of received kWh.
    """

    bill: Row | None
    lines: Sequence[Row]
    demands: Sequence[Row]
    unbilled: Row | None
    terms: Sequence[Row] = ()
    seasons: Mapping[int, str] = field(default_factory=dict)
    netting: Row | None = None

    @property
    def published(self) -> dict[str, Any]:
        """What the relations say, which is the same on every engine."""
        return {
            "bill": self.bill,
            "lines": self.lines,
            "demands": self.demands,
            "unbilled": self.unbilled,
        }


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
    bills = rows_of(connection, f"{schema}.bill", key)
    unbilled = rows_of(connection, f"{schema}.unbilled_read", key)
    if not bills and not unbilled:
        raise RatebookError(_why_nothing(connection, agreement_id, month))
    demands = rows_of(connection, f"{schema}.billing_demand", key, "demand_name")
    published = {"bill": bills, "billing_demand": demands}
    is_built = schema == BUILD or has_bill(connection, key, published)
    requests = requests_of(connection, key) if is_built else []
    return Explanation(
        bill=bills[0] if bills else None,
        lines=rows_of(connection, f"{schema}.bill_line_item", key, "line_no"),
        demands=demands,
        unbilled=unbilled[0] if unbilled else None,
        terms=terms_of(connection, requests) if demands else [],
        seasons=seasons_of(connection, key) if is_built and bills else {},
        netting=netting_of(connection, requests) if bills else None,
    )


def netting_words(netting: Row) -> str:
    """The kWh on both sides of the meter, and what goes into a bank or comes out of it."""
    delivered, received = netting["delivered_kwh"], netting["received_kwh"]
    words = [] if delivered is None else [f"{plain(delivered)} kWh delivered"]
    words.append(f"{plain(received)} kWh received")
    kwh = netting["from_bank_kwh"]
    if kwh:
        words.append(f"{plain(abs(kwh))} kWh {'come out of' if kwh > 0 else 'go into'} the bank")
    return ", ".join(words)


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
