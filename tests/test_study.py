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
import re
from datetime import date
from decimal import Decimal

import pytest
from helpers import (
    compiled_with_bills,
    execute,
    file_copy,
    make_database,
    rate_portfolio,
    read,
    write_portfolio,
    write_tariffs,
)

from rating.errors import RatebookError
from rating.portfolio.load import load_folder
from rating.report.charts import drawings
from rating.report.facts import Facts
from rating.report.page import page
from rating.run.local_copy import copy_store
from rating.run.run import rate
from rating.store.database import open_duckdb
from rating.store.urls import parse_url
from rating.study.compare import RELATIONS, compare
from rating.study.database import changed_since, count_of, rows_of, study_of
from rating.study.frequency import frequency
from rating.study.overlay import Overlay
from rating.study.proof import proof
from rating.study.propose import IMPACT_RELATIONS, PROPOSAL_RELATIONS, propose
from rating.study.scenario import read_scenario

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
      - {code: customer, description: Customer, component: customer, price: "10.00", sheet: p. 1}
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
      - {code: customer, description: Customer, component: customer, price: "20.00", sheet: p. 2}
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
# From February on: S-1 is 11¢ for the first 300 kWh, 8¢ over that; S-2 is 4.4¢ a kWh, and its
# billing demand the highest of twelve months. A, C and D pay $1 more each: 33 + 8 instead of 40,
# 11 instead of 10, 33 + 8 instead of 40. B: 20 + 176 + 5×20 = 296 instead of 230.
SCENARIO = """\
scenario: A higher ratchet and a dearer first block
effective_from: 2024-02-01
changes:
  - {schedule: S-1, charge: energy, step: 1, price: "0.11"}
  - {schedule: S-1, charge: energy, step: 1, block_limit: "300"}
  - {schedule: S-2, component: energy, percent: "10"}
  - {schedule: S-2, ratchet_percent: "100"}
"""
READS = {
    "A": ("S-1", [("1000", "10"), ("400", "2")]),
    "B": ("S-2", [("5000", "20"), ("4000", "5")]),
    "C": ("S-1", [("300", ""), ("100", "")]),
    "D": ("S-1", [("5000", "20"), ("400", "20")]),
}
MONTHS = ("2024-01", "2024-02")
CHANGED_TARIFFS = "update tariff.charge_step set price = 0.20 where price = 0.10"
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
    return rate_portfolio(folder, FILES, [write_tariffs(folder / "seeds", "mill", SEEDS)])


@pytest.fixture(scope="module")
def compared(mill):
    """One comparison for every test that reads it: its relations, and the page of its report."""
    with compare(mill.url, break_even=True, reads_at_once=60) as connection:
        facts = Facts("compare", "Which schedule is cheapest?", RELATIONS)
        shown = page(connection, facts, drawings(connection, facts.months))
        return {name: rows_of(connection, name) for name in RELATIONS}, shown


@pytest.fixture(scope="module")
def shared(compared):
    """The relations of the comparison as lists of dicts."""
    return compared[0]


@pytest.fixture(scope="module")
def proposed(mill, tmp_path_factory):
    """The results of the proposal, rated once, and its proof."""
    file = tmp_path_factory.mktemp("scenario") / "scenario.yaml"
    file.write_text(SCENARIO, "utf-8")
    with proof(mill.url, file) as connection:
        names = {*PROPOSAL_RELATIONS, *IMPACT_RELATIONS, "proof"}
        return {name: rows_of(connection, name) for name in names}


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


def test_what_is_billed_already_is_not_rated_again(mill):
    with compare(mill.url) as connection:
        copies = connection.execute("select agreement_id, schedule from study.copy").fetchall()
        assert count_of(connection, "candidate_bill") == 2 * 7  # C has none on S-2
    assert sorted(copies) == [("A", "S-2"), ("B", "S-1"), ("C", "S-2"), ("D", "S-2")]


def test_where_the_tariffs_have_changed_since_the_run_all_bills_are_rated(mill, tmp_path):
    url = file_copy(mill.url, tmp_path)
    execute(url, CHANGED_TARIFFS)
    with compare(url) as connection:
        found = {
            (row["agreement_id"], row["schedule"], f"{row['billing_month']:%m}"): (
                row["bill_usd"], row["difference_usd"],
            )
            for row in rows_of(connection, "comparison")
        }  # fmt: skip
    # the first 500 kWh of S-1 are 10 cents dearer: A pays 50 and 40 more, C 30 and 10, D 50 and 40
    assert found["A", "S-1", "01"] == (usd("150"), usd("50"))
    assert found["A", "S-1", "02"] == (usd("90"), usd("40"))
    assert found["C", "S-1", "01"] == (usd("70"), usd("30"))
    assert found["D", "S-1", "01"] == (usd("470"), usd("50"))
    # a copy of an agreement comes out as it is published
    assert found["B", "S-2", "01"] == (usd("320"), usd("0"))
    assert found["B", "S-2", "02"] == (usd("230"), usd("0"))


CLAUSE = """\
utility: mill
schedule: CLAUSE
title: Clause by rate class
kind: adjustment
document: mill-2024
versions:
  - effective_from: 2023-01-01
    sheet: p. 4
    charges:
      - {code: small, description: On S-1, component: adjustment, choice: class, per: kwh,
         prices_in: $/kWh, price: "0.01", when: {schedule: S-1}, sheet: p. 4}
      - {code: large, description: On others, component: adjustment, choice: class, per: kwh,
         prices_in: $/kWh, price: "0.03", sheet: p. 4}
"""
CARRIED = "    riders: [{rider: CLAUSE, sheet: p. 4}]\n"


@pytest.fixture(scope="module")
def by_class(tmp_path_factory):
    """The portfolio with the clause on all its bills, rated once; OTHER is on none."""
    folder = tmp_path_factory.mktemp("by_class")
    carrying = {
        "s-1": SEEDS["s-1"] + CARRIED, "s-2": SEEDS["s-2"] + CARRIED, "clause": CLAUSE,
        "other": CLAUSE.replace("schedule: CLAUSE", "schedule: OTHER"),
    }  # fmt: skip
    return rate_portfolio(
        folder, FILES, [write_tariffs(folder / "seeds", "mill", SEEDS | carrying)]
    )


def test_a_clause_takes_the_price_of_the_schedule_that_a_copy_is_rated_on(by_class):
    with compare(by_class.url) as connection:
        found = {
            (row["agreement_id"], row["schedule"]): row["bill_usd"]
            for row in rows_of(connection, "comparison")
            if row["billing_month"] == date(2024, 1, 1)
        }
    # 1 cent a kWh on S-1 and 3 cents on S-2: A has 1,000 kWh, B and D 5,000, C 300
    assert found == {
        ("A", "S-1"): usd("110"), ("A", "S-2"): usd("140"),
        ("B", "S-1"): usd("470"), ("B", "S-2"): usd("470"),
        ("C", "S-1"): usd("43"),
        ("D", "S-1"): usd("470"), ("D", "S-2"): usd("470"),
    }  # fmt: skip


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


def test_the_report_of_a_comparison_calls_its_sides_actual_and_cheapest(compared):
    text = re.sub(r"\s+", " ", compared[1])
    summary = text[text.index('id="table-summary"') :]
    assert '<th scope="col" class="number">Actual, $</th>' in summary
    assert '<th scope="col" class="number">Cheapest schedule, $</th>' in summary
    # S-1: A 150, C 60, D 470, who pays 456 on S-2
    assert '$680.00</td><td class="number">$666.00</td>' in summary
    assert "Present," not in text
    assert "Proposed," not in text


def test_what_cannot_be_compared_is_listed_with_its_reason(shared):
    found = {
        (row["agreement_id"], row["schedule"], row["reason"]) for row in shared["not_compared"]
    }
    assert found == {("C", "S-2", "missing_determinant")}


@pytest.fixture(scope="module")
def break_even(shared):
    """The rows of the relation by agreement and determinant."""
    return {(row["agreement_id"], row["determinant"]): row for row in shared["break_even"]}


def test_break_even_is_the_kwh_at_which_both_bills_are_equal(break_even):
    # A with f times its kWh: S-1 is 10 + 50 + 8¢ × (1000f − 500) and 10 + 50 + 8¢ × (400f − 500),
    # 40 + 112f; S-2 is 20 + 40f + 50 and the minimum 100. They are equal at f = 130 ÷ 72.
    row = break_even["A", "kwh"]
    assert (row["actual_schedule"], row["schedule"], row["factor"]) == ("S-1", "S-2", usd("1.806"))
    # 1806 and 722.4 kWh: 164.48 + 77.79 and 142.24 + 100; 2528.4 kWh in 2 months and of 15 kW
    assert (row["actual_schedule_usd"], row["bill_usd"]) == (usd("242.27"), usd("242.24"))
    assert (row["kwh_a_month"], row["billing_kw_a_month"]) == (usd("1264.2"), usd("7.5"))
    assert row["hours_use"] == usd("168.56")
    assert (row["cheaper_below"], row["reason"]) == ("S-1", None)
    # B: 40 + 720f on S-1 from f = 0.125 on, 190 + 360f on S-2: 150 ÷ 360
    assert (break_even["B", "kwh"]["factor"], break_even["B", "kwh"]["cheaper_below"]) == (
        usd("0.417"), "S-1",
    )  # fmt: skip
    # D: 10 + 20 + 440f on S-1 up to f = 1.25, 240 + 216f on S-2: 210 ÷ 224 = 0.9375
    assert break_even["D", "kwh"]["factor"] == usd("0.938")


def test_break_even_is_the_kw_at_which_both_bills_are_equal(break_even):
    # B with g times its kW: S-1 stays at 760; S-2 is 220 + 5 × 20g and 180 + 5 × 10g, half of
    # January's: 400 + 150g. Equal at g = 2.4: 48 and 24 kW, 9000 kWh ÷ 72 kW.
    row = break_even["B", "kw"]
    assert (row["factor"], row["difference_usd"]) == (usd("2.4"), 0)
    assert (row["kwh_a_month"], row["billing_kw_a_month"], row["hours_use"]) == (4500, 36, 125)
    assert row["cheaper_below"] == "S-2"  # which is its own
    # D: 470 on S-1; 220 + 100g and 36 + 100g on S-2, 256 + 200g
    row = break_even["D", "kw"]
    assert (row["factor"], row["bill_usd"], row["cheaper_below"]) == (usd("1.07"), 470, "S-2")


def test_break_even_says_why_there_is_none(break_even):
    # C has no bill on another schedule. A's minimum alone makes 200 of two months on S-2.
    assert {name for name, _ in break_even} == {"A", "B", "D"}
    row = break_even["A", "kw"]
    assert (row["factor"], row["reason"]) == (
        None, "S-1 is never dearer from 0.25 to 4.00 times its kW",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--schedule", "S-9"], "schedule S-9 is unknown"),
        (["--schedule", "S-3"], "no agreement is eligible for schedule S-3"),
        (["--relation", "nope"], "--relation nope is unknown"),
        (["--output", "x.txt"], "x.txt ends neither in .csv nor in .parquet"),
        (["--output", "nowhere/x.csv"], "the folder nowhere does not exist; create it first"),
    ],
)
def test_bad_input_of_a_comparison_is_one_sentence(ratebook, mill, options, sentence):
    said = ratebook("study", "compare", "--database", mill.url, *options)
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err
    assert len(said.err.splitlines()) == 1


# Every study of bills; {} is a scenario.
STUDIES = (
    "compare", "propose {}", "impact {}", "proof", "proof {}", "neutral {}",
    "neutral --schedule S-1", "frequency", "ratchet", "ratchet --relation marginal",
)  # fmt: skip
# Those that go the way of another one.
ALIKE = ("impact {}", "proof {}", "neutral {}", "neutral --schedule S-1")


@pytest.fixture
def refused(ratebook, tmp_path):
    """Runs a study and returns the one sentence that it is refused with; it writes no report."""
    scenario, page = tmp_path / "scenario.yaml", tmp_path / "page.html"
    scenario.write_text(SCENARIO, "utf-8")

    def run(study, url, *options):
        words = study.format(scenario).split()
        said = ratebook("study", *words, "--database", url, "--html", page, *options)
        assert (said.code, said.out, page.exists()) == (2, "", False)
        assert len(said.err.splitlines()) == 1
        return said.err

    return run


@pytest.mark.parametrize("study", STUDIES)
def test_an_empty_portfolio_is_one_sentence(refused, tmp_path, study):
    said = refused(study, make_database(tmp_path))
    assert "there are no meter reads; run `ratebook load FOLDER` first" in said


@pytest.mark.parametrize("study", STUDIES)
def test_months_without_bills_are_one_sentence(refused, mill, study):
    said = refused(study, mill.url, "--from", "2031-01", "--to", "2031-12")
    assert "no bills are published of the billing months 2031-01 to 2031-12; rate those" in said
    assert "(the first bill is of 2024-01, the last of 2024-02)" in said


@pytest.mark.parametrize("study", ["ratchet --schedule S-3", "neutral --schedule S-3"])
def test_a_schedule_without_bills_is_one_sentence(refused, mill, study):
    assert "S-3" in refused(study, mill.url)


@pytest.mark.parametrize(
    ("option", "words"),
    [(("--from", "2031-01"), "from 2031-01 on"), (("--to", "2001-01"), "up to 2001-01")],
)
def test_months_without_an_end_are_said_as_such(refused, mill, option, words):
    assert f"of the billing months {words}; rate" in refused("frequency", mill.url, *option)


@pytest.mark.parametrize(
    "study",
    [pytest.param(one, marks=pytest.mark.long) if one in ALIKE else one for one in STUDIES],
)
def test_a_study_that_rates_says_once_that_the_tariffs_are_not_those_of_the_run(
    ratebook, mill, tmp_path, study
):
    url, scenario = file_copy(mill.url, tmp_path), tmp_path / "scenario.yaml"
    scenario.write_text(SCENARIO, "utf-8")
    execute(url, CHANGED_TARIFFS)
    said = ratebook("study", *study.format(scenario).split(), "--database", url, "--json")
    assert json.loads(said.out)
    if study in ("frequency", "proof"):  # of what is published alone
        assert said.err == ""
        return
    assert said.err.startswith("ratebook: what is loaded has changed since run 1; run `ratebook")
    assert len(said.err.splitlines()) == 1


@pytest.mark.long
def test_a_portfolio_that_was_loaded_since_the_run_is_noted_until_a_run_has_rated_it(
    mill, tmp_path
):
    url = file_copy(mill.url, tmp_path)

    def noted():
        with study_of(url) as connection:
            return changed_since(connection)

    assert noted() is None
    more = {**FILES, "meter_reads": [read("B", "2024-02", kwh="3000", kw="5")]}
    assert load_folder(url, write_portfolio(tmp_path / "more", more)).rows_rejected == 0
    assert noted() == 1
    january, february = date(2024, 1, 1), date(2024, 2, 1)
    assert rate(url, first_month=january, last_month=january).status == "published"
    assert noted() == 1
    assert rate(url, first_month=february, last_month=february).status == "published"
    assert noted() is None


def test_proposal_changes_the_bills_from_its_day_on(proposed):
    found = {
        (row["agreement_id"], f"{row['billing_month']:%m}"): row["change_usd"]
        for row in proposed["proposal"]
    }
    assert found == {
        **{(name, "01"): 0 for name in "ABCD"},
        **{(name, "02"): 1 for name in "ACD"},
        ("B", "02"): 66,
    }
    assert proposed["proposal_unbilled"] == []


def test_proposal_shows_the_components_of_both_bills(proposed):
    (row,) = [
        row
        for row in proposed["proposal"]
        if row["agreement_id"] == "B" and f"{row['billing_month']:%m}" == "02"
    ]
    assert (row["present_energy_usd"], row["proposed_energy_usd"]) == (160, 176)
    assert (row["present_demand_usd"], row["proposed_demand_usd"]) == (50, 100)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        # the six bills on S-1, each a dollar off its lines
        ("select * replace (net_amount + 1 as net_amount) from ({}) as one",
         "check lines_foot_to_bills of mill S-1 is off by 6.000000"),
        ("select error('no such price') from ({}) as one", "model bill: .*no such price"),
    ],
)  # fmt: skip
def test_a_proposal_ends_where_a_check_or_a_model_fails(
    mill, tmp_path, monkeypatch, query, sentence
):
    file = tmp_path / "scenario.yaml"
    file.write_text(SCENARIO, "utf-8")
    monkeypatch.setattr("rating.memory.build.compile_models", compiled_with_bills(query))
    with (
        pytest.raises(RatebookError, match=f"the bills cannot be rated: .*{sentence}"),
        propose(mill.url, file),
    ):
        pass


def scenario_of(folder, *changes, day="2024-02-01"):
    """A scenario file of changes."""
    file = folder / "changes.yaml"
    listed = "".join(f"  - {{{change}}}\n" for change in changes)
    file.write_text(f"scenario: some\neffective_from: {day}\nchanges:\n{listed}", "utf-8")
    return file


UNPRICED = "no bill of these months is priced by"


# nobody is on S-3; S-1 is billed up to February; only B, and no bill of March, is on S-2
@pytest.mark.parametrize("study", ["propose", "impact", "proof"])
@pytest.mark.parametrize(
    ("changes", "day", "sentence"),
    [
        (['schedule: S-3, percent: "5"'], "2024-02-01", "S-3 from 2024-02-01 on; choose another"),
        (['schedule: S-1, percent: "5"'], "2024-03-01", "S-1 from 2024-03-01 on; choose another"),
        (['schedule: S-3, charge: customer, price: "1"', 'schedule: S-3, component: energy,'
          ' percent: "1"', 'schedule: S-2, ratchet_percent: "80"'], "2024-03-01",
         "S-3 from 2024-03-01 on or S-2 from 2024-03-01 on; choose another schedule, day or"),
        (['schedule: S-3, version_effective_from: 2024-02-01, percent: "5"'], "2024-02-01",
         "S-3 in its version of 2024-02-01; choose another"),
    ],
)  # fmt: skip
def test_a_scenario_of_what_is_on_no_bill_is_one_sentence(
    ratebook, mill, tmp_path, study, changes, day, sentence
):
    file = scenario_of(tmp_path, *changes, day=day)
    said = ratebook("study", study, file, "--database", mill.url)
    assert (said.code, said.out) == (2, "")
    assert f"{UNPRICED} {sentence}" in said.err
    assert len(said.err.splitlines()) == 1


def test_a_schedule_of_several_that_is_on_no_bill_is_said_beside_the_result(
    ratebook, mill, tmp_path
):
    rise = 'percent: "5"'
    file = scenario_of(tmp_path, f"schedule: S-1, {rise}", f"schedule: S-3, {rise}")
    said = ratebook("study", "propose", file, "--database", mill.url, "--json")
    assert (said.code, len(json.loads(said.out))) == (0, 8)
    assert said.err == (
        f"ratebook: {UNPRICED} S-3 from 2024-02-01 on, so that none shows this change\n"
    )


def test_a_clause_is_on_the_bills_that_have_its_lines(by_class, tmp_path):
    with propose(by_class.url, scenario_of(tmp_path, 'schedule: CLAUSE, percent: "100"')) as dearer:
        rows = rows_of(dearer, "proposal")
    # 1 cent a kWh more on S-1 and 3 cents on S-2, in February: 400, 4,000, 100 and 400 kWh
    assert {row["agreement_id"]: row["change_usd"] for row in rows if row["change_usd"]} == {
        "A": 4, "B": 120, "C": 1, "D": 4,
    }  # fmt: skip
    # at nothing the clause has lines on the present bills alone
    with propose(by_class.url, scenario_of(tmp_path, 'schedule: CLAUSE, percent: "-100"')) as free:
        assert sum(row["change_usd"] for row in rows_of(free, "proposal")) == -129
    with (
        pytest.raises(RatebookError, match=f"{UNPRICED} OTHER from 2024-02-01 on"),
        propose(by_class.url, scenario_of(tmp_path, 'schedule: OTHER, percent: "100"')),
    ):
        pass


def test_impact_ranks_the_changes_and_names_the_component_that_moved_most(proposed):
    first = proposed["impact_agreement"][0]
    assert (first["rank"], first["agreement_id"], first["largest_component"]) == (1, "B", "demand")
    assert first["component_change_usd"] == 50
    percents = {row["agreement_id"]: row["change_percent"] for row in proposed["impact_agreement"]}
    # 66 of 550, 1 of 150, 1 of 60, 1 of 470
    assert percents == {
        "A": usd("0.666667"), "B": usd("12"), "C": usd("1.666667"), "D": usd("0.212766"),
    }  # fmt: skip


def test_impact_counts_agreements_by_size_and_change(proposed):
    found = {
        (row["size_from_kwh"], row["direction"], row["change_from_percent"]): row["agreements"]
        for row in proposed["impact"]
    }
    # a month: A 700 kWh, B 4500, C 200, D 2700
    assert found == {
        (500, "higher", 0): 1, (2000, "higher", 10): 1, (0, "higher", 1): 1, (2000, "higher", 0): 1,
    }  # fmt: skip


def test_impact_bands_load_factors(proposed):
    found = {
        row["agreement_id"]: row["load_factor_percent"] for row in proposed["impact_agreement"]
    }
    # B: 9000 kWh of 20 kW × 744 hours and 10 kW × 696 hours; the others have no billing demand
    assert found == {"A": None, "B": usd("41.208791"), "C": None, "D": None}
    bands = {row["load_factor_from_percent"]: row["agreements"] for row in proposed["impact"]}
    assert bands[40] == 1
    assert None in bands


def test_impact_counts_winners_and_losers(proposed):
    rows = [list(row.values())[2:] for row in proposed["impact_direction"]]
    # S-1: 3 of 3 pay $1 more, of 150 + 60 + 470; S-2: 66 of 550
    assert rows == [
        ["S-1", "higher", 3, 100, 680, 3, usd("0.441176"), 1, 1],
        ["S-2", "higher", 1, 100, 550, 66, 12, 66, 66],
    ]


def test_proof_gives_the_change_in_per_cent(proposed):
    found = {
        (row["schedule"], row["line_kind"]): (row["change_usd"], row["change_percent"])
        for row in proposed["proof"]
        if row["line_kind"] != "charge"
    }
    assert found["S-2", "total"] == (66, 12)
    assert found["S-2", "rounding"] == (0, None)


def test_proof_foots_to_the_bills(proposed):
    found = {
        (row["schedule"], row["line_kind"], row["charge_code"], row["step_no"]): (
            row["present_quantity"], row["present_usd"],
            row["proposed_quantity"], row["proposed_usd"],
        )
        for row in proposed["proof"]
    }  # fmt: skip
    # kWh: 500 + 400, 300 + 100, 500 + 400; proposed 500 + 300, 300 + 100, 500 + 300, of which
    # 500 + 300 + 500 at 10¢ in January and 300 + 100 + 300 at 11¢ in February
    assert found["S-1", "charge", "energy", 1] == (2200, 220, 2000, usd("207"))
    assert found["S-1", "charge", "energy", 2] == (5000, 400, 5200, 416)
    assert found["S-2", "charge", "demand", 1] == (30, 150, 40, 200)
    assert found["S-1", "total", None, None] == (None, 680, None, 683)
    assert found["S-2", "total", None, None] == (None, 550, None, 616)
    assert found["S-2", "rounding", None, None] == (None, 0, None, 0)


def test_frequency_cumulates_bills_and_kwh_by_use_block(mill):
    with frequency(mill.url) as connection:
        rows = [row for row in rows_of(connection, "frequency") if row["schedule"] == "S-1"]
    found = [(*list(row.values())[3:6], *list(row.values())[7:10]) for row in rows]
    # 400 + 300 + 100 + 400, then 1000, then 5000 kWh; all six bills together use 1200 + 2×500 kWh
    # up to 500 kWh each, and 1200 + 2×1000 up to 1000
    assert found == [(0, 500, 4, 4, 1200, 2200), (500, 1000, 1, 5, 2200, 3200),
                     (4500, 5000, 1, 6, 7200, 7200)]  # fmt: skip


def test_frequency_consolidates_the_kwh_into_factors(mill):
    with frequency(mill.url) as connection:
        first = rows_of(connection, "frequency")[0]
    # up to 500 kWh: 4 of 6 bills, 1200 of 7200 kWh, and 2200 of them if each bill stops there
    assert (first["schedule"], first["to_kwh"]) == ("S-1", 500)
    assert first["cumulative_bills_percent"] == usd("66.666667")
    assert first["cumulative_kwh_percent"] == usd("16.666667")
    assert first["consolidated_factor"] == usd("0.305556")


def test_frequency_crosses_kw_with_hours_use(mill):
    with frequency(mill.url) as connection:
        rows = rows_of(connection, "demand_frequency")
    # B: 5000 kWh ÷ 20 kW = 250 hours; 4000 kWh ÷ 10 kW = exactly 400 hours
    assert [list(row.values()) for row in rows] == [
        ["mill", "S-2", "", 0, 10, 300, 400, 1, 10, 4000, 230],
        ["mill", "S-2", "", 10, 25, 200, 300, 1, 20, 5000, 320],
    ]


def test_frequency_has_bills_of_no_kw_in_its_first_band_without_hours_use(mill, tmp_path):
    url = file_copy(mill.url, tmp_path)
    execute(url, "update rating.bill set billing_demand_kw = 0 where agreement_id = 'D'")
    with frequency(url) as connection:
        rows = [row for row in rows_of(connection, "demand_frequency") if row["schedule"] == "S-1"]
    # D's two bills: 5000 + 400 kWh, 420 + 50 dollars
    assert [list(row.values())[3:] for row in rows] == [[0, 10, None, None, 2, 0, 5400, 470]]


def test_frequency_shows_what_is_priced_in_each_step(mill):
    with frequency(mill.url) as connection:
        rows = rows_of(connection, "priced_step")
    found = {
        (row["schedule"], row["charge_code"], row["step_no"]): (row["quantity"], row["amount_usd"])
        for row in rows
    }
    assert found == {
        ("S-1", "energy", 1): (2200, 220), ("S-1", "energy", 2): (5000, 400),
        ("S-2", "energy", 1): (9000, 360), ("S-2", "demand", 1): (30, 150),
    }  # fmt: skip


@pytest.mark.parametrize("width", [0, 10**40])
def test_a_width_that_is_none_is_one_sentence(refused, mill, width):
    said = refused("frequency", mill.url, "--width", str(width))
    assert f"--width {width} is no width of a block; give 1 to 1,000,000,000 kWh" in said


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("schedule: S-9, charge: energy, price: '1'", "no. 1: schedule S-9 is unknown"),
        ("schedule: S-1, charge: nope, price: '1'", "no. 1: there is no price of S-1 nope"),
        ("schedule: S-1, charge: energy, price: '-1'", "the price of energy step 1 becomes neg"),
        ("schedule: S-1, percent: '-101'", "becomes negative"),
        ("schedule: S-1, ratchet_percent: '80'", "no. 1: S-1 has no ratchet"),
        ("schedule: S-1, charge: energy, step: 2, block_limit: '9'", "is the last and stays open"),
        ("schedule: S-1, charge: energy, price: '1', percent: '1'", "gives price and percent"),
        ("schedule: S-1, charge: energy, step: 1, block_limit: '0'", "must end over 0"),
        ("schedule: S-2, percent: '1'}\n  - {schedule: S-2, charge: energy, price: '1'",
         "no. 2: S-2 energy is changed twice"),
        ("schedule: S-1, color: red, percent: '1'", "has an unknown field color"),
    ],
)  # fmt: skip
def test_a_bad_scenario_is_refused_with_file_and_place(mill, tmp_path, change, sentence):
    file = tmp_path / "bad.yaml"
    file.write_text(f"scenario: bad\nchanges:\n  - {{{change}}}\n", "utf-8")
    copy = tmp_path / "copy.duckdb"
    copy_store(mill.url, copy)
    with (
        pytest.raises(RatebookError) as caught,
        open_duckdb(parse_url(f"duckdb:///{copy}"), read_only=False) as connection,
    ):
        Overlay(connection, read_scenario(file), file).apply()
    (message,) = dict.fromkeys(caught.value.messages)
    assert "bad.yaml" in message
    assert sentence in message
