"""Studies of meters that are billed with another one's, worked by hand.

S-1 and S-2 of the utility MILL are those of test_study. A heater on S-H pays $5 a month and 5¢ a
kWh in March; in January and February its kWh and kW are added to those of another meter. H, of 500
kWh and 4 kW a month, is added to M in January and to N in February.

|   | month | kWh         | bill on S-1          | kW         | bill on S-2          |
|---|-------|-------------|----------------------|------------|----------------------|
| M | Jan   | 1000 + 500  | 10 + 50 +  80 = 140  | 10 + 4     | 20 +  60 + 70 = 150  |
|   | Feb   | 1000        | 10 + 50 +  40 = 100  | 10         | 20 +  40 + 50 = 110  |
|   | Mar   | 1000        | 100                  | 10         | 110                  |
| N | Jan   | 2000        | 10 + 50 + 120 = 180  | 10         | 20 +  80 + 50 = 150  |
|   | Feb   | 2000 + 500  | 10 + 50 + 160 = 220  | 10 + 4     | 20 + 100 + 70 = 190  |
|   | Mar   | 2000        | 180                  | 10         | 150                  |

H pays 5 + 25 = 30 in March, and has no bill of its own before.
"""

from decimal import Decimal

import pytest
from helpers import rate_portfolio, read, write_tariffs
from test_study import HEAD, SEEDS

from rating.study.compare import compare
from rating.study.database import rows_of
from rating.study.marginal import marginal

HEATING = """\
    requires: [kwh, kw]
    seasons:
      sheet: p. 5
      months: {winter: [1, 2], summer: [3, 4, 5, 6, 7, 8, 9, 10, 11, 12]}
    combine: {season: winter, quantities: {kwh: unknown, kw: zero}, sheet: p. 5}
    charges:
      - {code: customer, description: Customer, component: customer, price: "5.00", sheet: p. 5}
      - {code: energy, description: Energy charge, component: energy, per: kwh, covers: kwh,
         prices_in: $/kWh, price: "0.05", sheet: p. 5}
"""
TARIFFS = {
    **{name: SEEDS[name] for name in ("utility", "s-1", "s-2")},
    "s-h": HEAD.format(schedule="S-H", customer_class="residential") + HEATING,
}
MONTHS = ("2024-01", "2024-02", "2024-03")
METERS = {"M": ("1000", "10"), "N": ("2000", "10"), "H": ("500", "4")}
SHOP = {"utility": "mill", "schedule": "S-1", "customer_class": "commercial"}
HEATER = {
    "agreement_id": "H",
    "utility": "mill",
    "schedule": "S-H",
    "customer_class": "residential",
}
FILES = {
    "service_agreements": [
        {**SHOP, "agreement_id": "M", "start_date": "2023-01-01"},
        {**SHOP, "agreement_id": "N", "start_date": "2023-01-01"},
        {**HEATER, "start_date": "2023-01-01", "end_date": "2024-02-01",
         "combined_with_agreement_id": "M"},
        {**HEATER, "start_date": "2024-02-01", "combined_with_agreement_id": "N"},
    ],
    "meter_reads": [
        read(name, month, kwh=kwh, kw=kw) for name, (kwh, kw) in METERS.items() for month in MONTHS
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def combined(tmp_path_factory):
    """The portfolio, rated once."""
    folder = tmp_path_factory.mktemp("combined")
    return rate_portfolio(folder, FILES, [write_tariffs(folder / "seeds", "mill", TARIFFS)])


def test_the_meters_of_a_partner_are_compared_in_the_months_in_which_they_are_added(combined):
    with compare(combined.url) as connection:
        rows = rows_of(connection, "comparison")
    found = {}
    for row in rows:
        found.setdefault((row["agreement_id"], row["schedule"]), []).append(row["bill_usd"])
    assert found == {
        ("M", "S-1"): [140, 100, 100], ("M", "S-2"): [150, 110, 110],
        ("N", "S-1"): [180, 220, 180], ("N", "S-2"): [150, 190, 150],
        ("H", "S-H"): [30],
    }  # fmt: skip
    assert all(row["difference_usd"] == 0 for row in rows if row["schedule"] in ("S-1", "S-H"))


def test_a_month_in_which_an_agreement_is_added_to_another_is_listed_once(combined):
    with compare(combined.url) as connection:
        rows = rows_of(connection, "not_compared")
    found = [
        (row["agreement_id"], row["schedule"], f"{row['billing_month']:%m}", row["reason"])
        for row in rows
    ]
    assert found == [("H", None, "01", "combined"), ("H", None, "02", "combined")]


def test_the_next_kwh_is_one_more_than_those_of_both_meters_that_are_added(combined):
    with marginal(combined.url) as connection:
        rows = rows_of(connection, "marginal")
    found = [(row["agreement_id"], row["next_kwh_usd"], row["next_kw_usd"]) for row in rows]
    # all are over 500 kWh, where S-1 is 8¢; neither S-1 nor S-H bills kW
    assert found == [
        ("H", Decimal("0.05"), 0),
        *[("M", Decimal("0.08"), 0)] * 3,
        *[("N", Decimal("0.08"), 0)] * 3,
    ]
