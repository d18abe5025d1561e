"""Every bill, line and unbilled read of the golden portfolio, to the cent and sixth decimal."""

import csv
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from helpers import GOLDEN, Rated, Row

EXPECTED = GOLDEN / "expected"
TEXTS = {"agreement_id", "billing_month", "schedule", "version_effective_from", "reason"}
SHOWN = 40


def expected_rows(name: str) -> list[dict[str, str]]:
    """The rows of an expected file, as they are written."""
    with (EXPECTED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_written(row: Row, columns: list[str]) -> dict[str, str]:
    """Columns of one of our rows in the words of the expected file."""
    return {column: _text(column, row[column]) for column in columns}


def _text(column: str, value: Any) -> str:
    if value is None:
        return ""
    return f"{value:%Y-%m}" if column == "billing_month" else str(value)


def keyed(rows: list[dict[str, str]]) -> dict[tuple[str, str], dict[str, str]]:
    """Rows by agreement and month; fails on a key that stands twice."""
    found = {(row["agreement_id"], row["billing_month"]): row for row in rows}
    assert len(found) == len(rows), "an agreement's month stands twice"
    return found


def must_be_none(differences: list[str]) -> None:
    """Fail with the first differences, one a line, and how many there are."""
    if differences:
        more = len(differences) - SHOWN
        shown = differences[:SHOWN] + ([f"… and {more} more"] if more > 0 else [])
        pytest.fail(f"{len(differences)} differ:\n" + "\n".join(shown), pytrace=False)


@pytest.fixture(scope="module")
def expected_bills() -> dict[tuple[str, str], dict[str, str]]:
    """The expected bills by agreement and month."""
    return keyed(expected_rows("bills.csv"))


@pytest.fixture(scope="module")
def our_bills(
    golden: Rated, expected_bills: dict[tuple[str, str], dict[str, str]]
) -> dict[tuple[str, str], dict[str, str]]:
    """Our bills with the columns of the expected ones."""
    columns = list(next(iter(expected_bills.values())))
    return keyed([as_written(row, columns) for row in golden.bills])


def test_every_expected_bill_is_made_and_no_other(expected_bills, our_bills):
    missing = sorted(f"missing: {key}" for key in expected_bills.keys() - our_bills.keys())
    left_over = sorted(f"left over: {key}" for key in our_bills.keys() - expected_bills.keys())
    must_be_none(missing + left_over)


def test_every_bill_equals_the_expected_one_in_every_column(expected_bills, our_bills):
    differing = [
        f"{key} {column}: expected {expected[column]!r}, ours {our_bills[key][column]!r}"
        for key, expected in expected_bills.items()
        if key in our_bills
        for column in expected
        if expected[column] != our_bills[key][column]
    ]
    must_be_none(differing)


def test_every_unbilled_read_has_its_expected_reason_and_no_other_read_is_unbilled(golden):
    columns = ["agreement_id", "billing_month", "reason"]
    expected = {tuple(row[name] for name in columns) for row in expected_rows("unbilled_reads.csv")}
    ours = {tuple(as_written(row, columns).values()) for row in golden.unbilled}
    differing = [f"expected only: {key}" for key in sorted(expected - ours)]
    differing += [f"ours only: {key}" for key in sorted(ours - expected)]
    must_be_none(differing)


def test_every_line_amount_equals_the_expected_one_and_none_is_left_over(golden):
    columns = ["agreement_id", "billing_month", "component", "amount"]
    expected = Counter(tuple(row.values()) for row in expected_rows("line_amounts.csv"))
    ours = Counter(tuple(as_written(row, columns).values()) for row in golden.lines)
    differing = [f"expected only: {key} × {n}" for key, n in sorted((expected - ours).items())]
    differing += [f"ours only: {key} × {n}" for key, n in sorted((ours - expected).items())]
    must_be_none(differing)


def test_reads_are_bills_and_unbilled_reads(golden):
    reads = len((GOLDEN / "portfolio" / "meter_reads.csv").read_text("utf-8").splitlines()) - 1
    assert reads == golden.report.reads == len(golden.bills) + len(golden.unbilled)


def test_every_bill_is_the_sum_of_its_lines(golden):
    sums: dict[tuple[str, Any], Decimal] = {}
    for line in golden.lines:
        key = (line["agreement_id"], line["billing_month"])
        sums[key] = sums.get(key, Decimal(0)) + line["amount"]
    differing = [
        f"{bill['agreement_id']} {bill['billing_month']}"
        for bill in golden.bills
        if sums.get((bill["agreement_id"], bill["billing_month"]), Decimal(0)) != bill["net_amount"]
    ]
    must_be_none(differing)


def test_every_line_is_its_quantity_times_its_price_to_the_cent(golden):
    # G1: each line is rounded half away from zero.
    differing = [
        f"{line['agreement_id']} {line['billing_month']} line {line['line_no']}"
        for line in golden.lines
        if (line["quantity"] * line["price"]).quantize(Decimal("0.01"), "ROUND_HALF_UP")
        != line["amount"]
    ]
    must_be_none(differing)


def test_no_line_of_zero_is_listed(golden):
    assert not [line for line in golden.lines if line["amount"] == 0]


def test_every_line_names_a_page_of_a_book(golden):
    assert not [line for line in golden.lines if not line["sheet"] or not line["source_document"]]
