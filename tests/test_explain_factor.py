"""A monthly factor explained: its steps are those of the sheet, and lead to what is rated."""

import datetime
import json
from decimal import Decimal

import duckdb
import pytest
import typer
from helpers import (
    agreement,
    cost_inputs,
    make_database,
    read,
    write_portfolio,
)
from typer.testing import CliRunner

from rating.cli.tariffs import register
from rating.errors import RatebookError
from rating.explain.factor import explain_factor
from rating.portfolio.load import load_folder
from rating.store.urls import database_file

FUEL = {
    "fuel_cost": "182500", "purchased_power_cost": "2639000", "off_system_sales_cost": "22200",
    "reconciliation": "-322658", "anticipated_adjustment": "0", "net_generation_kwh": "5000000",
    "purchased_kwh": "58000000", "off_system_sales_kwh": "1000000",
}  # fmt: skip
AVOIDED = {
    "fuel_cost": "100000", "purchased_energy_cost": "2600000", "net_generation_kwh": "1000000",
    "purchased_kwh": "99000000",
}  # fmt: skip


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    """A database with cost inputs, good and bad; nothing of it is rated."""
    folder = tmp_path_factory.mktemp("factor")
    url = make_database(folder)
    files = {
        "service_agreements": [agreement("A", "RS-3")],
        "meter_reads": [read("A", "2015-03", kwh="100")],
        "rider_cost_inputs": [
            *cost_inputs("ipl-mo", "FA-1", "2015-03", **FUEL),
            *cost_inputs("ipl-mo", "FA-1", "2015-04", fuel_cost="1", purchased_kwh="1"),
            *cost_inputs("ipl-mo", "FA-1", "2015-05", **FUEL | {
                "net_generation_kwh": "0", "purchased_kwh": "7", "off_system_sales_kwh": "7"}),
            *cost_inputs("ilpt-ia", "PPA", "2025-03",
                         purchased_power_cost="100000", kwh_sold="3000000"),
            *cost_inputs("ilpt-ia", "PPA", "2025-04", purchased_power_cost="3000", kwh_sold="2"),
            *cost_inputs("ilpt-ia", "PPA", "2025-05",
                         purchased_power_cost="999999999999", kwh_sold="1"),
            *cost_inputs("ilpt-ia", "DG", "2024-12", buyback_rate="0.0517"),
            *cost_inputs("ilpt-ia", "DG", "2025-03", buyback_rate="0.0326"),
            *cost_inputs("ipl-mo", "NM-1", "2015-06", **AVOIDED),
            *cost_inputs("ipl-mo", "NM-1", "2015-11", **AVOIDED),
            *cost_inputs("ipl-mo", "NM-1", "2016-06", **AVOIDED),
        ],
    }  # fmt: skip
    assert load_folder(url, write_portfolio(folder / "portfolio", files)).rows_rejected == 0
    return url


def explained(url, utility, rider, month):
    """The explanation of a factor."""
    with duckdb.connect(str(database_file(url))) as connection:
        first = datetime.date.fromisoformat(f"{month}-01")
        return explain_factor(connection, utility, rider, first)


def values(found):
    """The numbers of the steps by name."""
    return {step.name: step.value for step in found.steps}


def test_fuel_adjustment_is_worked_as_the_sheet_works_it(url):
    # T-37, M19: B + C − D + E + F − 717,600 = 1,759,042; 62,000,000 kWh × 0.012765 = 791,430;
    # A = 2.22261… = 2.223; (2.223 − 1.847) × 0.015 = 0.00564.
    found = explained(url, "ipl-mo", "FA-1", "2015-03")
    assert values(found) == {
        "numerator": Decimal("1759042"),
        "denominator": Decimal("791430"),
        "quotient": Decimal("2.223"),
        "difference": Decimal("0.376"),
        "factor": Decimal("0.00564"),
    }
    assert (found.factor, found.unit, found.sheet) == (Decimal("0.00564"), "$/kWh", "T-37")


def test_inputs_come_with_their_letters_and_signs_in_the_order_of_the_sheet(url):
    found = explained(url, "ipl-mo", "FA-1", "2015-03")
    assert [(one.symbol, one.sign) for one in found.inputs] == [
        ("B", 1), ("C", 1), ("D", -1), ("E", 1), ("F", 1), ("G", 1), ("H", 1), ("I", -1),
    ]  # fmt: skip
    words = {step.name: step.words for step in found.steps}
    assert words["numerator"] == "B + C − D + E + F − 717,600"
    assert words["denominator"] == "(G + H − I) × 0.012765"
    assert words["quotient"] == "numerator ÷ denominator, rounded to 3 decimals"
    assert words["difference"] == "2.223 − 1.847"
    assert words["factor"] == "difference × 0.015, rounded to 8 decimals"


def test_purchased_power_adjustment_rounds_its_result_to_four_decimals(url):
    # p. 1, I1: 100,000 ÷ 3,000,000 = 0.0333333…; − 0.0888 = −0.0554666…; −0.0555, rounded once.
    found = explained(url, "ilpt-ia", "PPA", "2025-03")
    assert values(found)["quotient"] == Decimal("0.03333333")
    assert found.factor == Decimal("-0.0555")
    assert found.steps[-1].words == (
        "(numerator ÷ denominator − 0.0888), rounded to 4 decimals, once"
    )


def test_a_rate_that_is_an_input_is_its_own_factor(url):
    found = explained(url, "ilpt-ia", "DG", "2025-03")
    assert [step.name for step in found.steps] == ["numerator", "factor"]
    assert found.factor == Decimal("0.0326")


@pytest.mark.parametrize(
    ("month", "printed", "season"),
    [("2015-06", "0.0310", "on_peak"), ("2015-11", "0.0319", "off_peak")],
)
def test_avoided_cost_is_shown_against_the_printed_cents_of_the_season(url, month, printed, season):
    # T-53: 2,700,000 ÷ (100,000,000 × 0.86374) = 0.03125941, 3.13 ¢; T-52 prints 3.10 and 3.19 ¢.
    found = explained(url, "ipl-mo", "NM-1", month)
    assert found.factor == Decimal("0.03125941")
    (one,) = found.printed
    assert (one.price, one.factor, one.season) == (Decimal(printed), Decimal("0.0313"), season)
    assert not one.agrees


def test_avoided_cost_of_months_without_printed_cents_stands_alone(url):
    assert not explained(url, "ipl-mo", "NM-1", "2016-06").printed


def test_printed_cents_agree_where_the_formula_gives_them(url, tmp_path):
    # 2,677,594 ÷ 86,374,000 = 0.0310000…
    inputs = AVOIDED | {"purchased_energy_cost": "2577594"}
    files = {
        "service_agreements": [agreement("A", "RS-3")],
        "meter_reads": [read("A", "2015-03", kwh="100")],
        "rider_cost_inputs": cost_inputs("ipl-mo", "NM-1", "2015-06", **inputs),
    }
    url = make_database(tmp_path)
    load_folder(url, write_portfolio(tmp_path / "portfolio", files))
    (one,) = explained(url, "ipl-mo", "NM-1", "2015-06").printed
    assert one.agrees


@pytest.mark.parametrize(
    ("utility", "rider", "month", "words"),
    [
        ("ipl-mo", "FA-1", "2015-04",
         "lacks purchased_power_cost, off_system_sales_cost, reconciliation,"
         r" anticipated_adjustment, net_generation_kwh, off_system_sales_kwh \(of fuel_cost,"
         r" purchased_kwh it has values\); add them"),
        ("ipl-mo", "FA-1", "2015-05", r"divides by zero: G \+ H − I is 0; correct the inputs"),
        ("ipl-mo", "FA-1", "2012-05", "no version in force; its first one begins on 2012-07-01"),
        ("ipl-mo", "CSP-1", "2017-06", "ipl-mo CSP-1 has no formula; these have one: ilpt-ia DG"),
        # 3,000 ÷ 2 − 0.0888
        ("ilpt-ia", "PPA", "2025-04", "comes to 1,?499.9112, which no clause does"),
        # A quotient of twelve digits has no room in a price.
        ("ilpt-ia", "PPA", "2025-05", "comes to 999,999,999,999 ÷ 1, which no clause does"),
        ("nowhere", "FA-1", "2015-03", "nowhere FA-1 has no formula"),
    ],
)  # fmt: skip
def test_what_cannot_be_explained_says_why_in_one_sentence(url, utility, rider, month, words):
    with pytest.raises(RatebookError, match=words) as refused:
        explained(url, utility, rider, month)
    assert len(refused.value.messages) == 1


def test_the_first_month_of_a_version_and_the_last_before_its_end_have_its_formula(url):
    # NM-1's prices of 2015-05 to 2016-04 go by the month's label (M22); inputs are missing.
    for month in ("2015-05", "2016-04", "2016-05"):
        with pytest.raises(RatebookError, match="lacks fuel_cost"):
            explained(url, "ipl-mo", "NM-1", month)


def test_a_month_whose_reads_may_end_under_the_first_version_is_explained_by_it(url):
    # The book begins on 2025-01-01; a read of December's label may end in January (G4, G5).
    found = explained(url, "ilpt-ia", "DG", "2024-12")
    assert (found.factor, found.sheet) == (Decimal("0.0517"), "p. 7")


def test_the_steps_lead_to_the_factor_that_was_rated(golden):
    with duckdb.connect(str(database_file(golden.url))) as connection:
        rated = connection.execute(
            "select utility, rider, billing_month, factor, sheet from rating.monthly_factor"
        ).fetchall()
        assert {row[1] for row in rated} == {"FA-1", "PPA", "DG"}
        for utility, rider, month, factor, sheet in rated:
            found = explain_factor(connection, utility, rider, month)
            assert (found.factor, found.rated, found.sheet) == (factor, factor, sheet)


def run(url, *arguments):
    """Run `ratebook explain-factor`."""
    app = typer.Typer()
    register(app)
    location = url.render_as_string(hide_password=False)
    return CliRunner().invoke(app, ["explain-factor", *arguments, "--database", location])


def test_command_shows_inputs_steps_result_and_sheet(url):
    result = run(url, "ipl-mo", "FA-1", "2015-03")
    assert result.exit_code == 0
    for words in ("T-37", "fuel_cost", "2,639,000", "2.223", "factor 0.00564 $/kWh", "M19"):
        assert words in result.stdout


def test_command_says_what_the_sheet_prints_besides(url):
    text = " ".join(run(url, "ipl-mo", "NM-1", "2015-06").stdout.split())
    assert "T-52 prints 0.031 $/kWh" in text
    assert "the formula gives 0.0313 and does not agree" in text


def test_json_carries_exact_decimals(url):
    found = json.loads(run(url, "ipl-mo", "FA-1", "2015-03", "--json").stdout)
    assert found["factor"] == "0.00564000"
    assert found["steps"][0]["value"] == "1759042.00000000"


def test_json_says_whether_printed_cents_agree(url):
    found = json.loads(run(url, "ipl-mo", "NM-1", "2015-06", "--json").stdout)
    assert [one["agrees"] for one in found["printed"]] == [False]


def test_a_month_that_is_none_is_refused(url):
    assert "is not a billing month" in str(run(url, "ipl-mo", "FA-1", "2015-13").exception)
