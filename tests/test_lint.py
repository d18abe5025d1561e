"""The tariffs' own health: each rule finds its planted defect, and nothing in a clean tariff."""

import json
from collections import Counter
from pathlib import Path

import duckdb
import pytest
import typer
from helpers import execute, file_copy, make_database
from typer.testing import CliRunner

from rating.cli.tariffs import register
from rating.errors import RatebookError
from rating.lint.findings import RULES, Finding, lint
from rating.store.urls import database_file

PLANTED_TARIFFS = Path(__file__).parent / "tariffs_lint"
PLANTED = "sandy-creek"

# What is planted in tests/tariffs_lint, by rule: schedule, sheet and what the finding must say.
EXPECTED = {
    "dangling_reference": [
        ("DANGLING", "10", "a condition names the schedule GONE-AWAY,"),
        ("DANGLING", "10", "carries GONE"),
        ("DANGLING", "10", "asks for GONE-TOO"),
        ("DANGLING", "10", "asks for LOST"),
        ("DANGLING", "11", "names NOWHERE (see there)"),
        ("FUEL", "9", "lists MISSING"),
        ("KNOWN", "31", "names OLD,"),
        ("KNOWN", "31", "names OLDER,"),
    ],
    "one_sided_reference": [
        ("FUEL", "9", "lists GAP, which does not say that it carries it"),
        ("ONE-SIDED", "12", "carries FUEL, whose own list does not name it"),
    ],
    "contradictory_dates": [
        ("DATES", "13", "13 prints 2020-03-01 as its effective date, while contents prints 2020-01")
    ],
    "unprinted_date": [("UNDATED", "14", "from 2020-01-01, while its sheets print 2019-12-01")],
    "stated_product": [("PRODUCT", "15", "19 × 0.125 is 2.375, not 2.37")],
    "gap": [("GAP", "16", "from 2021-01-01 to 2021-02-01")],
    "unpriced_stretch": [("UNPRICED", "18", "price of excess from 2021-01-01 on")],
    "incomplete": [("INCOMPLETE", "19", "The tiers are missing")],
    "unconfirmed": [("UNCONFIRMED", "20", "from 2022-01-01 on")],
    "dead_condition": [
        ("DEAD", "22", '"at least 30 kW" of the billing demand always holds'),
        ("DEAD", "22", '"below 30 kW" of the billing demand never holds'),
    ],
    "unpriced_season": [("SEASON", "23", "kwh in season cold")],
    "unpriced_slice": [("SLICE", "25", "rest_kwh of kwh")],
    "unused_quantity": [
        ("UNUSED", "35", "spare_kwh is defined, and nothing prices, tests or uses it"),
        ("UNUSED", "36", "network_demand_kw is defined, and nothing"),
        ("EVERYONE", "30", "idle_kwh is defined, and nothing"),
    ],
    "nothing_charged": [
        ("UNCHARGED", "33", "it has no charges"),
        ("JOINED-IN-WINTER", "38", "it has no charges"),
    ],
    "overlapping_applicability": [
        ("SMALL", "26", "at exactly 40 kW both it and LARGE apply"),
        ("OTHER", "29", "from 40 kW on both it and LARGE apply"),
    ],
    "rider_for_all": [("EVERYONE", "30", "lists no schedules")],
    "charged_discount": [
        ("SLIPS", "41", "the discount primary has a price above zero and no subtract"),
        ("SLIPS", "42", "the credit panels has a price above zero and no subtract"),
    ],
    "added_minimum": [("SLIPS", "43", "the minimum least is a plain price and added to every")],
    "fraction_of_demand": [
        ("SLIPS", "44", "a ratchet of the billing demand is of 0.8 %; write 80 if that is meant"),
        ("SLIPS", "44", "a contract of the billing demand is of 1 %; write 100 if that is meant"),
    ],
    "unpriced_register": [
        ("REGISTERS", "46", "share of kwh_peak that falls into the season cold has no price"),
        ("REGISTERS", "46", "share of kwh_heat that falls into the season hot has no price"),
        ("REGISTERS", "47", "share of kwh_on_peak that falls into the season cold has no price"),
        ("REGISTERS", "48", "share of kwh_peak that falls into the season cold has no price"),
    ],
    "idle_acknowledgement": [
        ("KNOWN", None, "dangling_reference about OLDEST"),
        ("KNOWN", None, "a finding of gap"),
        ("KNOWN", None, "no_such_rule, which is no rule"),
    ],
    "reader_note": [("KNOWN", "32", "the footnote contradicts the heading")],
}
IN_ORDER = ("CLEAN", "JOINED", "ALWAYS-JOINED", "HOMES", "LISTLESS", "NO-SLIPS", "PERIODS")
# The loader refuses two of these, and one looks at the portfolio: planted in the tables.
PLANTED_IN_TABLES = {"overlap", "broken_blocks", "unknown_attribute"}


def findings_of(url) -> list[Finding]:
    """What lint finds in a database."""
    with duckdb.connect(str(database_file(url))) as connection:
        return lint(connection)


@pytest.fixture(scope="module")
def database_with_plants(tmp_path_factory):
    """A database with the shipped tariffs and the invented ones; for reading only."""
    return make_database(tmp_path_factory.mktemp("lint"), [PLANTED_TARIFFS])


@pytest.fixture(scope="module")
def found(database_with_plants):
    """All findings."""
    return findings_of(database_with_plants)


@pytest.fixture(scope="module")
def planted(found):
    """Findings in the invented tariffs."""
    return [one for one in found if one.utility == PLANTED]


@pytest.fixture(scope="module")
def shipped(found):
    """Findings in the shipped tariffs."""
    return [one for one in found if one.utility != PLANTED]


@pytest.fixture
def planted_database(database_with_plants, tmp_path):
    """A database with the invented tariffs, for one test to change."""
    return file_copy(database_with_plants, tmp_path)


@pytest.fixture(scope="module")
def shipped_database(tmp_path_factory):
    """A database with the shipped tariffs; for reading only."""
    return make_database(tmp_path_factory.mktemp("shipped"))


@pytest.fixture
def database(shipped_database, tmp_path):
    """A database with the shipped tariffs, for one test to change."""
    return file_copy(shipped_database, tmp_path)


@pytest.fixture(scope="module")
def app():
    """A command line with the commands about tariffs only."""
    commands = typer.Typer()
    register(commands)
    return commands


def run(app, url, *arguments):
    """Run a command against a database."""
    location = url.render_as_string(hide_password=False)
    return CliRunner().invoke(app, [*arguments, "--database", location])


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_rule_finds_what_is_planted_for_it_and_nothing_else(planted, name):
    own = [one for one in planted if one.rule == name]
    assert Counter((one.schedule, one.sheet) for one in own) == Counter(
        (schedule, sheet) for schedule, sheet, _ in EXPECTED[name]
    )
    for schedule, sheet, words in EXPECTED[name]:
        assert [one for one in own if (one.schedule, one.sheet) == (schedule, sheet)
                and words in one.finding]  # fmt: skip


def test_no_rule_fires_on_a_schedule_in_order(planted):
    assert not [one for one in planted if one.schedule in IN_ORDER]


def test_every_rule_has_a_planted_defect():
    assert set(RULES) == set(EXPECTED) - {"idle_acknowledgement", "reader_note"} | PLANTED_IN_TABLES


def test_every_rule_says_what_it_looks_for():
    assert not [name for name, rule in RULES.items() if not rule.about.endswith(".")]


def test_every_finding_is_one_sentence_without_a_full_stop(found):
    assert not [one for one in found if one.finding.endswith(".") or "\n" in one.finding]


def test_two_versions_of_a_schedule_on_one_day_overlap(planted_database):
    execute(
        planted_database,
        "update tariff.version set effective_to = date '2021-03-01' where effective_to is not null"
        " and schedule_id = (select schedule_id from tariff.schedule where schedule = 'CLEAN')",
    )
    (one,) = [one for one in findings_of(planted_database) if one.rule == "overlap"]
    assert (one.schedule, str(one.version), one.sheet) == ("CLEAN", "2021-01-01", "2")
    assert "overlaps the version of 2020-01-01, which holds to 2021-03-01" in one.finding


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("from_quantity = 10 where from_quantity = 0", "begin at 10"),
        ("from_quantity = 60 where from_quantity = 50", "do not join at 60"),
        ("from_quantity = 40 where from_quantity = 50", "do not join at 40"),
        ("to_quantity = 90 where from_quantity = 50", "end at 90 and price nothing above"),
    ],
)
def test_blocks_that_leave_a_part_out_or_price_it_twice_are_broken(planted_database, change, words):
    assignment, condition = change.split(" where ")
    execute(
        planted_database,
        f"update tariff.charge_step set {assignment} where {condition} and charge_id = ("
        "select min(charge_id) from tariff.charge inner join tariff.version using (version_id)"
        " inner join tariff.schedule using (schedule_id)"
        " where schedule = 'CLEAN' and code = 'demand')",
    )
    (one,) = [one for one in findings_of(planted_database) if one.rule == "broken_blocks"]
    assert (one.schedule, one.subject) == ("CLEAN", "demand")
    assert words in one.finding


@pytest.mark.parametrize(
    ("attribute", "found_ones"), [("metred_at", 1), ("metered_at", 0), ("schedule", 0)]
)
def test_a_condition_on_what_no_agreement_carries_is_doubtful(
    planted_database, attribute, found_ones
):
    execute(
        planted_database,
        f"update tariff.condition set kind = 'attribute', subject = '{attribute}', bound = null,"
        " comparison = null where condition_set_id = (select min(condition_set_id)"
        " from tariff.condition_set inner join tariff.version using (version_id)"
        " inner join tariff.schedule using (schedule_id) where schedule = 'DEAD')",
        "insert into portfolio.service_agreement (agreement_id, start_date, utility, schedule,"
        " space_heating, water_heating, all_electric, secondary_metered,"
        " customer_owned_transformation) values ('A', '2020-01-01', 'sandy-creek', 'DEAD', false,"
        " false, false, false, false)",
        "insert into portfolio.service_agreement_attribute values"
        " ('A', '2020-01-01', 'metered_at', 'high')",
    )
    found = [one for one in findings_of(planted_database) if one.rule == "unknown_attribute"]
    assert [(one.schedule, one.severity, one.subject) for one in found] == [
        ("DEAD", "warning", attribute)
    ] * found_ones
    assert all("missing, or blank in all that are loaded" in one.finding for one in found)


def test_an_acknowledged_finding_keeps_its_place_and_has_its_reason(planted):
    (one,) = [one for one in planted if one.subject == "OLD"]
    assert (one.severity, one.acknowledged, one.fails) == ("error", True, False)
    assert one.reason == "withdrawn, and nothing hangs on it"


def test_an_acknowledgement_of_one_subject_does_not_cover_another(planted):
    (one,) = [one for one in planted if one.subject == "OLDER"]
    assert (one.acknowledged, one.fails, one.reason) == (False, True, None)


def test_notes_of_readers_are_marked_as_such(found):
    notes = [one for one in found if one.found_by == "reader"]
    assert notes
    assert {one.rule for one in notes} == {"reader_note"}
    assert {one.severity for one in notes} == {"info"}


def test_every_finding_names_book_and_sheet(found):
    placeless = [one for one in found if not (one.sheet and one.source_document)]
    assert {one.rule for one in placeless} == {"idle_acknowledgement"}


@pytest.mark.parametrize(
    ("rule", "schedule", "sheet", "words"),
    [
        ("dangling_reference", "FA-1", "T-36", "SCH-1"),
        ("dangling_reference", "PSL-2FR", "T-43", "PSL-2DF"),
        ("dangling_reference", "SP", "p. 4", "PCAC"),
        ("one_sided_reference", "CH-1", "T-20", "FA-1"),
        ("one_sided_reference", "EDU-1", "T-63", "FA-1"),
        ("contradictory_dates", "SCIS-1", "T-32", "2014-12-01"),
        ("stated_product", "FA-1", "T-36", "0.000012765, not 0.000015"),
        ("stated_product", "CSP-1", "T-65", "1.65 × 0.01 × 144 is 2.376, not 2.37"),
        ("unpriced_stretch", "NM-1", "T-53", "from 2016-05-01 to 2017-05-01"),
        ("incomplete", "MG2", "Rate Schedule List", "never rated"),
        ("incomplete", "MG4", "Rate Schedule List", "never rated"),
        ("overlapping_applicability", "CE", "p. 3", "exactly 50 kW both it and SP"),
        ("overlapping_applicability", "SP", "p. 4", "exactly 200 kW both it and LP"),
        ("overlapping_applicability", "LP", "p. 5", "exactly 1000 kW both it and IP"),
        ("dead_condition", "CH-1", "T-20", "at least 50 kW"),
        ("dead_condition", "EDU-1", "T-63", "at least 50 kW"),
        ("unconfirmed", "RS-3", "T-2", "from 2018-11-19 to 2023-11-01"),
    ],
)
def test_what_is_known_of_the_books_is_found_by_rule(shipped, rule, schedule, sheet, words):
    # M20, M22, M23, M29, I9.
    assert [one for one in shipped if (one.rule, one.schedule, one.sheet) == (rule, schedule, sheet)
            and words in one.finding]  # fmt: skip


def test_stated_products_that_multiply_out_are_no_findings(shipped):
    subjects = {one.subject for one in shipped if one.rule == "stated_product"}
    assert subjects == {"2.37", "1,726", "0.000015"}


def test_every_finding_of_the_shipped_books_is_acknowledged_with_a_reason(shipped):
    open_ones = [one for one in shipped if one.found_by == "rule" and not one.acknowledged]
    assert not open_ones
    assert all(one.reason for one in shipped if one.acknowledged)


def test_lint_of_the_shipped_tariffs_succeeds(app, database):
    result = run(app, database, "lint")
    assert result.exit_code == 0
    assert "0 errors fail" in result.stdout


def test_an_error_that_nobody_acknowledged_fails(app, database_with_plants):
    assert run(app, database_with_plants, "lint").exit_code == 1


def test_warnings_alone_do_not_fail(app, database):
    execute(database, "delete from tariff.acknowledgement where rule = 'dead_condition'")
    assert [one for one in findings_of(database) if one.severity == "warning" and not
            one.acknowledged]  # fmt: skip
    assert run(app, database, "lint").exit_code == 0


def test_an_acknowledgement_taken_away_fails(app, database):
    execute(database, "delete from tariff.acknowledgement where rule = 'contradictory_dates'")
    assert run(app, database, "lint").exit_code == 1


def test_json_has_every_finding_with_its_fields(app, database_with_plants, found):
    rows = json.loads(run(app, database_with_plants, "lint", "--json").stdout)
    assert len(rows) == len(found)
    assert set(rows[0]) == {
        "rule", "severity", "utility", "schedule", "version", "sheet", "source_document",
        "subject", "finding", "found_by", "acknowledged", "reason",
    }  # fmt: skip


def test_errors_that_fail_come_first(found):
    fails = [one.fails for one in found]
    assert fails == sorted(fails, reverse=True)


@pytest.mark.parametrize(("utility", "code"), [(PLANTED, 1), ("ipl-mo", 0), ("ilpt-ia", 0)])
def test_one_utility_is_looked_at_alone(app, database_with_plants, found, utility, code):
    result = run(app, database_with_plants, "lint", "--utility", utility, "--json")
    assert result.exit_code == code
    own = [one.finding for one in found if one.utility == utility]
    assert own
    assert [row["finding"] for row in json.loads(result.stdout)] == own


def test_an_unknown_utility_is_refused(app, database):
    result = run(app, database, "lint", "--utility", "ipl")
    assert str(result.exception) == "utility ipl is unknown; choose one of ilpt-ia, ipl-mo"


def test_a_database_without_tables_is_refused(app, tmp_path):
    file = tmp_path / "empty.duckdb"
    duckdb.connect(str(file)).close()
    result = CliRunner().invoke(app, ["lint", "--database", f"duckdb:///{file}"])
    assert isinstance(result.exception, RatebookError)
    assert "run `ratebook init` first" in str(result.exception)
