"""Changes of rates and seasons within a billing period, prorated by days, worked by hand.

The invented schedule P costs 12.00 a month, 10 ¢ for the first 100 kWh and 8 ¢ above, and 5.00 a kW
until 2023-06-15; then 15.00, 12 ¢ and 9 ¢, and 6.00, with a minimum bill of 40.00. S has seasons by
the day: June to September at 20 ¢, else 10 ¢. Plain changes like P, but the last day decides.
"""

from decimal import Decimal
from pathlib import Path

import pytest
from helpers import Rated, make_database, rate_portfolio, write_portfolio, write_tariffs

from rating.errors import RatebookError
from rating.portfolio.load import load_folder
from rating.run.run import rate

UTILITY = """
utility: halfway
name: Halfway Light
time_zone: America/Chicago
documents: [{document: book, title: Book}]
"""
CHANGING = """
utility: halfway
schedule: {code}
title: General service
kind: rate
document: book
versions:
  - effective_from: 2020-01-01
    effective_to: 2023-06-15
    sheet: p. 1
    requires: [kwh, kw]
    demands: [{{name: billing, sheet: p. 1, greatest_of: [{{measured: kw}}]}}]
    charges:
      - {{code: customer, description: Customer, component: customer, price: "12.00", sheet: p. 1}}
      - code: energy
        description: Energy
        component: energy
        per: kwh
        covers: kwh
        prices_in: ¢/kWh
        sheet: p. 1
        blocks: [{{first: "100", price: "10"}}, {{over: "100", price: "8"}}]
      - {{code: demand, description: Demand, component: demand, per: billing_demand_kw,
         prices_in: $/kW, price: "5.00", sheet: p. 1}}
    riders: [{{rider: FEE, sheet: p. 1}}]
  - effective_from: 2023-06-15
    sheet: p. 2
    requires: [kwh, kw]
    {prorated}
    demands: [{{name: billing, sheet: p. 2, greatest_of: [{{measured: kw}}]}}]
    charges:
      - {{code: customer, description: Customer, component: customer, price: "15.00", sheet: p. 2}}
      - code: energy
        description: Energy
        component: energy
        per: kwh
        covers: kwh
        prices_in: ¢/kWh
        sheet: p. 2
        blocks: [{{first: "100", price: "12"}}, {{over: "100", price: "9"}}]
      - {{code: demand, description: Demand, component: demand, per: billing_demand_kw,
         prices_in: $/kW, price: "6.00", sheet: p. 2}}
      - {{code: minimum, description: Minimum, component: minimum, kind: minimum, price: "40.00",
         of: {{components: [customer, energy, demand]}}, sheet: p. 2}}
    riders: [{{rider: FEE, sheet: p. 2}}]
"""
FEE = """
utility: halfway
schedule: FEE
title: City fee
kind: adjustment
document: book
versions:
  - effective_from: 2020-01-01
    sheet: p. 3
    charges:
      - {code: fee, description: City fee, component: rider, kind: percent, percent: "10",
         of: {components: [energy]}, sheet: p. 3}
"""
SEASONAL = """
utility: halfway
schedule: S
title: Seasonal service
kind: rate
document: book
versions:
  - effective_from: 2020-01-01
    sheet: p. 4
    requires: [kwh]
    prorated_by_days: {seasons: true, sheet: p. 4}
    seasons: {sheet: p. 4, months: {summer: [6, 7, 8, 9], other: [10, 11, 12, 1, 2, 3, 4, 5]}}
    charges:
      - {code: energy, description: Energy, component: energy, per: kwh, covers: kwh,
         prices_in: ¢/kWh, price: {summer: "20", other: "10"}, sheet: p. 4}
"""


def seeds(folder: Path, **files: str) -> Path:
    """A folder with the utility's tariffs."""
    by_days = "prorated_by_days: {rates: true, sheet: p. 2}"
    texts = {
        "utility": UTILITY,
        "p": CHANGING.format(code="P", prorated=by_days),
        "plain": CHANGING.format(code="Plain", prorated=""),
        "fee": FEE,
        "s": SEASONAL,
        **files,
    }
    return write_tariffs(folder, "halfway", texts)


def terms(agreement: str, schedule: str) -> dict[str, str]:
    return {
        "agreement_id": agreement,
        "utility": "halfway",
        "schedule": schedule,
        "start_date": "2019-01-01",
    }


def read(agreement: str, month: str, begin: str, end: str, **values: str) -> dict[str, str]:
    return {
        "agreement_id": agreement,
        "billing_month": month,
        "read_from": begin,
        "read_to": end,
        **values,
    }


@pytest.fixture(scope="module")
def halfway(tmp_path_factory: pytest.TempPathFactory) -> Rated:
    agreements = {"P1": "P", "P2": "P", "P3": "P", "Q": "Plain", "S1": "S", "S2": "S", "S3": "S"}
    june = ("2023-06", "2023-06-01", "2023-07-01")
    files = {
        "service_agreements": [terms(*pair) for pair in agreements.items()],
        "meter_reads": [
            read("P1", *june, kwh="300", kw="10"),
            read("P1", "2023-07", "2023-07-01", "2023-08-01", kwh="300", kw="10"),
            read("P2", *june, kwh="31", kw="0"),
            read("P3", *june, kwh="300"),
            read("Q", *june, kwh="300", kw="10"),
            read("S1", "2023-06", "2023-05-12", "2023-06-11", kwh="100"),
            read("S1", "2023-07", "2023-06-11", "2023-07-11", kwh="100"),
            read("S2", "2023-10", "2023-09-24", "2023-10-24", kwh="70"),
            read("S3", "2032-12", "2021-01-01", "2033-01-01", kwh="4383"),
        ],
    }
    folder = tmp_path_factory.mktemp("halfway")
    return rate_portfolio(folder, files, seeds=[seeds(folder / "seeds")])


def listed(rated: Rated, agreement: str, month: str) -> list[tuple[str, ...]]:
    """Version, charge, quantity, price and amount of the lines of a bill."""
    return [
        (
            f"{line['version_effective_from']}",
            line["charge_code"],
            f"{line['quantity']}",
            f"{line['price']}",
            f"{line['amount']}",
        )
        for line in rated.bill_lines(agreement, month)
    ]


def test_a_change_of_rates_counts_by_days_on_both_sides(halfway: Rated) -> None:
    # June 1 to 14 are 14 of 30 days under the old prices, June 15 to 30 are 16 under the new.
    assert listed(halfway, "P1", "2023-06") == [
        # 12.00 × 14 ÷ 30; 100 × 14 ÷ 30 = 46.666667 kWh at 10 ¢; 200 × 14 ÷ 30 = 93.333333 at 8 ¢
        ("2020-01-01", "customer", "1.000000", "5.60000000", "5.60"),
        ("2020-01-01", "energy", "46.666667", "0.10000000", "4.67"),
        ("2020-01-01", "energy", "93.333333", "0.08000000", "7.47"),
        # 10 × 14 ÷ 30 = 4.666667 kW at 5.00
        ("2020-01-01", "demand", "4.666667", "5.00000000", "23.33"),
        # 10 % of 4.67 + 7.47 = 12.14, by the version of the fee
        ("2020-01-01", "fee", "12.140000", "0.10000000", "1.21"),
        # 15.00 × 16 ÷ 30 = 8.00; 53.333333 at 12 ¢ = 6.40; 106.666667 at 9 ¢ = 9.60
        ("2023-06-15", "customer", "1.000000", "8.00000000", "8.00"),
        ("2023-06-15", "energy", "53.333333", "0.12000000", "6.40"),
        ("2023-06-15", "energy", "106.666667", "0.09000000", "9.60"),
        # 5.333333 kW at 6.00 = 31.999998
        ("2023-06-15", "demand", "5.333333", "6.00000000", "32.00"),
        ("2020-01-01", "fee", "16.000000", "0.10000000", "1.60"),
    ]
    bill = halfway.bill("P1", "2023-06")
    assert bill["net_amount"] == Decimal("99.88")
    assert (bill["kwh"], bill["billing_demand_kw"]) == (Decimal(300), Decimal(10))
    assert f"{bill['version_effective_from']}" == "2023-06-15"


def test_a_period_on_one_side_of_the_change_is_rated_whole(halfway: Rated) -> None:
    # 15.00 + 100 × 12 ¢ + 200 × 9 ¢ + 10 × 6.00, and 10 % of the energy's 30.00
    assert halfway.bill("P1", "2023-07")["net_amount"] == Decimal("108.00")


def test_a_minimum_counts_for_its_days(halfway: Rated) -> None:
    # New: 8.00 and 16.533333 kWh at 12 ¢ = 1.98, against 40.00 × 16 ÷ 30 = 21.33: 11.35 short.
    assert listed(halfway, "P2", "2023-06")[-2:] == [
        ("2023-06-15", "minimum", "1.000000", "11.35000000", "11.35"),
        ("2020-01-01", "fee", "1.980000", "0.10000000", "0.20"),
    ]


def test_where_a_part_cannot_be_billed_no_part_is(halfway: Rated) -> None:
    assert halfway.reasons() == {("P3", "2023-06"): "missing_determinant"}
    assert halfway.bill_lines("P3", "2023-06") == []


def test_without_proration_the_last_day_decides(halfway: Rated) -> None:
    # 15.00 + 12.00 + 18.00 + 60.00 + 3.00
    assert halfway.bill("Q", "2023-06")["net_amount"] == Decimal("108.00")


@pytest.mark.parametrize(
    ("agreement", "month", "lines"),
    [
        # May 12 to 31 are 20 of 30 days at 10 ¢, June 1 to 10 are 10 at 20 ¢: 6.67 + 6.67.
        ("S1", "2023-06", [("66.666667", "6.67"), ("33.333333", "6.67")]),
        # wholly in summer: 100 × 20 ¢
        ("S1", "2023-07", [("100.000000", "20.00")]),
        # September 24 to 30 are 7 of 30 days: 16.333333 × 20 ¢ and 53.666667 × 10 ¢
        ("S2", "2023-10", [("16.333333", "3.27"), ("53.666667", "5.37")]),
        # 12 years with 3 days more of leap years: 12 × 122 of 4,383 days are summer's.
        ("S3", "2032-12", [("1464.000000", "292.80"), ("2919.000000", "291.90")]),
    ],
)
def test_a_change_of_season_counts_by_days(
    halfway: Rated, agreement: str, month: str, lines: list[tuple[str, str]]
) -> None:
    found = [
        (f"{line['quantity']}", f"{line['amount']}")
        for line in halfway.bill_lines(agreement, month)
    ]
    assert found == lines


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "    seasons: {sheet: p. 4",
            "    status: unconfirmed\n    notes: []\n    #",
            "has no seasons",
        ),
        (
            "    requires: [kwh]",
            "    requires: [kwh]\n    clock: billing_month",
            "goes by the label",
        ),
        ("kind: rate", "kind: adjustment", "prorated_by_days is of rates, not of the kind"),
    ],
)
def test_proration_that_cannot_be_is_refused(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    text = SEASONAL.replace(old, new).replace('{summer: "20", other: "10"}', '"10"')
    with pytest.raises(RatebookError, match=sentence):
        rate_portfolio(tmp_path, {}, seeds=[seeds(tmp_path / "seeds", s=text)])


# Before 2023-06-15 no charge prices exactly 500 kWh.
HOLE = """
      - {code: low, description: Energy, component: energy, per: kwh, covers: kwh,
         prices_in: ¢/kWh, price: "10", when: {kwh: {below: "500"}}, sheet: p. 1}
      - {code: high, description: Energy, component: energy, per: kwh, covers: kwh,
         prices_in: ¢/kWh, price: "9", when: {kwh: {above: "500"}}, sheet: p. 1}
"""


def test_energy_that_an_earlier_part_leaves_unpriced_is_found(tmp_path: Path) -> None:
    blocks = CHANGING.format(code="P", prorated="prorated_by_days: {rates: true, sheet: p. 2}")
    begin = blocks.index("      - code: energy")
    end = blocks.index("      - {code: demand")
    june = ("2023-06", "2023-06-01", "2023-07-01")
    files = {
        "service_agreements": [terms("A", "P"), terms("B", "P")],
        "meter_reads": [
            read("A", *june, kwh="500", kw="10"),
            read("B", *june, kwh="501", kw="10"),
        ],
    }
    tariffs = seeds(tmp_path / "seeds", p=blocks[:begin] + HOLE[1:] + blocks[end:])
    url = make_database(tmp_path, [tariffs])
    load_folder(url, write_portfolio(tmp_path / "portfolio", files))
    (failed,) = rate(url).failed_checks
    assert (failed.check_name, failed.difference) == ("priced_energy_is_billed_energy", 500)
