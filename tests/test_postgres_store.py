"""PostgreSQL keeps the rows: loads, runs of DuckDB over it, and every command that reads."""

import csv
import json
import re
from datetime import date
from pathlib import Path

import pytest
from helpers import agreement, database_at, month_of, read, select, write_portfolio
from postgres_server import PASSWORD, administer, query
from test_urdb_bills import RATES
from urdb_rates import write

from models.base import PORTFOLIO, RATING, TARIFF, Base
from rating.errors import RatebookError
from rating.portfolio.load import load_folder
from rating.run import run
from rating.run.local_copy import copy_store
from rating.setup import initialize
from rating.store.database import open_duckdb
from rating.store.export import promised_relations
from rating.store.urls import database_file
from rating.study.compare import RELATIONS, compare
from rating.study.database import rows_of as study_rows
from rating.study.typical import RELATIONS as TYPICAL
from rating.study.typical import TypicalBills, typical
from rating.study.typical_grid import grid_of

OF_A_RUN = {"started_at", "finished_at", "loaded_at", "portfolio_hash"}


def rows_of(url, table) -> list[tuple[object, ...]]:
    """All rows of a table, but for clock times, in the order of DuckDB."""
    (found,) = rows_of_tables(url, [table]).values()
    return found


def rows_of_tables(url, tables) -> dict[str, list[tuple[object, ...]]]:
    """The rows of tables by their full names, read by one connection: to open one takes longest."""
    found = {}
    with open_duckdb(url) as connection:
        for table in tables:
            columns = ", ".join(f'"{c.name}"' for c in table.columns if c.name not in OF_A_RUN)
            statement = f"select {columns} from {table.fullname} order by all"
            found[table.fullname] = connection.execute(statement).fetchall()
    return found


def tables(*schemas: str):
    """The tables of some schemas, as test parameters."""
    return [
        pytest.param(table, id=table.fullname)
        for table in Base.metadata.sorted_tables
        if table.schema in schemas
    ]


@pytest.fixture(scope="module")
def on_both(golden, golden_in_postgres):
    """The rows of all tables in a file and in PostgreSQL."""
    all_tables = Base.metadata.sorted_tables
    return [rows_of_tables(url, all_tables) for url in (golden.url, golden_in_postgres.url)]


@pytest.mark.parametrize("table", tables(TARIFF, PORTFOLIO, RATING))
def test_every_table_holds_the_same_rows_on_postgresql_and_in_a_duckdb_file(table, on_both):
    in_file, in_postgres = (rows[table.fullname] for rows in on_both)
    assert in_postgres == in_file


@pytest.mark.parametrize("relation", ["comparison_total", "not_compared"])
def test_a_study_of_postgres_gives_the_rows_of_one_of_duckdb(relation, compared):
    in_duckdb, in_postgres = compared
    assert in_duckdb[relation] == in_postgres[relation]
    assert in_duckdb["comparison_total"]


def test_typical_bills_of_postgres_are_those_of_duckdb(golden, golden_in_postgres):
    wanted = TypicalBills(grid_of([], [], ["50"], ["200", "400"]), utility="ipl-mo")
    found = []
    for url in (golden.url, golden_in_postgres.url):
        with typical(url, wanted) as connection:
            found.append({name: study_rows(connection, name) for name in TYPICAL})
    assert found[0] == found[1]
    assert found[0]["typical"]


@pytest.fixture(scope="module")
def compared(golden, golden_in_postgres):
    """A comparison of both, in the last months of the portfolio."""
    found = []
    for url in (golden.url, golden_in_postgres.url):
        with compare(url, months=(date(2026, 1, 1), None)) as connection:
            found.append({name: study_rows(connection, name) for name in RELATIONS})
    return found


def test_the_hashes_of_tariffs_and_portfolio_are_the_same(golden, golden_in_postgres):
    hashes = "select tariff_hash, portfolio_hash from rating.rating_run"
    assert select(golden.url, hashes) == select(golden_in_postgres.url, hashes)


@pytest.mark.parametrize(
    "arguments",
    [
        "explain A0010 2016-01",
        "explain A0010 2016-01 --json",
        "explain NOBODY 2015-01",
        "explain A0010 2015-08",
        "reconcile",
        "reconcile 1 --json",
        "reconcile 7",
        "lint",
        "lint --json",
        "coverage --markdown",
        "explain-factor ipl-mo FA-1 2015-01",
        "explain-factor ipl-mo FA-1 2015-01 --json",
        "explain-factor ipl-mo FA-1 2030-01",
        "eligibility --json",
        pytest.param("eligibility A0010", marks=pytest.mark.long),
        "runs",
        "urdb export RS-3 /dev/null",
    ],
)
def test_commands_that_read_say_the_same_on_both(ratebook, golden, golden_in_postgres, arguments):
    said = [
        ratebook(*arguments.split(), "--database", url.render_as_string(hide_password=False))
        for url in (golden.url, golden_in_postgres.url)
    ]
    assert said[0].code == said[1].code
    assert _without_time(said[0].out) == _without_time(said[1].out)
    assert said[0].err == said[1].err


def _without_time(text: str) -> str:
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "<time>", text)


def test_a_bill_tried_on_both_differs_in_the_name_of_the_database_only(
    ratebook, golden, golden_in_postgres
):
    tried = [
        "try",
        "RS-3",
        "--month",
        "2016-01",
        "--kwh",
        "700",
        "--factor",
        "FA-1=0.003",
        "--json",
    ]
    found = []
    for url in (golden.url, golden_in_postgres.url):
        said = ratebook(*tried, "--database", url.render_as_string(hide_password=False))
        found.append(json.loads(said.out))
        assert PASSWORD not in found[-1].pop("tariffs")
    assert found[0] == found[1]


@pytest.mark.parametrize("relation", promised_relations())
def test_exports_are_the_same_files(ratebook, golden, golden_in_postgres, relation, tmp_path):
    files = []
    for name, url in (("duckdb", golden.url), ("postgres", golden_in_postgres.url)):
        files.append(tmp_path / f"{name}.csv")
        plain = url.render_as_string(hide_password=False)
        assert ratebook("export", relation, files[-1], "--database", plain).code == 0
    one, other = (_without_clock(file) for file in files)
    assert one == other


def _without_clock(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    return [{key: value for key, value in row.items() if key not in OF_A_RUN} for row in rows]


def test_imported_rates_are_the_same_rows_on_both(ratebook, database, initialized_server, tmp_path):
    file = write(tmp_path, RATES)
    urls = (database, initialized_server)
    said = [
        ratebook("urdb", "import", file, "--database", url.render_as_string(hide_password=False))
        for url in urls
    ]
    assert said[0] == said[1]
    imported = [
        Base.metadata.tables[name]
        for name in (
            *(f"{TARIFF}.{name}" for name in ("schedule", "version", "charge", "charge_step")),
            *(f"{RATING}.{name}" for name in ("rate_schedule", "rate_version", "rate_price")),
        )
    ]
    one, other = (rows_of_tables(url, imported) for url in urls)
    assert one == other


BAD = {
    "service_agreements": [
        agreement("A", "RS-3"),
        agreement("B", "RS-3", utility="nowhere"),
        agreement("C", "RS-3", end_date="2014-01-01", colour="green"),
        agreement("C", "RS-3", start_date="2013-01-01"),
        agreement("D", "XX-9", colour="red 'quoted' \\ päonie"),
    ],
    "meter_reads": [
        read("A", "2015-01", kwh="100", kvar="7"),
        read("A", "2015-02", kwh="-1"),
        read("A", "2015-03", kwh="1e99"),
        read("A", "2015-04", kwh="1"),
        read("A", "2015-04", kwh="2"),
        read("B", "2015-01", kwh="5"),
        read("D", "2015-01", kwh="0.000001", power_factor="84"),
        read("D", "2015-02", kwh=""),
    ],
}
CORRECTION = {
    "service_agreements": [agreement("A", "RS-4")],
    "meter_reads": [read("A", "2015-01", kwh="101", kvar="8"), read("D", "2015-02", kwh="3")],
}


@pytest.mark.parametrize("replace", [False, True])
def test_loads_reject_correct_and_replace_alike_on_both(
    database, initialized_server, tmp_path, replace
):
    reports = []
    for url in (database, initialized_server):
        first = load_folder(url, write_portfolio(tmp_path / "first", BAD))
        second = load_folder(url, write_portfolio(tmp_path / "second", CORRECTION), replace=replace)
        reports.append((first, second))
    assert reports[0] == reports[1]
    assert reports[0][0].rows_rejected == 9
    loaded = [
        table
        for table in Base.metadata.sorted_tables
        if table.schema == PORTFOLIO or table.name == "rejected_row"
    ]
    assert rows_of_tables(initialized_server, loaded) == rows_of_tables(database, loaded)


def test_tariffs_are_loaded_again_under_a_portfolio_that_refers_to_them(golden_in_postgres):
    before = select(golden_in_postgres.url, "select * from tariff.utility order by all")
    assert initialize(golden_in_postgres.url) == 35
    assert select(golden_in_postgres.url, "select * from tariff.utility order by all") == before


def test_rate_into_a_file_prints_its_run_and_leaves_the_database_as_it_is(
    ratebook, golden, golden_in_postgres, tmp_path
):
    runs = "select * from rating.rating_run"
    before = select(golden_in_postgres.url, runs)
    plain, url = golden_in_postgres.url.render_as_string(hide_password=False), database_at(tmp_path)
    said = ratebook("rate", "--database", plain, "--into", database_file(url), "--json")
    assert said.code == 0
    (found,) = select(url, "select count(*) as bills from rating.bill")
    assert found["bills"] == json.loads(said.out)["bills"]
    assert select(golden_in_postgres.url, runs) == before
    lines = Base.metadata.tables["rating.bill_line_item"]
    assert rows_of(url, lines) == rows_of(golden.url, lines)


def test_a_copy_has_the_rejected_rows_too(initialized_server, tmp_path):
    files = {
        "service_agreements": [agreement("A", "RS-3")],
        "meter_reads": [read("A", "2016-01", kwh="100"), read("A", "2016-02", kwh="-1")],
    }
    load_folder(initialized_server, write_portfolio(tmp_path / "portfolio", files))
    copy = copy_store(initialized_server, tmp_path / "copy.duckdb")
    rejected = "select file, source_row_number, reason from rating.rejected_row"
    assert select(copy, rejected) == select(initialized_server, rejected) != []


def test_a_study_does_not_overwrite_a_file(golden_in_postgres, tmp_path):
    (tmp_path / "study.duckdb").touch()
    with pytest.raises(RatebookError, match=r"study\.duckdb exists already; name a new file"):
        copy_store(golden_in_postgres.url, tmp_path / "study.duckdb")


@pytest.mark.long
def test_a_run_on_a_server_is_made_again_from_the_history_of_loads_and_bills(
    ratebook, rated_server, tmp_path
):
    plain = rated_server.render_as_string(hide_password=False)
    # One read is corrected, and an agreement is new: run 2 has one changed bill and one new one.
    files = {
        "service_agreements": [agreement("N", "RS-3", area="new")],
        "meter_reads": [read("A0002", "2016-01", kwh="700"), read("N", "2016-01", kwh="1")],
        "interval_reads": [
            {
                "agreement_id": "N",
                "interval_start": "2016-01-01T12:00:00Z",
                "interval_minutes": "15",
                "kwh": "1",
            }
        ],
    }
    load_folder(rated_server, write_portfolio(tmp_path / "second", files))
    assert run.rate(rated_server, changed_only=True).status == "published"
    history = "select agreement_id, what from rating.bill_history order by 1"
    assert list(query(rated_server, history)) == [("A0002", "changed"), ("N", "new")]
    # Of the bills of run 1 one that was replaced is tampered with, and one that still stands.
    administer(
        rated_server,
        "update rating.bill_history set net_amount = net_amount + 1 where what = 'changed'",
        "update rating.bill_line_item set price = price + 1 where line_no = 1"
        " and agreement_id = 'A0002' and billing_month = '2015-12-01'",
    )
    said = ratebook("reproduce", 1, "--database", plain, "--json")
    found = json.loads(said.out)
    ((then, bills),) = query(
        rated_server, "select portfolio_hash, bills from rating.rating_run where run_id = 1"
    )
    assert (said.code, found["loads_undone"], found["bills"]) == (1, 1, bills)
    assert found["portfolio_hash"] == then
    # Every other bill of the run comes out the same.
    assert [(row["billing_month"], row["what"]) for row in found["differing"]] == [
        ("2015-12-01", "bill_line_item"),
        ("2016-01-01", "bill"),
    ]


@pytest.mark.long
def test_a_run_of_some_months_replaces_only_those(initialized_server, tmp_path):
    # Without inputs of FA-1 the three reads are unbilled, each month's by the run that rated it.
    reads = [read("A", month, kwh="100") for month in ("2015-01", "2015-02", "2015-03")]
    files = {"service_agreements": [agreement("A", "RS-3")], "meter_reads": reads}
    load_folder(initialized_server, write_portfolio(tmp_path / "portfolio", files))
    run.rate(initialized_server)
    february = month_of("2015-02")
    run.rate(initialized_server, first_month=february, last_month=february)
    found = select(initialized_server, "select billing_month, run_id from rating.unbilled_read")
    assert {row["billing_month"].month: row["run_id"] for row in found} == {1: 1, 2: 2, 3: 1}


def test_init_says_how_many_schedules_and_can_be_repeated(ratebook, postgres_database):
    plain = postgres_database.render_as_string(hide_password=False)
    for _ in range(2):
        said = ratebook("init", "--database", plain)
        assert (said.code, said.out) == (0, "the database holds 35 schedules\n")
    for table in ("tariff.schedule", "rating.rate_schedule"):
        assert query(postgres_database, f"select count(*) from {table}") == [(35,)]
