"""Rate studies on an invented utility, MILL, and a portfolio small enough to rate by hand.

S-1 is $10 a month and 10¢ for the first 500 kWh, 8¢ over that. S-2 is $20 a month, 4¢ a kWh and $5
a kW of billing demand, which is no less than half of the highest of twelve months; a bill is no
less than $100.

|   | on  | month | kWh  | kW | bill on S-1                  | bill on S-2                    |
|---|-----|-------|------|----|------------------------------|--------------------------------|
| A | S-1 | Jan   | 1000 | 10 | 10 + 50 + 40 = 100           | 20 + 40 + 50 = 110             |
|   |     | Feb   |  400 |  2 | 10 + 40 = 50                 | 20 + 16 + 5×5 = 61, at least 100 |
| B | S-2 | Jan   | 5000 | 20 | 10 + 50 + 360 = 420          | 20 + 200 + 100 = 320           |
|   |     | Feb   | 4000 |  5 | 10 + 50 + 280 = 340          | 20 + 160 + 10×5 = 230          |
| C | S-1 | Jan   |  300 |  ? | 10 + 30 = 40                 | not without kW                 |
|   |     | Feb   |  100 |  ? | 10 + 10 = 20                 | not without kW                 |
| D | S-1 | Jan   | 5000 | 20 | 420                          | 320                            |
|   |     | Feb   |  400 | 20 | 50                           | 20 + 16 + 100 = 136            |
"""

import json
from decimal import Decimal

import pytest
from helpers import make_database, rated, read, write_portfolio

from rating.portfolio_load import load_folder
from rating.run import rate

UTILITY = """\
utility: mill
name: Mill (invented)
state: ZZ
time_zone: America/Chicago
documents:
  - {document: mill-2024, title: Book of Rates, as_of: 2024-01-01}
"""
HEAD = """\
utility: mill
schedule: {schedule}
title: {schedule}
kind: rate
document: mill-2024
versions:
  - effective_from: 2023-01-01
    sheet: p. 1
    eligibility:
      - {{words: some, attributes: {{customer_class: {customer_class}}}, sheet: p. 1}}
"""
SMALL = """\
    requires: [kwh]
    charges:
      - {code: customer, description: Customer charge, component: customer, price: "10.00", sheet: p. 1}
      - code: energy
        description: Energy charge
        component: energy
        per: kwh
        covers: kwh
        prices_in: $/kWh
        sheet: p. 1
        blocks:
          - {first: "500", price: "0.10"}
          - {over: "500", price: "0.08"}
"""
LARGE = """\
    requires: [kwh, kw]
    demands:
      - name: billing
        measured: kw
        sheet: p. 2
        greatest_of:
          - measured: kw
          - {ratchet: kw, percent: "50", window: 12}
    charges:
      - {code: customer, description: Customer charge, component: customer, price: "20.00", sheet: p. 2}
      - {code: energy, description: Energy charge, component: energy, per: kwh, covers: kwh,
         prices_in: $/kWh, price: "0.04", sheet: p. 2}
      - {code: demand, description: Demand charge, component: demand, per: billing_demand_kw,
         prices_in: $/kW, price: "5.00", sheet: p. 2}
      - {code: minimum, description: Minimum bill, component: minimum, kind: minimum,
         price: "100.00", of: {components: [customer, energy, demand]}, sheet: p. 2}
"""
SEEDS = {
    "utility": UTILITY,
    "s-1": HEAD.format(schedule="S-1", customer_class="commercial") + SMALL,
    "s-2": HEAD.format(schedule="S-2", customer_class="commercial") + LARGE,
    "s-3": HEAD.format(schedule="S-3", customer_class="residential") + SMALL,
}
READS = {
    "A": ("S-1", [("1000", "10"), ("400", "2")]),
    "B": ("S-2", [("5000", "20"), ("4000", "5")]),
    "C": ("S-1", [("300", ""), ("100", "")]),
    "D": ("S-1", [("5000", "20"), ("400", "20")]),
}
MONTHS = ("2024-01", "2024-02")
FILES = {
    "service_agreements": [
        {
            "agreement_id": name, "utility": "mill", "schedule": schedule,
            "start_date": "2023-01-01", "customer_class": "commercial",
        }
        for name, (schedule, _) in READS.items()
    ],
    "meter_reads": [
        read(name, month, kwh=kwh, kw=kw)
        for name, (_, values) in READS.items()
        for month, (kwh, kw) in zip(MONTHS, values, strict=True)
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def mill(tmp_path_factory):
    """The portfolio, rated once; studies only read it."""
    folder = tmp_path_factory.mktemp("mill")
    home = folder / "seeds" / "mill"
    home.mkdir(parents=True)
    for name, text in SEEDS.items():
        (home / f"{name}.yaml").write_text(text, "utf-8")
    url = make_database(folder, [folder / "seeds"])
    assert load_folder(url, write_portfolio(folder / "portfolio", FILES)).rows_rejected == 0
    return rated(url, rate(url))


@pytest.fixture(scope="module")
def shared(mill, tmp_path_factory):
    """Runs one comparison for every test that reads it: its relations as lists of dicts."""
    from rating.study import rows_of
    from rating.study_compare import RELATIONS, compare

    with compare(mill.url) as connection:
        return {name: rows_of(connection, name) for name in RELATIONS}


def usd(text):
    """Dollars."""
    return Decimal(text)


def test_comparison_bills_each_agreement_on_every_schedule_it_is_eligible_for(shared):
    found = {
        (row["agreement_id"], row["schedule"], f"{row['billing_month']:%m}"): row["bill_usd"]
        for row in shared["comparison"]
    }
    by_hand = {
        "A": {"S-1": ("100", "50"), "S-2": ("110", "100")},
        "B": {"S-1": ("420", "340"), "S-2": ("320", "230")},
        "C": {"S-1": ("40", "20")},
        "D": {"S-1": ("420", "50"), "S-2": ("320", "136")},
    }
    assert found == {
        (name, schedule, month): usd(bill)
        for name, schedules in by_hand.items()
        for schedule, bills in schedules.items()
        for month, bill in zip(("01", "02"), bills, strict=True)
    }


def test_comparison_names_the_cheapest_schedule_and_its_months(shared):
    found = {(row["agreement_id"], row["schedule"]): row for row in shared["comparison_total"]}
    # D is cheaper on S-2 in January by 100 and dearer in February by 86
    assert found["D", "S-2"]["difference_usd"] == usd("-14")
    assert found["D", "S-2"]["is_cheapest"]
    assert found["D", "S-2"]["cheapest_months"] == "2024-01"
    assert found["D", "S-1"]["cheapest_months"] == "2024-02"
    cheapest = {name: schedule for (name, schedule), row in found.items() if row["is_cheapest"]}
    assert cheapest == {"A": "S-1", "B": "S-2", "C": "S-1", "D": "S-2"}


def test_switching_sums_what_each_class_would_save(shared):
    found = {
        (row["actual_schedule"], row["cheapest_schedule"]): (
            row["agreements"], row["actual_usd"], row["difference_usd"],
        )
        for row in shared["switching"]
    }  # fmt: skip
    assert found == {
        ("S-1", "S-1"): (2, usd("210"), usd("0")),  # A 150, C 60
        ("S-1", "S-2"): (1, usd("470"), usd("-14")),
        ("S-2", "S-2"): (1, usd("550"), usd("0")),
    }


def test_what_cannot_be_compared_is_listed_with_its_reason(shared):
    found = {
        (row["agreement_id"], row["schedule"], row["reason"]) for row in shared["not_compared"]
    }
    assert found == {("C", "S-2", "missing_determinant")}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--schedule", "S-9"], "schedule S-9 is unknown"),
        (["--schedule", "S-3"], "no agreement is eligible for schedule S-3"),
        (["--relation", "nope"], "--relation nope is unknown"),
        (["--output", "x.txt"], "x.txt ends neither in .csv nor in .parquet"),
    ],
)
def test_bad_input_of_a_comparison_is_one_sentence(ratebook, mill, options, sentence):
    said = ratebook("study", "compare", "--database", mill.url, *options)
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err
    assert len(said.err.splitlines()) == 1


def test_an_empty_portfolio_is_one_sentence(ratebook, tmp_path):
    said = ratebook("study", "compare", "--database", make_database(tmp_path))
    assert (said.code, said.out) == (2, "")
    assert "there are no meter reads; run `ratebook load FOLDER` first" in said.err
