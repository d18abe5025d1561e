"""PostgreSQL rates: the same bills and lines as DuckDB, and the password stays with the user."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from helpers import agreement, read, select, write_portfolio
from killed import RATEBOOK, start
from postgres_server import PASSWORD, copy_of
from sqlalchemy.engine import URL, make_url
from test_changed import (
    BILLS_BEFORE_AND_AFTER_A_LATE_FACTOR,
    bills_before_and_after_a_late_factor,
)
from test_constructs import PAGES, UTILITY
from test_golden import as_written, expected_rows, keyed
from test_postgres_store import rows_of_tables

from models.base import RATING, Base
from rating.errors import RatebookError
from rating.portfolio.load import load_folder
from rating.run import run
from rating.run.dbt_build import cache_folder, dbt_build
from rating.setup import initialize
from rating.store.export import promised_relations


@dataclass(frozen=True)
class Watched:
    """A run in a process of its own: what it said, and the command lines of the machine."""

    url: URL
    said: str
    command_lines: set[bytes]


@pytest.fixture(scope="module")
def watched(loaded_in_postgres: URL) -> Iterator[Watched]:
    """The golden portfolio rated in PostgreSQL, which sorts as a language does where it can."""
    with copy_of(loaded_in_postgres) as url:
        under_way = start(url, RATEBOOK, "rate", "--engine=postgres")
        seen = set()
        while under_way.poll() is None:
            time.sleep(0.02)
            for file in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    seen.add(file.read_bytes())
                except OSError:
                    continue  # it has ended meanwhile
        said = "".join(under_way.communicate())
        assert under_way.returncode == 0, said
        yield Watched(url, said, seen)


@pytest.fixture(scope="module")
def golden_by_postgres(watched: Watched) -> URL:
    """The database of that run."""
    return watched.url


# Of the run's own row only the engine differs.
PUBLISHED = {
    name: Base.metadata.tables[f"{RATING}.{name}"]
    for name in promised_relations()
    if name != "rating_run"
}


@pytest.fixture(scope="module")
def three_ways(golden, golden_in_postgres, golden_by_postgres):
    """What is published by PostgreSQL, by DuckDB in a file, and by DuckDB over PostgreSQL."""
    urls = (golden_by_postgres, golden.url, golden_in_postgres.url)
    return [rows_of_tables(url, PUBLISHED.values()) for url in urls]


@pytest.mark.parametrize("relation", PUBLISHED)
def test_three_ways_to_rate_publish_the_same_rows(relation, three_ways):
    ours, in_file, over_postgres = (rows[f"{RATING}.{relation}"] for rows in three_ways)
    assert ours == in_file
    assert ours == over_postgres


def test_every_bill_by_postgresql_is_the_expected_one(golden_by_postgres):
    expected = keyed(expected_rows("bills.csv"))
    columns = list(next(iter(expected.values())))
    bills = select(golden_by_postgres, "select * from rating.bill")
    assert keyed([as_written(bill, columns) for bill in bills]) == expected


def test_the_run_says_which_engine_rated(golden_by_postgres):
    (row,) = select(golden_by_postgres, "select engine, status from rating.rating_run")
    assert row == {"engine": "postgres", "status": "published"}


@pytest.mark.long
def test_a_corrected_read_moves_one_bill_in_a_run_of_what_changed(golden_by_postgres, tmp_path):
    with copy_of(golden_by_postgres) as url:
        files = {
            # Of a schedule that looks back: new terms concern all months from the first on.
            "service_agreements": [agreement("without_reads", "LGS-1")],
            "meter_reads": [read("A0002", "2016-01", kwh="700")],
        }
        load_folder(url, write_portfolio(tmp_path / "corrected", files))
        report = run.rate(url, engine="postgres", changed_only=True)
        assert report.status == "published", report.message
        assert report.message == "only what changed since run 1 was rated"
        history = select(url, "select agreement_id, billing_month, what from rating.bill_history")
        assert history == [
            {"agreement_id": "A0002", "billing_month": date(2016, 1, 1), "what": "changed"}
        ]
        (bill,) = select(
            url,
            "select kwh from rating.bill"
            " where agreement_id = 'A0002' and billing_month = '2016-01-01'",
        )
        assert bill == {"kwh": 700}
        # DuckDB takes over, and finds the build of PostgreSQL there.
        files["meter_reads"] = [read("A0002", "2016-01", kwh="800")]
        load_folder(url, write_portfolio(tmp_path / "again", files))
        report = run.rate(url, changed_only=True)
        assert (report.status, report.run_id) == ("published", 3), report.message
        assert select(url, "select kwh from rating.bill where run_id = 3 and kwh = 800") == [
            {"kwh": 800}
        ]


# The contract is billed at $5.00 a kW.
CONTRACTS = {
    ".5": "2.50",
    "250.": "1250.00",
    "1e3": "5000.00",
    "+12.50E+01": "625.00",
    "1000000000000000e-14": "50.00",
}


# 1,000 kWh and 3 kW on the page clause_by_schedule, by hand: 100.00 + 10.00 + 0.30 + 3.00, and
# 20.00 + 80.00 + 20.00 + 2.00 + 2.00.
BY_SCHEDULE = {"CLASS-HOME": "113.30", "CLASS-SHOP": "124.00"}


def small_portfolio(folder: Path) -> Path:
    """Units that no sheet has, riders of one name, contracts in many forms, two rate classes."""
    files = {
        "service_agreements": [
            agreement("LAMPS", "PL-3"),
            agreement("RIDERS", "SHARE", utility="many-rivers"),
        ],
        "meter_reads": [
            read("LAMPS", "2015-01", kwh=""),
            read("RIDERS", "2024-01", kwh="500", kw="50"),
        ],
        # B is 66 and a is 97; English has a before B.
        "unit_inventory": [
            {"agreement_id": "LAMPS", "unit_code": code, "start_date": "2012-01-01", "quantity": 1}
            for code in ("a", "B")
        ],
        "rider_enrollments": [
            {"agreement_id": "RIDERS", "rider": rider, "start_date": "2023-01-01", "quantity": 10}
            for rider in ("SHARE-a", "SHARE-B")
        ],
    }
    for text in CONTRACTS:
        contract = agreement(text, "CONTRACT", utility="many-rivers", contract_kw=text)
        files["service_agreements"].append(contract)
        files["meter_reads"].append(read(text, "2024-01", kwh="0", kw="0"))
    for name in BY_SCHEDULE:
        files["service_agreements"].append(agreement(name, name, utility="many-rivers"))
        files["meter_reads"].append(read(name, "2024-03", kwh="1000", kw="3"))
    return write_portfolio(folder, files)


@dataclass(frozen=True)
class Small:
    """The small portfolio rated in PostgreSQL, and an agreement's bills around a late factor."""

    url: URL
    bank: list[list[tuple[int, Decimal, Decimal]]]


@pytest.fixture(scope="module")
def small(postgres_tariffs: URL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    folder = tmp_path_factory.mktemp("small")
    with copy_of(postgres_tariffs) as url:
        pages = ("contract_demand", "clause_by_schedule", "shared_names")
        initialize(url, [many_rivers(folder / "seeds", *pages)])
        assert load_folder(url, small_portfolio(folder / "portfolio")).rows_rejected == 0
        yield Small(url, bills_before_and_after_a_late_factor(url, folder, "postgres"))


def test_of_two_reasons_the_first_by_its_letters_numbers_is_kept(small):
    (found,) = select(
        small.url, "select detail from rating.unbilled_read where agreement_id = 'LAMPS'"
    )
    assert found == {"detail": "unit B is not on the sheet"}


def test_of_two_riders_of_one_name_the_first_by_its_letters_numbers_stands_first(small):
    (found,) = select(
        small.url, "select detail from rating.unbilled_read where agreement_id = 'RIDERS'"
    )
    assert found == {"detail": "above_kw is defined by both SHARE-B and SHARE-a"}


def many_rivers(folder: Path, *pages: str) -> Path:
    """A seed folder with the tariffs of pages of tests/constructs."""
    shutil.copytree(UTILITY.parent, folder / "many-rivers")
    for seed in (seed for page in pages for seed in PAGES[page]["tariffs"]):
        file = folder / "many-rivers" / f"{seed['schedule']}.yaml"
        file.write_text(yaml.safe_dump(seed), "utf-8")
    return folder


def many_rivers_billed(url: URL) -> dict[str, str]:
    bills = select(
        url, "select agreement_id, net_amount from rating.bill where utility = 'many-rivers'"
    )
    return {bill["agreement_id"]: str(bill["net_amount"]) for bill in bills}


def test_attributes_are_the_same_numbers_and_the_schedule_the_same_class_on_either_engine(small):
    assert many_rivers_billed(small.url) == CONTRACTS | BY_SCHEDULE
    report = run.rate(small.url, engine="duckdb")
    assert report.status == "published", report.message
    assert many_rivers_billed(small.url) == CONTRACTS | BY_SCHEDULE


def test_an_unbilled_month_does_not_move_its_bank(small):
    assert small.bank == BILLS_BEFORE_AND_AFTER_A_LATE_FACTOR


@pytest.mark.parametrize("way", ["PGPASSWORD", "password file", "service file"])
def test_dbt_connects_with_the_password_that_libpq_finds(
    way, initialized_server, tmp_path, monkeypatch
):
    url = initialized_server
    place = {"host": url.query["host"], "user": url.username, "dbname": url.database}
    without = url._replace(password=None)  # `set` leaves what is none
    if way == "PGPASSWORD":
        monkeypatch.setenv("PGPASSWORD", PASSWORD)
    elif way == "password file":
        file = tmp_path / "passwords"
        file.write_text(f"*:*:*:*:{PASSWORD}\n", "utf-8")
        file.chmod(0o600)
        monkeypatch.setenv("PGPASSFILE", str(file))
    else:
        file = tmp_path / "services"
        lines = [f"{name}={value}" for name, value in (place | {"password": PASSWORD}).items()]
        file.write_text("\n".join(["[rates]", *lines]) + "\n", "utf-8")
        monkeypatch.setenv("PGSERVICEFILE", str(file))
        without = make_url(f"postgresql+psycopg:///{url.database}?service=rates")
    (shown,) = dbt_build(without, {}, arguments=("show", "--inline", "select 1 as one"))
    assert shown.status == "success", shown.message


def test_a_file_is_not_rated_by_postgresql(database):
    with pytest.raises(RatebookError, match="--engine postgres rates in a PostgreSQL database"):
        run.rate(database, engine="postgres")


def test_the_password_stands_nowhere(golden_by_postgres):
    logs = [path for path in cache_folder(golden_by_postgres).rglob("*") if path.is_file()]
    assert logs
    assert not [path for path in logs if PASSWORD.encode() in path.read_bytes()]
    tables = [table for table in Base.metadata.sorted_tables if table.schema == RATING]
    assert PASSWORD not in str(rows_of_tables(golden_by_postgres, tables))


def test_the_password_stands_in_no_process_list_and_in_no_output(watched):
    assert any(b"--engine=postgres" in one for one in watched.command_lines)
    assert not [one for one in watched.command_lines if PASSWORD.encode() in one]
    assert PASSWORD not in watched.said


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"password": "wrong-secret"}, "password authentication failed"),
        ({"username": "nobody_here", "password": "wrong-secret"}, "nobody_here"),
        ({"database": "no_such_database"}, "does not exist"),
        ({"host": "127.0.0.1", "port": 1, "query": {}}, "Connection refused"),
    ],
)
def test_a_connection_that_fails_is_one_sentence_without_the_password(
    ratebook, golden_by_postgres, change, words
):
    url = golden_by_postgres.set(**change)
    said = ratebook("rate", "--database", url.render_as_string(hide_password=False))
    assert (said.code, said.out) == (2, "")
    (sentence,) = said.err.splitlines()
    assert words in sentence
    assert str(url.password) not in sentence


@pytest.mark.parametrize(
    "text",
    [
        "postgresql+psycopg://someone:hid@den@host/database",
        "postgresql+psycopg://someone:hidden@host:port/database",
        "postgresql+psycopg://someone:hidden@host",
        "mysql://someone:hidden@host/database",
        "someone:hidden@host",
    ],
)
def test_an_url_that_cannot_be_used_is_refused_without_its_password(ratebook, text):
    said = ratebook("init", "--database", text)
    assert said.code == 2
    assert "hid" not in said.err


@pytest.mark.long
def test_a_demonstration_shows_no_password_and_takes_no_portfolio_away(ratebook, postgres_database):
    plain = postgres_database.render_as_string(hide_password=False)
    said = ratebook("demo", "--database", plain)
    assert (said.code, PASSWORD in said.out) == (0, False)
    again = ratebook("demo", "--database", plain)
    assert again.code == 2
    assert "holds a portfolio; name an empty database" in again.err
