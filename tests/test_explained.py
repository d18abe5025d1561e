"""How an explained bill tells what came of each term of a demand, of an invented schedule, by hand.

The billing demand of Stone Mill is the month's own in summer, 95 % of the summer's and 60 % of the
winter's highest, half of the contract or 5 kW; the minimum demand 30 % of the month's own, of the
billing demands of the twelve months before or of the contract.
"""

from io import StringIO

import pytest
from helpers import (
    Rated,
    Row,
    agreement,
    execute,
    file_copy,
    month_of,
    rate_portfolio,
    read,
    write_tariffs,
)
from rich.console import Console

from rating.explain.bill import explain
from rating.explain.demand import demand_sentences
from rating.show.results import explanation
from rating.store.database import open_duckdb

UTILITY = """
utility: stone-mill
name: Stone Mill Power
time_zone: America/Chicago
documents: [{document: mill-book, title: Book}]
read_determinants: [kva]
agreement_determinants: [contract_kw]
"""
SHARES = """
utility: stone-mill
schedule: SHARES
title: Shares of demand
kind: rate
document: mill-book
versions:
  - effective_from: 2023-01-01
    sheet: p. 1
    requires: [kwh, kw]
    seasons:
      sheet: p. 1
      months: {summer: [6, 7, 8, 9], winter: [10, 11, 12, 1, 2, 3, 4, 5]}
    demands:
      - name: billing
        measured: kw
        sheet: p. 1
        greatest_of:
          - {measured: kw, when: {season: summer}}
          - {ratchet: kw, percent: "95", months: [6, 7, 8, 9], window: 12}
          - {ratchet: kw, percent: "60", months: [10, 11, 12, 1, 2, 3, 4, 5], window: 12}
          - {contract: contract_kw, percent: "50"}
          - floor: "5"
      - name: minimum
        sheet: p. 1
        greatest_of:
          - {measured: kw, percent: "30"}
          - {ratchet: billing_demand_kw, percent: "30", skip: 1, window: 13}
          - {contract: contract_kw, percent: "30"}
    charges:
      - {code: demand, description: Demand, component: demand, per: billing_demand_kw,
         prices_in: $/kW, price: "4.00", sheet: p. 1}
"""
WHOLE = """
utility: stone-mill
schedule: WHOLE
title: The whole contract
kind: rate
document: mill-book
versions:
  - effective_from: 2023-01-01
    sheet: p. 2
    requires: [kwh, kw]
    demands:
      - {name: billing, sheet: p. 2, greatest_of: [{measured: kw}, {contract: contract_kw}]}
    charges:
      - {code: demand, description: Demand, component: demand, per: billing_demand_kw,
         prices_in: $/kW, price: "4.00", sheet: p. 2}
"""
KVA = """
utility: stone-mill
schedule: {code}
title: Demand in kVA
kind: rate
document: mill-book
versions:
  - effective_from: 2023-01-01
    sheet: p. 3
    requires: [kwh]
    determinants:
      - {{name: made_kva, product: [kw], divided_by: power_factor, sheet: p. 3}}
    demands:
      - {{name: billing, sheet: p. 3, measured: {measured}, adjusted: {adjusted},
         greatest_of: [
           {{measured: {adjusted}}}, {{ratchet: {adjusted}, percent: "80", window: 12}}]}}
    charges:
      - {{code: demand, description: Demand, component: demand, per: billing_demand_kw,
         prices_in: $/kVA, price: "4.00", sheet: p. 3}}
"""
SEASONAL = """
utility: stone-mill
schedule: SEASONAL
title: Energy by seasons
kind: rate
document: mill-book
versions:
  - effective_from: 2023-01-01
    sheet: p. 4
    requires: [kwh]
    prorated_by_days: {seasons: true, sheet: p. 4}
    seasons:
      sheet: p. 4
      months: {summer: [6, 7, 8, 9], winter: [10, 11, 12, 1, 2, 3, 4, 5]}
    charges:
      - {code: customer, description: Customer, component: customer, price: "9.00", sheet: p. 4}
      - {code: energy, description: Energy, component: energy, per: kwh, covers: kwh,
         prices_in: ¢/kWh, price: {summer: "20", winter: "10"}, sheet: p. 4}
"""
BANK = """
utility: stone-mill
schedule: BANK
title: Net metering with a bank
kind: rider
document: mill-book
versions:
  - effective_from: 2023-01-01
    sheet: p. 5
    determinants:
      - {name: kwh, at: netting, bank: [kwh, {of: kwh_received, times: "-1", blank: zero}],
         sheet: p. 5}
"""
NET = """
utility: stone-mill
schedule: NET
title: Net metering
kind: rider
document: mill-book
versions:
  - effective_from: 2023-01-01
    sheet: p. 6
    determinants:
      - {name: kwh, at: netting, sum: [kwh, {of: kwh_received, times: "-1", blank: zero}],
         at_least: "0", sheet: p. 6}
"""


@pytest.fixture(scope="module")
def mill(tmp_path_factory: pytest.TempPathFactory) -> Rated:
    """Bills of all schedules of this page."""
    folder = tmp_path_factory.mktemp("mill")
    texts = {
        "utility": UTILITY,
        "shares": SHARES,
        "whole": WHOLE,
        "bank": BANK,
        "net": NET,
        "seasonal": SEASONAL,
        "kva": KVA.format(code="KVA", measured="kva", adjusted="kva"),
        "made-kva": KVA.format(code="MADE-KVA", measured="kw", adjusted="made_kva"),
    }
    seeds = write_tariffs(folder / "seeds", "stone-mill", texts)
    files = {
        "service_agreements": [
            terms("OPEN", "SHARES"),
            terms("BOUND", "SHARES", contract_kw="200"),
            terms("WHOLE", "WHOLE", contract_kw="120"),
            terms("KVA", "KVA"),
            terms("SEASONAL", "SEASONAL"),
            terms("MADE-KVA", "MADE-KVA"),
            terms("BANK", "SEASONAL"),
            terms("NET", "SEASONAL"),
        ],
        "rider_enrollments": [
            {"agreement_id": rider, "rider": rider, "start_date": "2024-01-01"}
            for rider in ("BANK", "NET")
        ],
        "meter_reads": [
            metered("OPEN", "2024-01", kw="250"),
            metered("OPEN", "2024-07", kw="200"),
            metered("OPEN", "2024-11", kw="300"),
            metered("OPEN", "2024-12", kw="100"),
            metered("OPEN", "2025-01", kw="10"),
            metered("BOUND", "2024-07", kw="20"),
            metered("BOUND", "2024-08", kw="400"),
            metered("WHOLE", "2024-07", kw="20"),
            metered("KVA", "2024-07", kva="120.93"),
            metered("SEASONAL", "2024-06", read_from="2024-05-22", read_to="2024-06-21"),
            metered("SEASONAL", "2024-07", kwh_received="20"),
            metered("BANK", "2024-01", kwh_received="1500"),
            metered("BANK", "2024-02", kwh_received="800"),
            metered("BANK", "2024-03", kwh_received="0"),
            metered("NET", "2024-01", kwh_received="1500"),
            metered("MADE-KVA", "2024-08", kw="90", power_factor="0.8"),
        ],
    }
    return rate_portfolio(folder, files, [seeds])


def terms(agreement_id: str, schedule: str, **values: str) -> Row:
    mill = {"utility": "stone-mill", "start_date": "2023-01-01"}
    return agreement(agreement_id, schedule, **mill, **values)


def metered(agreement_id: str, month: str, **values: str) -> Row:
    """A read of 1,000 kWh."""
    return read(agreement_id, month, kwh="1000", **values)


def sentences(url, agreement_id: str, month: str) -> dict[str, str]:
    """How each demand of a bill came about, after its name and kW."""
    with open_duckdb(url) as connection:
        found = demand_sentences(explain(connection, agreement_id, month_of(month)))
    return dict(sentence.split(": ", 1) for sentence in found)


def table(url, agreement_id: str, month: str) -> list[str]:
    """What is shown of a bill, line by line."""
    with open_duckdb(url) as connection:
        found = explain(connection, agreement_id, month_of(month))
    screen = Console(file=StringIO(), width=120)
    screen.print(explanation(found))
    return screen.file.getvalue().splitlines()


def test_a_share_of_the_months_own_demand_is_told_where_it_binds(mill):
    # 30 % of 300 kW; billed before: 200 kW in July, of which 60 kW.
    assert sentences(mill.url, "OPEN", "2024-11")["minimum demand 90 kW"] == (
        "measured 300 kW, 30 % of it is 90 kW, 30 % of the peak of 2024-07 is 60 kW;"
        " the month's own demand binds"
    )


def test_a_share_of_the_months_own_demand_is_told_where_a_ratchet_binds(mill):
    # 30 % of 100 kW; 30 % of July's 200 kW, which are more than November's 95 % of 200 = 190 kW.
    assert sentences(mill.url, "OPEN", "2024-12")["minimum demand 60 kW"] == (
        "measured 100 kW, 30 % of it is 30 kW, 30 % of the peak of 2024-07 is 60 kW;"
        " the ratchet binds"
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        # 95 % of 20 kW, and half of the contracted 200.
        (
            "billing demand 100 kW",
            "measured 20 kW, 95 % of the peak of 2024-07 is 19 kW,"
            " 50 % of the contract of 200 kW is 100 kW, floor 5 kW; the contract binds",
        ),
        (
            "minimum demand 60 kW",
            "measured 20 kW, 30 % of it is 6 kW, 30 % of the contract of 200 kW is 60 kW;"
            " the contract binds",
        ),
    ],
)
def test_the_share_of_a_contract_that_binds_is_told_with_the_contract(mill, name, words):
    assert sentences(mill.url, "BOUND", "2024-07")[name] == words


def test_a_contract_that_does_not_bind_is_told_too(mill):
    # 95 % of 400 kW, and half of the contracted 200.
    assert sentences(mill.url, "BOUND", "2024-08")["billing demand 400 kW"] == (
        "measured 400 kW, 95 % of the peak of 2024-08 is 380 kW,"
        " 50 % of the contract of 200 kW is 100 kW, floor 5 kW; the month's own demand binds"
    )


def test_the_whole_of_a_contract_is_told_without_a_percentage(mill):
    assert sentences(mill.url, "WHOLE", "2024-07")["billing demand 120 kW"] == (
        "measured 20 kW, contract of 120 kW; the contract binds"
    )


def test_of_two_ratchets_the_lower_is_told_too(mill):
    # 95 % of July's 200 kW; of the winter months November's 300 kW are the most: 60 % of them.
    assert sentences(mill.url, "OPEN", "2025-01")["billing demand 190 kW"] == (
        "measured 10 kW, 95 % of the peak of 2024-07 is 190 kW,"
        " 60 % of the peak of 2024-11 is 180 kW, floor 5 kW; the ratchet binds"
    )


def test_a_months_own_demand_that_does_not_count_in_the_season_is_told(mill):
    # In winter the month's own 300 kW count by 60 % alone: 180, below 95 % of July's 200.
    assert sentences(mill.url, "OPEN", "2024-11")["billing demand 190 kW"] == (
        "measured 300 kW, 95 % of the peak of 2024-07 is 190 kW,"
        " 60 % of the peak of 2024-11 is 180 kW, floor 5 kW; the ratchet binds;"
        " the month's own demand by itself does not count"
    )


def test_a_demand_that_is_priced_by_the_kva_is_told_in_kva(mill):
    assert sentences(mill.url, "KVA", "2024-07") == {
        # 80 % of 120.93.
        "billing demand 120.93 kVA": "measured 120.93 kVA, 80 % of the peak of 2024-07 is"
        " 96.744 kVA; the month's own demand binds"
    }


def test_the_kw_from_which_kva_are_made_stay_kw(mill):
    # 90 kW ÷ 0.8 = 112.5 kVA, of which 80 % are 90.
    assert sentences(mill.url, "MADE-KVA", "2024-08") == {
        "billing demand 112.5 kVA": "measured 90 kW, adjusted (metering, power factor) to"
        " 112.5 kVA, 80 % of the peak of 2024-08 is 90 kVA; the month's own demand binds"
    }


def test_lines_of_each_part_of_a_prorated_read_name_its_season(mill):
    # Ten days of May and twenty of June.
    shown = [line.split() for line in table(mill.url, "SEASONAL", "2024-06") if "p. 4" in line]
    assert [(row[1], row[-2], row[-1]) for row in shown] == [
        ("Customer", "4,", "winter"),
        ("Energy", "4,", "winter"),
        ("Customer", "4,", "summer"),
        ("Energy", "4,", "summer"),
    ]


def test_lines_of_one_season_name_none(mill):
    shown = table(mill.url, "SEASONAL", "2024-07")
    assert [line.split()[-1] for line in shown if "p. 4" in line] == ["4", "4"]


@pytest.mark.parametrize(
    ("agreement_id", "month", "words"),
    [
        # 1,000 − 1,500 = −500; of the next 200 none are billed; then 1,000 less the 300 left.
        ("BANK", "2024-01", "1,500 kWh received, 500 kWh go into the bank"),
        ("BANK", "2024-02", "800 kWh received, 200 kWh come out of the bank"),
        ("BANK", "2024-03", "0 kWh received, 300 kWh come out of the bank"),
        ("NET", "2024-01", "1,500 kWh received"),
    ],
)
def test_netted_kwh_are_told_on_both_sides_and_what_a_bank_takes_or_gives(
    mill, agreement_id, month, words
):
    assert table(mill.url, agreement_id, month)[1] == f"1,000 kWh delivered, {words}"


def test_received_kwh_that_nothing_nets_are_not_told(mill):
    assert not any("received" in line for line in table(mill.url, "SEASONAL", "2024-07"))


def test_without_the_build_of_the_bill_its_demand_is_told_by_its_row(mill, tmp_path):
    url = file_copy(mill.url, tmp_path)
    execute(url, "update rating_build.billing_demand set demand_kw = demand_kw + 1")
    assert sentences(url, "OPEN", "2024-12")["minimum demand 60 kW"] == (
        "measured 100 kW, 30 % of the peak of 2024-07 is 60 kW;"
        " the ratchet binds, for the month's own counts for less"
    )
