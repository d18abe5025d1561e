"""What of the books is transcribed: as the tables have it, and as the docs say it."""

import datetime
import json

import duckdb
import pytest
import typer
from helpers import make_database
from typer.testing import CliRunner

from rating.cli.tariffs import register
from rating.lint.coverage import coverage, markdown, status_words
from rating.project import ROOT
from rating.store.urls import database_file

PAGE = ROOT / "docs" / "coverage.md"


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    """A database with the shipped tariffs."""
    return make_database(tmp_path_factory.mktemp("coverage"))


@pytest.fixture(scope="module")
def entries(url):
    """The coverage of the shipped tariffs."""
    with duckdb.connect(str(database_file(url))) as connection:
        return coverage(connection)


def run(url, *arguments):
    """Run `ratebook coverage`."""
    app = typer.Typer()
    register(app)
    location = url.render_as_string(hide_password=False)
    return CliRunner().invoke(app, ["coverage", *arguments, "--database", location])


def of(entries, schedule):
    """The entries of a schedule, oldest first."""
    return [one for one in entries if one.schedule == schedule]


def test_every_version_has_one_entry(url, entries):
    with duckdb.connect(str(database_file(url))) as connection:
        versions = connection.execute("select count(*) from tariff.version").fetchone()
    assert versions == (len(entries),)


def test_a_complete_version_says_when_it_was_verified(entries):
    (one,) = of(entries, "RE")
    assert (one.status, one.last_verified_on) == ("complete", datetime.date(2026, 11, 21))


def test_an_incomplete_version_is_incomplete(entries):
    assert [one.status for one in of(entries, "MG2")] == ["incomplete"]


def test_an_unconfirmed_version_says_from_when(entries):
    # M29.
    (one,) = of(entries, "GS-1")
    assert status_words(one) == "unconfirmed from 2018-11-19"
    assert one.effective_to == datetime.date(2023, 11, 1)


def test_charges_are_counted_once_whatever_their_seasons_and_sheets_as_cited(entries):
    # RS-3: energy of two seasons, two minimums, water heating; T-2 and T-3.
    (one,) = of(entries, "RS-3")
    assert (one.charges, one.sheets) == (4, 2)


def test_versions_of_a_schedule_follow_each_other(entries):
    assert [one.effective_from.isoformat() for one in of(entries, "NM-1")] == [
        "2012-07-01", "2015-05-01", "2016-05-01", "2017-05-01", "2018-05-01",
    ]  # fmt: skip


def test_the_page_in_the_docs_is_current(entries):
    assert PAGE.read_text("utf-8") == markdown(entries), (
        "run `ratebook coverage --markdown > docs/coverage.md`"
    )


def test_command_prints_the_page(url, entries):
    assert run(url, "--markdown").stdout == markdown(entries)


def test_command_prints_a_table(url):
    result = run(url)
    assert result.exit_code == 0
    assert "unconfirmed from 2018-11-19" in result.stdout


def test_json_has_one_object_a_version(url, entries):
    rows = json.loads(run(url, "--json").stdout)
    assert len(rows) == len(entries)
    assert rows[0]["effective_from"] == "2025-01-01"


def test_one_utility_is_listed_alone(url, entries):
    rows = json.loads(run(url, "--utility", "ilpt-ia", "--json").stdout)
    assert len(rows) == sum(one.utility == "ilpt-ia" for one in entries) < len(entries)
    assert {row["utility"] for row in rows} == {"ilpt-ia"}


def test_an_unknown_utility_is_refused(url):
    result = run(url, "--utility", "ipl")
    assert str(result.exception) == "utility ipl is unknown; choose one of ilpt-ia, ipl-mo"
