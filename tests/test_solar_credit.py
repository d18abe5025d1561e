"""A rider that credits a rise of energy prices since enrollment (M23), worked by hand.

The invented schedule R costs 10 ¢ for the first 100 kWh and 8 ¢ above from 2020, 11 ¢ and 9.5 ¢
from 2021, and 15 ¢ and 12 ¢ from 2022, when fuel cost moved into its prices. HOURS costs 8 ¢ for
the first 100 hours use and 6 ¢ above from 2020, 10 ¢ from 2021, and 15 ¢ from 16 July 2021, by the
days of a period. A kW of the rider stands for 144 kWh a month.
"""

from decimal import Decimal
from pathlib import Path

import pytest
from helpers import Rated, rate_portfolio

UTILITY = """
utility: sunny
name: Sunny Light
time_zone: America/Chicago
documents: [{document: book, title: Book}]
"""
VERSION = """
  - effective_from: {start}
    effective_to: {end}
    moves_fuel_into_base: {moved}
    sheet: p. 1
    requires: [kwh]
    charges:
      - code: energy
        description: Energy
        component: energy
        per: kwh
        covers: kwh
        prices_in: ¢/kWh
        sheet: p. 1
        blocks: [{{first: "100", price: "{low}"}}, {{over: "100", price: "{high}"}}]
"""
SCHEDULE = """
utility: sunny
schedule: {code}
title: Residential
kind: rate
document: book
versions:
"""
HOURS = """
utility: sunny
schedule: HOURS
title: Hours use
kind: rate
document: book
versions:
  - effective_from: 2020-01-01
    effective_to: 2021-01-01
    sheet: p. 3
    requires: [kwh]
    demands: [{name: billing, sheet: p. 3, greatest_of: [{measured: kw}]}]
    charges:
      - code: energy
        description: Energy
        component: energy
        per: kwh
        covers: kwh
        prices_in: ¢/kWh
        limits: {times: billing_demand_kw, unit: hours use}
        sheet: p. 3
        blocks: [{first: "100", price: "8"}, {over: "100", price: "6"}]
  - effective_from: 2021-01-01
    effective_to: 2021-07-16
    sheet: p. 4
    requires: [kwh]
    charges:
      - {code: energy, description: Energy, component: energy, per: kwh, covers: kwh,
         prices_in: ¢/kWh, price: "10", sheet: p. 4}
  - effective_from: 2021-07-16
    sheet: p. 5
    prorated_by_days: {rates: true, sheet: p. 5}
    requires: [kwh]
    charges:
      - {code: energy, description: Energy, component: energy, per: kwh, covers: kwh,
         prices_in: ¢/kWh, price: "15", sheet: p. 5}
"""
RIDER = """
utility: sunny
schedule: SUN
title: Community sun
kind: rider
document: book
versions:
  - effective_from: 2020-01-01
    sheet: p. 2
    determinants:
      - {name: solar_kwh, product: [enrolled_quantity, "144"], sheet: p. 2}
      - {name: solar_share, product: [solar_kwh], divided_by: kwh, at_most: "1", sheet: p. 2}
    charges:
      - code: credit
        description: Credit
        component: credit
        kind: difference
        per: solar_share
        blank_is_zero: true
        subtract: true
        of: {components: [energy]}
        sheet: p. 2
"""
PRICES = (
    ("2020-01-01", "2021-01-01", "false", "10", "8"),
    ("2021-01-01", "2022-01-01", "false", "11", "9.5"),
    ("2022-01-01", "2030-01-01", "true", "15", "12"),
)


def seeds(folder: Path) -> Path:
    """A folder of tariffs: the utility, the schedules R, OLD and HOURS, and the rider."""
    place = folder / "sunny"
    place.mkdir(parents=True)
    versions = "".join(
        VERSION.format(start=start, end=end, moved=moved, low=low, high=high)
        for start, end, moved, low, high in PRICES
    )
    files = {"utility": UTILITY, "rider": RIDER, "hours": HOURS}
    files |= {code: SCHEDULE.format(code=code) + versions for code in ("R", "OLD")}
    for name, text in files.items():
        (place / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def terms(agreement: str, schedule: str, start: str, end: str = "") -> dict[str, str]:
    return {
        "agreement_id": agreement,
        "utility": "sunny",
        "schedule": schedule,
        "start_date": start,
        "end_date": end,
    }


def read(agreement: str, month: str, kwh: str, kw: str = "") -> dict[str, str]:
    return {
        "agreement_id": agreement,
        "billing_month": month,
        "read_from": f"{month}-01",
        "read_to": f"{month}-28",
        "kwh": kwh,
        "kw": kw,
    }


def enrolled(agreement: str, start: str) -> dict[str, str]:
    return {"agreement_id": agreement, "rider": "SUN", "start_date": start, "quantity": "2"}


@pytest.fixture(scope="module")
def sunny(tmp_path_factory: pytest.TempPathFactory) -> Rated:
    files = {
        "service_agreements": [
            terms("EARLY", "R", "2020-01-01"),
            terms("LATE", "R", "2020-01-01"),
            terms("MOVED", "OLD", "2020-01-01", "2021-01-01"),
            terms("MOVED", "R", "2021-01-01"),
            terms("HOURS", "HOURS", "2020-01-01"),
        ],
        "meter_reads": [
            read("EARLY", "2020-07", "500"),
            read("EARLY", "2021-03", "500"),
            read("EARLY", "2021-04", "200"),
            read("EARLY", "2021-05", "0"),
            read("EARLY", "2022-02", "500"),
            read("LATE", "2021-07", "500"),
            read("MOVED", "2021-03", "500"),
            read("HOURS", "2021-03", "288", "2"),
            read("HOURS", "2021-04", "288"),
            read("HOURS", "2021-05", "0"),
            read("HOURS", "2021-07", "288", "2"),
        ],
        "rider_enrollments": [
            enrolled("EARLY", "2020-06-01"),
            enrolled("LATE", "2021-06-01"),
            enrolled("MOVED", "2020-06-01"),
            enrolled("HOURS", "2020-06-01"),
        ],
    }
    folder = tmp_path_factory.mktemp("sunny")
    return rate_portfolio(folder, files, seeds=[seeds(folder / "seeds")])


@pytest.mark.parametrize(
    ("agreement", "month", "energy", "credit"),
    [
        # Still the version of the enrollment: 100 × 10 ¢ + 400 × 8 ¢.
        ("EARLY", "2020-07", "42.00", "0.00"),
        # 100 × 11 ¢ + 400 × 9.5 ¢ = 49.00, 7.00 above 42.00; × 288 ÷ 500 = 0.576 is 4.032.
        ("EARLY", "2021-03", "49.00", "-4.03"),
        # 11.00 + 9.50 = 20.50, 2.50 above 18.00; 288 ÷ 200 counts as 1.
        ("EARLY", "2021-04", "20.50", "-2.50"),
        # Nothing used, nothing credited.
        ("EARLY", "2021-05", "0.00", "0.00"),
        # 15.00 + 48.00; the version moved fuel cost into its prices, so there is no credit.
        ("EARLY", "2022-02", "63.00", "0.00"),
        # Enrolled under the version that rates the month.
        ("LATE", "2021-07", "49.00", "0.00"),
        # The schedule is another than at enrollment.
        ("MOVED", "2021-03", "49.00", "0.00"),
        # 288 × 10 ¢ = 28.80; 200 × 8 ¢ + 88 × 6 ¢ = 21.28; all of the 7.52, for 288 ÷ 288 is 1.
        ("HOURS", "2021-03", "28.80", "-7.52"),
        # Of nothing used no share is credited, whatever the earlier prices are.
        ("HOURS", "2021-05", "0.00", "0.00"),
        # 15 of 27 days: 160 kWh × 10 ¢ = 16.00, then 128 × 15 ¢ = 19.20; 35.20 less 21.28.
        ("HOURS", "2021-07", "35.20", "-13.92"),
    ],
)
def test_credit_is_the_rise_of_energy_prices_since_enrollment(
    sunny: Rated, agreement: str, month: str, energy: str, credit: str
) -> None:
    (bill,) = (
        bill
        for bill in sunny.bills
        if bill["agreement_id"] == agreement and f"{bill['billing_month']:%Y-%m}" == month
    )
    assert (bill["energy_amount"], bill["credit_amount"]) == (Decimal(energy), Decimal(credit))


def test_read_without_what_the_earlier_prices_need_is_not_billed_without_the_credit(
    sunny: Rated,
) -> None:
    (row,) = sunny.unbilled
    assert (row["agreement_id"], f"{row['billing_month']:%Y-%m}") == ("HOURS", "2021-04")
    assert row["reason"] == "missing_determinant"
    assert row["detail"] == (
        "rider SUN needs version 2020-01-01 of schedule HOURS:"
        " what the blocks of energy are multiples of is not known: kw is missing"
    )
