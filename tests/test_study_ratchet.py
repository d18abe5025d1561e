"""What ratchets and minimums bring, and what a little more use costs, worked by hand.

On S-2 of the utility MILL (see test_study): $20 a month, 4¢ a kWh, $5 a kW of billing demand, which
is no less than half of the highest of twelve months; a bill is no less than $100.

|   | month | kWh  | kW | billing kW | bill                               |
|---|-------|------|----|------------|------------------------------------|
| B | Jan   | 5000 | 20 | 20         | 20 + 200 + 100 = 320               |
|   | Feb   | 4000 |  5 | 10         | 20 + 160 +  50 = 230               |
| E | Jan   |  400 | 10 | 10         | 20 +  16 +  50 =  86, at least 100 |
|   | Feb   |  200 |  2 |  5         | 20 +   8 +  25 =  53, at least 100 |

C, of test_study too, is on S-1, which has neither ratchet nor minimum. S-5 is $20 a month, 4¢ a
kWh, 20¢ off for each kWh received, and no less than $15:

|   | month | kWh  | received | bill                                   |
|---|-------|------|----------|----------------------------------------|
| G | Jan   |  100 |      500 | 20 +  4 - 100 = -76, no less than 15   |
|   | Feb   | 1000 |        0 | 20 + 40       =  60                    |

P is on S-8, $20 a month and $6 a kW on peak; its reads give kW by period only, 30 and 40 in January
and in February 20 and 10.

S-7 is $20 a month and $5 a kW of billing demand, which is no less than half of the highest of
twelve months; a bill is no less than $3 a kW of that highest, whatever the billing demand:

|   | month | kW | billing kW | bill                            | at 52 %           | without   |
|---|-------|----|------------|---------------------------------|-------------------|-----------|
| H | Jan   | 20 | 20         | 20 + 100 = 120, at least 60     | 120               | 120       |
|   | Feb   |  5 | 10         | 20 +  50 =  70, at least 60     | 20 + 5×10.4 =  72 | 45, so 60 |
| I | Jan   | 60 | 60         | 20 + 300 = 320, at least 180    | 320               | 320       |
|   | Feb   |  4 | 30         | 20 + 150 = 170, at least 180    | 20 + 5×31.2, so 180 | 40, so 180 |

S-9 has such a minimum too, and no ratchet of its billing demand.
"""

import json
from decimal import Decimal

import pytest
from helpers import rate_portfolio, read, write_tariffs
from test_study import FILES, HEAD, SEEDS

from rating.study.database import rows_of
from rating.study.marginal import marginal
from rating.study.propose import propose
from rating.study.ratchet import RELATIONS, cases_of, ratchet

AGREEMENT = next(one for one in FILES["service_agreements"] if one["agreement_id"] == "B")
READS = {
    "B": [("5000", "20"), ("4000", "5")],
    "E": [("400", "10"), ("200", "2")],
    "C": [("300", ""), ("100", "")],
    "H": [("0", "20"), ("0", "5")],
    "I": [("0", "60"), ("0", "4")],
    "N": [("0", "20"), ("0", "5")],
}
SCHEDULES = {
    "B": "S-2",
    "E": "S-2",
    "C": "S-1",
    "G": "S-5",
    "P": "S-8",
    "H": "S-7",
    "I": "S-7",
    "N": "S-9",
}
RECEIVED = """\
    requires: [kwh]
    charges:
      - {code: customer, description: Customer, component: customer, price: "20.00", sheet: p. 5}
      - {code: energy, description: Energy charge, component: energy, per: kwh, covers: kwh,
         prices_in: $/kWh, price: "0.04", sheet: p. 5}
      - {code: received, description: Energy received, component: discount, stage: basic,
         per: kwh_received, prices_in: $/kWh, price: "-0.20", sheet: p. 5}
      - {code: minimum, description: Minimum bill, component: minimum, kind: minimum,
         price: "15.00", of: {components: [customer, energy, discount]}, sheet: p. 5}
"""
BY_PERIOD = """\
    requires: [kwh, kw_on_peak]
    demands:
      - name: billing
        measured: kw_on_peak
        sheet: p. 8
        greatest_of:
          - measured: kw_on_peak
    charges:
      - {code: customer, description: Customer, component: customer, price: "20.00", sheet: p. 8}
      - {code: demand, description: Demand charge, component: demand, per: billing_demand_kw,
         prices_in: $/kW, price: "6.00", sheet: p. 8}
"""
AT_THE_PEAK = """\
    requires: [kwh, kw]
    demands:
      - name: billing
        measured: kw
        sheet: p. 7
        greatest_of:
          - measured: kw
          - {ratchet: kw, percent: "50", window: 12}
      - name: peak
        measured: kw
        sheet: p. 7
        greatest_of:
          - measured: kw
          - {ratchet: kw, window: 12}
    charges:
      - {code: customer, description: Customer, component: customer, price: "20.00", sheet: p. 7}
      - {code: demand, description: Demand charge, component: demand, per: billing_demand_kw,
         prices_in: $/kW, price: "5.00", sheet: p. 7}
      - {code: minimum, description: Minimum bill, component: minimum, kind: minimum,
         per: peak_demand_kw, prices_in: $/kW, price: "3.00",
         of: {components: [customer, demand]}, sheet: p. 7}
"""
NO_RATCHET = AT_THE_PEAK.replace('          - {ratchet: kw, percent: "50", window: 12}\n', "")
SERVED = {
    "service_agreements": [
        {**AGREEMENT, "agreement_id": name, "schedule": SCHEDULES[name]} for name in SCHEDULES
    ],
    "meter_reads": [
        *(
            read(name, month, kwh=kwh, kw=kw)
            for name, values in READS.items()
            for month, (kwh, kw) in zip(("2024-01", "2024-02"), values, strict=True)
        ),
        read("G", "2024-01", kwh="100", kwh_received="500"),
        read("G", "2024-02", kwh="1000", kwh_received="0"),
        read("P", "2024-01", kwh="1000", kw_on_peak="30", kw_off_peak="40"),
        read("P", "2024-02", kwh="1000", kw_on_peak="20", kw_off_peak="10"),
    ],
}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The portfolio, rated once."""
    folder = tmp_path_factory.mktemp("served")
    received = HEAD.format(schedule="S-5", customer_class="commercial") + RECEIVED
    by_period = HEAD.format(schedule="S-8", customer_class="commercial") + BY_PERIOD
    texts = {
        **SEEDS, "s-5": received, "s-8": by_period,
        "s-7": HEAD.format(schedule="S-7", customer_class="commercial") + AT_THE_PEAK,
        "s-9": HEAD.format(schedule="S-9", customer_class="commercial") + NO_RATCHET,
    }  # fmt: skip
    seeds = write_tariffs(folder / "seeds", "mill", texts)
    return rate_portfolio(folder, SERVED, [seeds])


@pytest.fixture(scope="module")
def asked(served):
    """The results of the cases, each rated once."""
    with ratchet(
        served.url, cases_of([Decimal(one) for one in (100, 0, 52)], [1], "billing")
    ) as connection:
        return {name: rows_of(connection, name) for name in RELATIONS}


def revenue(asked, schedule):
    """What each case says of a schedule."""
    return {
        row["case_name"]: (
            row["bills"], row["bills_changed"], row["present_demand_kw"], row["case_demand_kw"],
            row["present_usd"], row["case_usd"], row["change_usd"],
        )
        for row in asked["ratchet_revenue"]
        if row["schedule"] == schedule
    }  # fmt: skip


def test_each_case_shows_the_bills_and_kw_it_moves_and_the_revenue(asked):
    found = revenue(asked, "S-2")
    # The ratchet binds in February: 10 instead of 5 kW, and 5 instead of 2, which the minimum
    # hides. The minimum brings 14 + 47. All of it: 20 and 10 kW in February, 280 for B. At 52 %:
    # 10.4 and 5.2 kW, 232 for B.
    assert found == {
        "no_ratchets": (4, 2, 45, 37, 750, 725, -25),
        "no_minimums": (4, 2, 45, 45, 750, 689, -61),
        "percent_0": (4, 2, 45, 37, 750, 725, -25),
        "percent_52": (4, 2, 45, Decimal("45.6"), 750, 752, 2),
        "percent_100": (4, 2, 45, 60, 750, 800, 50),
        "window_1": (4, 2, 45, 37, 750, 725, -25),
    }
    assert asked["ratchet_unbilled"] == []


def test_what_minimums_rest_on_is_no_ratchet_of_the_billing_demand(asked):
    found = revenue(asked, "S-7")
    # Without: H pays 60 instead of 70, I its minimum of 180 as before. The minimum brings the 10
    # that I pays over 170. All of the ratchet: 20 and 60 kW in February, 120 for H and 320 for I.
    # At 52 %: 10.4 and 31.2 kW, 72 for H.
    assert found == {
        "no_ratchets": (4, 2, 120, 89, 690, 680, -10),
        "no_minimums": (4, 1, 120, 120, 690, 680, -10),
        "percent_0": (4, 2, 120, 89, 690, 680, -10),
        "percent_52": (4, 2, 120, Decimal("121.6"), 690, 692, 2),
        "percent_100": (4, 2, 120, 160, 690, 880, 190),
        "window_1": (4, 2, 120, 89, 690, 680, -10),
    }


def test_a_demand_may_be_named_without_another_percentage(served):
    with ratchet(served.url, cases_of([], [], "peak"), schedules=["S-7"]) as connection:
        found = {
            (row["case_name"], row["change_usd"]) for row in rows_of(connection, "ratchet_revenue")
        }
    # I pays 170 where the minimum looks at the month's 4 kW alone
    assert found == {("no_ratchets", -10), ("no_minimums", -10)}


def test_a_scenario_changes_the_ratchet_that_the_study_of_ratchets_does(served, asked, tmp_path):
    file = tmp_path / "scenario.yaml"
    change = '{schedule: S-7, ratchet_percent: "52"}'
    file.write_text(f"scenario: more\nchanges: [{change}]\n", "utf-8")
    with propose(served.url, file) as connection:
        proposed = {
            (row["agreement_id"], f"{row['billing_month']:%m}"): row["change_usd"]
            for row in rows_of(connection, "proposal")
            if row["change_usd"] != 0
        }
    # 52 % of 20 kW are 10.4 instead of 10; I stays at its minimum of 180
    assert proposed == {("H", "02"): 2}
    assert revenue(asked, "S-7")["percent_52"][-1] == 2


def test_a_schedule_without_a_ratchet_of_the_billing_demand_shows_its_minimum_alone(
    ratebook, served
):
    words = ["study", "ratchet", "--database", served.url, "--schedule", "S-9", "--json"]
    said = ratebook(*words)
    # N is no less than 3×20 in February, where it had 20 + 5×5 = 45
    assert [(one["case_name"], one["change_usd"]) for one in json.loads(said.out)] == [
        ("no_minimums", "-15.00")
    ]
    assert said.err == (
        "ratebook: there is no ratchet of the demand billing in schedule S-9, so that no_ratchets"
        " is left out; give --demand peak\n"
    )
    said = ratebook(*words, "--demand", "peak")
    assert {one["case_name"] for one in json.loads(said.out)} == {"no_ratchets", "no_minimums"}
    assert said.err == ""


def test_without_minimums_a_bill_may_come_to_less_than_nothing(asked):
    rows = [row for row in asked["ratchet_bill"] if row["agreement_id"] == "G"]
    found = [
        (row["case_name"], f"{row['billing_month']:%m}", row["present_usd"], row["case_usd"])
        for row in rows
    ]
    assert found == [("no_minimums", "01", 15, -76)]


def test_bills_that_a_case_moves_are_listed(asked):
    found = {
        (row["agreement_id"], f"{row['billing_month']:%m}"): (
            row["present_demand_kw"], row["case_demand_kw"], row["change_usd"],
        )
        for row in asked["ratchet_bill"]
        if row["case_name"] == "no_ratchets"
    }  # fmt: skip
    assert found == {
        ("B", "02"): (10, 5, -25), ("E", "02"): (5, 2, 0),
        ("H", "02"): (10, 5, -10), ("I", "02"): (30, 4, 0),
    }  # fmt: skip


def test_the_next_kwh_and_kw_cost_nothing_where_a_minimum_or_a_ratchet_hides_them(served):
    with marginal(served.url, schedules=["S-2"]) as connection:
        rows = rows_of(connection, "marginal")
    found = {
        (row["agreement_id"], f"{row['billing_month']:%m}"): (
            row["next_kwh_usd"], row["next_kw_usd"],
        )
        for row in rows
    }  # fmt: skip
    # 100 kWh more are $4 more, 1 kW more $5: E stays below $100, B in February below 10 kW.
    # C is on a schedule that is not asked for.
    assert found == {
        ("B", "01"): (Decimal("0.04"), 5), ("B", "02"): (Decimal("0.04"), 0),
        ("E", "01"): (0, 0), ("E", "02"): (0, 0),
    }  # fmt: skip


def test_the_next_kw_is_one_more_in_each_period_where_a_read_gives_kw_by_period_only(served):
    with marginal(served.url, schedules=["S-8"]) as connection:
        rows = rows_of(connection, "marginal")
    # 20 + 6 × 31 instead of 20 + 6 × 30, and 20 + 6 × 21 instead of 20 + 6 × 20; kWh cost nothing
    assert [(row["bill_usd"], row["next_kwh_usd"], row["next_kw_usd"]) for row in rows] == [
        (200, 0, 6), (140, 0, 6),
    ]  # fmt: skip


def test_a_case_that_is_asked_for_twice_is_rated_once():
    cases = cases_of([Decimal("80"), Decimal("80.0")], [6, 6], "billing")
    assert [one.name for one in cases] == [
        "no_ratchets", "no_minimums", "percent_80", "window_6",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--schedule", "S-1"], "there is neither ratchet nor minimum in schedule S-1"),
        (["--percent", "80", "--demand", "nope"], "no ratchet of the demand nope in any schedule"),
        (["--percent", "-1"], "--percent -1 is negative; give 0 or more"),
        (["--percent", "much"], "--percent much is not a number"),
        (["--window", "0"], "--window 0 is no window; give 1 to 60 months"),
        (["--relation", "marginal", "--kw", "0"], "--kw 0 is no step"),
        (["--percent", "1001"], "--percent 1001 is no ratchet; give 1000 or less"),
        (["--demand", "other"], "no ratchet of the demand other in any schedule; give --demand b"),
        (["--percent", "80", "--schedule", "S-9"],
         "no ratchet of the demand billing in schedule S-9; give --demand peak"),
        (["--percent", "80", "--schedule", "S-1"],
         "no ratchet of the demand billing in schedule S-1; choose others"),
        (["--relation", "marginal", "--window", "1"], "--window asks for other ratchets"),
        (["--relation", "marginal", "--schedule", "S-0"], "schedule S-0 is unknown"),
        (["--relation", "marginal", "--schedule", "S-3"],
         "no bills of S-3 are published; choose another schedule"),
    ],
)  # fmt: skip
def test_a_bad_question_is_one_sentence(ratebook, served, options, sentence):
    said = ratebook("study", "ratchet", "--database", served.url, *options)
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err
    assert len(said.err.splitlines()) == 1
