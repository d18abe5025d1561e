"""A database made and made again: what is created, what stays, and that it is let go of."""

import gc

import duckdb
import pytest
from helpers import TARIFFS, agreement, database_at, execute, read, select, write_portfolio
from seed_texts import GOOD, write_seeds
from sqlalchemy import make_url

from rating.errors import RatebookError
from rating.portfolio.load import load_folder
from rating.setup import initialize
from rating.store.urls import database_file


def test_initializing_lets_go_of_the_file_at_once(tmp_path):
    # Another connection has another configuration, which DuckDB refuses while one is open.
    url = database_at(tmp_path)
    gc.disable()
    try:
        initialize(url)
        with duckdb.connect(str(database_file(url))) as connection:
            assert connection.execute("select count(*) from tariff.schedule").fetchone() != (0,)
    finally:
        gc.enable()


def test_a_new_file_is_of_a_format_that_compresses_text_fast_and_stays_so(database):
    query = "select tags['storage_version'] as version from duckdb_databases() where not internal"
    assert select(database, query) == [{"version": "v1.3.0+"}]


def test_initializing_again_changes_no_tariff_row(database):
    query = "select * from tariff.charge_step order by all"
    before = select(database, query)
    initialize(database)
    assert select(database, query) == before


def test_initializing_again_keeps_the_portfolio(database, tmp_path):
    files = {"service_agreements": [agreement("A", "RS-3")], "meter_reads": [read("A", "2015-01")]}
    files["meter_reads"][0]["kwh"] = "100"
    load_folder(database, write_portfolio(tmp_path / "portfolio", files))
    initialize(database)
    assert len(select(database, "select * from portfolio.meter_read")) == 1


@pytest.mark.parametrize("where", ["database", "postgres_database"])
def test_tariffs_without_a_utility_that_the_portfolio_has_are_refused(where, request, tmp_path):
    url = request.getfixturevalue(where)
    initialize(url, [TARIFFS])
    served = [agreement("A", "TOWN", utility="tri-lakes")]
    files = {"service_agreements": served, "meter_reads": [read("A", "2015-01", kwh="100")]}
    assert load_folder(url, write_portfolio(tmp_path / "portfolio", files)).rows_rejected == 0
    with pytest.raises(RatebookError, match=r"^the portfolio has rows of tri-lakes, .* --seeds$"):
        initialize(url)
    initialize(url, [TARIFFS])


def test_a_file_of_another_release_is_refused_and_left_as_it_was(database):
    execute(database, "alter table rating.bill drop column run_id")
    with pytest.raises(RatebookError, match=r"another release \(table rating.bill differs\)"):
        initialize(database)
    assert select(database, "select count(*) as n from tariff.schedule") != [{"n": 0}]


def test_a_file_of_another_release_is_not_rated(ratebook, database):
    execute(database, "alter table tariff.formula drop column is_check_only")
    said = ratebook("rate", "--database", database)
    assert (said.code, said.err.strip()) == (
        2,
        "ratebook: the database was made by another release (table tariff.formula differs); name a"
        " new file and load the portfolio again",
    )


def test_a_folder_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(RatebookError, match="does not exist; create it first"):
        initialize(make_url(f"duckdb:///{tmp_path / 'missing' / 'ratebook.duckdb'}"))


def test_refused_folder_changes_nothing_in_the_database(database, tmp_path):
    queries = [f"select * from tariff.{table} order by all" for table in ("version", "charge_step")]
    before = [select(database, query) for query in queries]
    folder = write_seeds(tmp_path, GOOD.replace("per: kwh\n", "per: kwhh\n"))
    with pytest.raises(RatebookError):
        initialize(database, [folder])
    assert [select(database, query) for query in queries] == before


def test_further_folder_adds_to_the_shipped_tariffs(database, tmp_path):
    schedules = initialize(database)
    assert initialize(database, [write_seeds(tmp_path, GOOD)]) == schedules + 1


def test_published_price_list_follows_what_is_loaded(database, tmp_path):
    query = "select * from rating.rate_price order by all"
    shipped = select(database, query)
    initialize(database, [write_seeds(tmp_path, GOOD)])
    assert len(select(database, query)) > len(shipped)
    initialize(database)
    assert select(database, query) == shipped
