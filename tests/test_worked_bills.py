"""docs/worked-bills.md: a bill of every schedule and rider in words, from the golden portfolio.

`python -m pytest tests/test_worked_bills.py --write-worked-bills` writes the page anew.
"""

from collections.abc import Iterator
from textwrap import fill

from helpers import select

from rating.explain.bill import Explanation, demand_words, dollars, explain, measured
from rating.project import ROOT, SEEDS
from rating.seed.read import read_books
from rating.store.database import open_duckdb

PAGE = ROOT / "docs" / "worked-bills.md"
HEAD = """# Worked bills

One bill for every schedule and rider of the shipped books that rates, in the words of its
arithmetic. The customers are those of the golden portfolio in `tests/golden`; the bills are its
bills, and a test holds this page to them.
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


def worked(found: Explanation) -> Iterator[str]:
    """The lines of one bill in words."""
    bill = found.bill or {}
    yield (
        f"Agreement {bill['agreement_id']}, billing month {bill['billing_month']:%Y-%m}, schedule"
        f" {bill['schedule']}{', ' + bill['season'].replace('_', '-') if bill['season'] else ''}."
    )
    yield ""
    for demand in found.demands:
        yield f"- {demand_words(demand)}."
    for line in found.lines:
        amount = f"{'-' if line['amount'] < 0 else ''}${abs(line['amount']):,.2f}"
        yield (
            f"- {line['description']} ({line['schedule_or_rider']}, {line['sheet']}):"
            f" {measured(line['quantity'], line['unit'])} × {dollars(line['price'])} = {amount}"
        )
    yield f"- Together **${bill['net_amount']:,.2f}**."
    if bill["gross_amount"] != bill["net_amount"]:
        yield f"- After the due date ${bill['gross_amount']:,.2f}."


def page(golden) -> str:
    """The whole page."""
    parts, examples = [HEAD], select(golden.url, EXAMPLES)
    with open_duckdb(golden.url) as connection:
        for row in examples:
            found = explain(connection, row["agreement_id"], row["billing_month"])
            lines = [fill(line, 98, subsequent_indent="  ") for line in worked(found)]
            parts.append(f"## {row['schedule']}\n\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)


def test_the_page_shows_the_bills_as_they_are(golden, request):
    if request.config.getoption("--write-worked-bills"):
        PAGE.write_text(page(golden), encoding="utf-8")
    assert PAGE.read_text("utf-8") == page(golden)


def test_every_schedule_and_rider_that_rates_in_the_golden_months_is_worked():
    text = PAGE.read_text("utf-8")
    # MG1, MG2 and MG4 and their clauses begin after the golden months; ERDG only changes kWh.
    silent = {"MG1", "MG2", "MG4", "PCA", "Regulatory & Environmental Rider", "ERDG"}
    codes = {seed.schedule for book in read_books([SEEDS]) for seed in book.schedules}
    assert {code for code in codes - silent if f"## {code}\n" not in text} == set()
