"""docs/worked-bills.md: bills of every schedule and rider in words, from the golden portfolio.

`python -m pytest tests/test_worked_bills.py --write-worked-bills` writes the page anew.
"""

import datetime
from collections.abc import Iterator
from textwrap import fill

from helpers import Row, select

from rating.explain.bill import Explanation, dollars, explain, measured, plain
from rating.explain.demand import demand_sentences
from rating.project import ROOT, SEEDS
from rating.seed.read import read_books
from rating.store.database import open_duckdb

PAGE = ROOT / "docs" / "worked-bills.md"
HEAD = """# Worked bills

One bill for every schedule and rider of the shipped books that rates, in the words of its
arithmetic; two for ERDG, whose bank carries kWh from month to month. The customers are those of the
golden portfolio in `tests/golden`; the bills are its bills, and a test holds this page to them.
MG1 begins after its months: that customer is one of `tests/hand_portfolio.py`.
"""
# The bill of each schedule or rider with the most lines; of those, the first. A0099 is left out:
# its 60,000 kWh at 5 kW are an edge case, no real load.
EXAMPLES = """
    with counted as (
        select agreement_id, billing_month, count(*) as lines
        from rating.bill_line_item where agreement_id != 'A0099'
        group by agreement_id, billing_month
    )
    select schedule_or_rider as schedule, agreement_id, billing_month
    from rating.bill_line_item join counted using (agreement_id, billing_month)
    qualify row_number() over (
        partition by schedule_or_rider order by lines desc, agreement_id, billing_month
    ) = 1
    order by schedule_or_rider
"""
# ERDG has no lines; with its bank empty before, a month with an excess and one that draws on it.
BANKED = [("A0052", datetime.date(2025, month, 1)) for month in (11, 12)]
NETTED = """
    select read.kwh, read.kwh_received, bill.kwh as billed_kwh
    from portfolio.meter_read as read join rating.bill as bill using (agreement_id, billing_month)
    where agreement_id = ? and billing_month = ?
"""
AFTER_THE_GOLDEN_MONTHS = ("MG1", "MG1-SHOP", datetime.date(2024, 1, 1))


def netted(read: Row) -> str:
    """What a net metering customer's bank gains or gives, in words."""
    net = read["kwh"] - read["kwh_received"]
    bank = f"{plain(net - read['billed_kwh'])} kWh come out of the bank"
    if net < 0:
        bank = f"{plain(-net)} kWh go into the bank"
    return (
        f"- Net consumption (ERDG, p. 8): {plain(read['kwh'])} kWh delivered -"
        f" {plain(read['kwh_received'])} kWh received = {plain(net)} kWh; {bank},"
        f" {plain(read['billed_kwh'])} kWh are billed."
    )


def worked(found: Explanation, *netting: str) -> Iterator[str]:
    """The lines of one bill in words."""
    bill = found.bill or {}
    yield (
        f"Agreement {bill['agreement_id']}, billing month {bill['billing_month']:%Y-%m}, schedule"
        f" {bill['schedule']}{', ' + bill['season'].replace('_', '-') if bill['season'] else ''}."
    )
    yield ""
    yield from netting
    for sentence in demand_sentences(found):
        yield f"- {sentence}."
    for line in found.lines:
        amount = f"{'-' if line['amount'] < 0 else ''}${abs(line['amount']):,.2f}"
        yield (
            f"- {line['description']} ({line['schedule_or_rider']}, {line['sheet']}):"
            f" {measured(line['quantity'], line['unit'])} × {dollars(line['price'])} = {amount}"
        )
    yield f"- Together **${bill['net_amount']:,.2f}**."
    if bill["gross_amount"] != bill["net_amount"]:
        yield f"- After the due date ${bill['gross_amount']:,.2f}."


def worked_of(url, agreement_id: str, month: datetime.date, *netting: str) -> str:
    """One bill in words."""
    with open_duckdb(url) as connection:
        found = explain(connection, agreement_id, month)
    lines = [fill(line, 98, subsequent_indent="  ") for line in worked(found, *netting)]
    return "\n".join(lines) + "\n"


def page(golden, by_hand) -> str:
    """The whole page."""
    parts = {
        row["schedule"]: worked_of(golden.url, row["agreement_id"], row["billing_month"])
        for row in select(golden.url, EXAMPLES)
    }
    parts["ERDG"] = "\n".join(
        worked_of(golden.url, *key, netted(*select(golden.url, NETTED, key))) for key in BANKED
    )
    schedule, *key = AFTER_THE_GOLDEN_MONTHS
    parts[schedule] = worked_of(by_hand.url, *key)
    return "\n".join([HEAD, *(f"## {code}\n\n{parts[code]}" for code in sorted(parts))])


def test_the_page_shows_the_bills_as_they_are(golden, by_hand, request):
    found = page(golden, by_hand)
    if request.config.getoption("--write-worked-bills"):
        PAGE.write_text(found, encoding="utf-8")
    assert PAGE.read_text("utf-8") == found


def test_every_schedule_and_rider_that_rates_is_worked():
    text = PAGE.read_text("utf-8")
    # MG2 and MG4 are incomplete; the clauses of MG1 are named without a figure.
    silent = {"MG2", "MG4", "PCA", "Regulatory & Environmental Rider"}
    codes = {seed.schedule for book in read_books([SEEDS]) for seed in book.schedules}
    assert {code for code in codes - silent if f"## {code}\n" not in text} == set()
