"""Where the bills on two schedules cross, on an invented utility, where bills bend and jump.

S-1 and S-2 of the utility MILL are those of test_study. S-6 is $20 a month and $100 a whole kW; S-7
is $430 a month. One month each, and Q, of 2 kW, on S-6 in January and on S-7 in February:

|   | on  | kWh  | kW  | with f times its kW                                                    |
|---|-----|------|-----|------------------------------------------------------------------------|
| F | S-1 | 1010 | 3.1 | 100.80 on S-1; 20 + 40.40 + 15.5f on S-2, at least 100                 |
| J | S-6 |  100 | 3.1 | 20 + 100 × (3.1f in whole kW) on S-6; 430 on S-7                       |
"""

from decimal import Decimal

import pytest
from helpers import rate_portfolio, read, write_tariffs
from test_study import HEAD, SEEDS

from rating.study.compare import compare
from rating.study.database import rows_of

WHOLE_KW = """\
    requires: [kwh, kw]
    demands:
      - name: billing
        measured: kw
        sheet: p. 6
        decimals: 0
        greatest_of:
          - measured: kw
    charges:
      - {code: customer, description: Customer, component: customer, price: "20.00", sheet: p. 6}
      - {code: demand, description: Demand charge, component: demand, per: billing_demand_kw,
         prices_in: $/kW, price: "100.00", sheet: p. 6}
"""
FLAT = """\
    requires: [kwh]
    charges:
      - {code: customer, description: Customer, component: customer, price: "430.00", sheet: p. 7}
"""
TARIFFS = {
    **{name: SEEDS[name] for name in ("utility", "s-1", "s-2")},
    "s-6": HEAD.format(schedule="S-6", customer_class="industrial") + WHOLE_KW,
    "s-7": HEAD.format(schedule="S-7", customer_class="industrial") + FLAT,
}
START = {"utility": "mill", "start_date": "2023-01-01"}
FILES = {
    "service_agreements": [
        {**START, "agreement_id": "F", "schedule": "S-1", "customer_class": "commercial"},
        {**START, "agreement_id": "J", "schedule": "S-6", "customer_class": "industrial"},
        {**START, "agreement_id": "Q", "schedule": "S-6", "customer_class": "industrial",
         "end_date": "2024-02-01"},
        {**START, "agreement_id": "Q", "schedule": "S-7", "customer_class": "industrial",
         "start_date": "2024-02-01"},
    ],
    "meter_reads": [
        read("F", "2024-01", kwh="1010", kw="3.1"),
        read("J", "2024-01", kwh="100", kw="3.1"),
        *(read("Q", month, kwh="100", kw="2") for month in ("2024-01", "2024-02")),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """The break-even and what is switched."""
    folder = tmp_path_factory.mktemp("crossings")
    town = rate_portfolio(folder, FILES, [write_tariffs(folder / "seeds", "mill", TARIFFS)])
    with compare(town.url, break_even=True) as connection:
        return {name: rows_of(connection, name) for name in ("break_even", "switching")}


@pytest.fixture(scope="module")
def crossings(compared):
    """What the break-even is by kW, by agreement."""
    rows = compared["break_even"]
    return {row["agreement_id"]: row for row in rows if row["determinant"] == "kw"}


def test_break_even_is_to_a_thousandth_where_a_bill_bends(crossings):
    # S-2 stays at its minimum up to 39.60 ÷ 5 = 7.92 kW, 80 cents below S-1, which it reaches at
    # 40.40 ÷ 5 = 8.08 kW. 2.606 × 3.1 = 8.0786 kW are $40.39, 2.607 × 3.1 = 8.0817 are $40.41.
    row = crossings["F"]
    assert (row["factor"], row["cheaper_below"]) == (Decimal("2.607"), "S-2")
    assert (row["actual_schedule_usd"], row["bill_usd"]) == (Decimal("100.80"), Decimal("100.81"))


def test_break_even_is_to_a_thousandth_where_a_bill_jumps(crossings):
    # 4.5 kW are the first that are billed as 5: 1.451 × 3.1 = 4.4981, 1.452 × 3.1 = 4.5012. S-6
    # jumps from 420 to 520.
    row = crossings["J"]
    assert (row["factor"], row["cheaper_below"]) == (Decimal("1.452"), "S-6")
    assert (row["actual_schedule_usd"], row["bill_usd"]) == (520, 430)
    assert row["difference_usd"] == -90


def test_switching_leaves_out_whose_schedule_changed_within_the_months(compared):
    # Q paid 220 + 430, and would have paid 440 on S-6 and 860 on S-7: neither is what leaving S-7
    # saves. F pays 100.80 and, at the minimum, 100; J 320 and 430.
    found = {
        (row["actual_schedule"], row["cheapest_schedule"]): (
            row["agreements"], row["difference_usd"],
        )
        for row in compared["switching"]
    }  # fmt: skip
    assert found == {("S-1", "S-2"): (1, Decimal("-0.80")), ("S-6", "S-6"): (1, 0)}
