"""Fixtures that several test files use."""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import hand_portfolio
import invented_portfolio
import pytest
from browser import browser
from helpers import (
    GOLDEN,
    SHARED,
    TARIFFS,
    Rated,
    Said,
    file_copy,
    made_once,
    make_database,
    rate_portfolio,
    rated,
    rated_once,
)
from postgres_server import copy_of, linguistic, new_database, postgres, source
from sqlalchemy.engine import URL

from rating.cli import app as command_line
from rating.portfolio.load import load_folder
from rating.run.run import rate
from rating.setup import initialize
from rating.store.limits import THREADS


def pytest_configure() -> None:
    """Look seldom for objects that nothing refers to: the parsed project of dbt is a million."""
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def folders_of_the_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what the workers share, and dbt's parsed projects and logs, out of the user's cache."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        patch.setenv(SHARED, str(folder / "shared"))
        patch.setenv(THREADS, "1")  # to wake others costs more than a small portfolio's queries
        yield


@pytest.fixture(scope="session")
def golden_loaded() -> URL:
    """The golden portfolio, not rated yet, in a DuckDB file; for copying only."""

    def make(folder: Path) -> URL:
        url = make_database(folder)
        assert load_folder(url, GOLDEN / "portfolio").rows_rejected == 0
        return url

    return made_once("golden_loaded", make)


@pytest.fixture(scope="session")
def golden(golden_loaded: URL, tmp_path_factory: pytest.TempPathFactory) -> Rated:
    """The golden portfolio, rated once; its database is for reading and for copying only."""

    def make(folder: Path) -> Rated:
        url = file_copy(golden_loaded, folder)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(THREADS, "4")  # no bill depends on which of them is the first
            return rated(url, rate(url))

    return rated_once(tmp_path_factory.mktemp("golden"), "golden", make)


@pytest.fixture
def database(tmp_path: Path) -> URL:
    """A new database with the shipped tariffs, for one test to change."""
    return make_database(tmp_path)


@pytest.fixture(scope="session")
def by_hand(tmp_path_factory: pytest.TempPathFactory) -> Rated:
    """The agreements of `hand_portfolio`, rated once."""

    def make(folder: Path) -> Rated:
        return rate_portfolio(folder, hand_portfolio.FILES)

    return rated_once(tmp_path_factory.mktemp("by_hand"), "by_hand", make)


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Rated:
    """The agreements of `invented_portfolio` under the tariffs of tests/tariffs, rated once."""

    def make(folder: Path) -> Rated:
        return rate_portfolio(folder, invented_portfolio.FILES, seeds=[TARIFFS])

    return rated_once(tmp_path_factory.mktemp("invented"), "invented", make)


@pytest.fixture
def ratebook(capsys, monkeypatch):
    """Runs the command in this process, as its script does."""

    def run(*arguments: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["ratebook", *map(str, arguments)])
        code: object = 0
        try:
            command_line.main()
        except SystemExit as ended:
            code = ended.code or 0
        said = capsys.readouterr()
        return Said(int(str(code)), said.out, said.err)

    return run


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """A PostgreSQL server, as a role that may create databases and roles."""
    with postgres() as url:
        yield url


@pytest.fixture
def postgres_database(postgres_server: URL) -> Iterator[URL]:
    """An empty database, for one test to change."""
    with new_database(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_tariffs(postgres_server: URL) -> Iterator[URL]:
    """The shipped tariffs in PostgreSQL, for copying only.

    The database sorts texts as a language does, where the server can: no bill depends on that.
    """
    with new_database(postgres_server, linguistic(postgres_server), "tariffs") as url:
        initialize(url)
        yield url


@pytest.fixture
def initialized_server(postgres_tariffs: URL) -> Iterator[URL]:
    """A PostgreSQL database with the shipped tariffs, for one test to change."""
    with copy_of(postgres_tariffs) as url:
        yield url


@pytest.fixture(scope="session")
def loaded_in_postgres(postgres_tariffs: URL) -> Iterator[URL]:
    """The golden portfolio, not rated yet, in PostgreSQL; for copying only."""
    with copy_of(postgres_tariffs, "loaded") as url:
        assert load_folder(url, GOLDEN / "portfolio").rows_rejected == 0
        yield url


@pytest.fixture(scope="session")
def golden_in_postgres(loaded_in_postgres: URL) -> Iterator[Rated]:
    """The golden portfolio in PostgreSQL, rated once by DuckDB; for reading and copying only."""
    with copy_of(loaded_in_postgres, "golden") as url:
        yield rated(url, rate(url))


@pytest.fixture
def rated_server(golden_in_postgres: Rated) -> Iterator[URL]:
    """The golden portfolio with the bills of run 1, in PostgreSQL."""
    with copy_of(golden_in_postgres.url) as url:
        yield url


# The files that take longest, first, so that no worker is left with one at the end.
LONGEST = (
    "test_docs.py",
    "test_postgres_store.py",
    "test_postgres_engine.py",
    "test_try.py",
    "test_kills.py",
    "test_writing.py",
    "test_dbt_project.py",
    "test_publish.py",
    "test_changed.py",
    "test_study.py",
    "test_runs.py",
    "test_billed_amounts.py",
    "test_reproduce.py",
    "test_postgres_roles.py",
    "test_study_solve.py",
    "test_intervals.py",
    "test_intervals_in_postgres.py",
    "test_faults.py",
    "test_portfolio_rejected.py",
    "test_portfolio_files.py",
    "test_portfolio_load.py",
    "test_portfolio_again.py",
    "test_sample.py",
    "test_study_typical.py",
    "test_study_scenario.py",
    "test_study_ratchet.py",
    "test_eligibility.py",
    "test_migrations.py",
    "test_failing_rows.py",
    "test_interval_load.py",
    "test_urdb_import.py",
    "test_constraints.py",
    "test_properties.py",
    "test_portfolio_bounds.py",
    "test_report.py",
    "test_urdb_export.py",
    "test_cli.py",
    "test_setup.py",
    "test_prorated.py",
    "test_urdb_bills.py",
    "test_constructs.py",
    "test_solar_credit.py",
    "test_fuzz.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files; the others keep their order."""
    order = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.name, len(LONGEST)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say where the PostgreSQL and the browser of the tests came from."""
    terminalreporter.write_line(f"PostgreSQL: {source()}")
    terminalreporter.write_line(f"browser: {browser() or 'none, no report was looked at'}")


def pytest_addoption(parser: pytest.Parser) -> None:
    """An option to write docs/worked-bills.md anew."""
    parser.addoption("--write-worked-bills", action="store_true", help="write the page anew")
