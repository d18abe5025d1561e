"""A published run can be made again from the history that loads keep."""

import json
from pathlib import Path

import duckdb
import pytest
from helpers import (
    agreement,
    execute,
    file_copy,
    fuel_costs,
    make_database,
    read,
    select,
    write_portfolio,
)
from sqlalchemy.engine import URL

from rating.errors import RatebookError
from rating.portfolio.load import load_folder
from rating.portfolio.undo import undo_loads
from rating.run import reproduce as module
from rating.run.fingerprint import portfolio_hash
from rating.run.reproduce import reproduce
from rating.run.run import rate
from rating.store.database import open_duckdb

MONTHS = ("2015-01", "2015-02")
FIRST = {
    "service_agreements": [
        agreement("A", "RS-3", area="a, \"b\" and 'c'"),
        agreement("B", "RS-3", water_heating="true"),
        agreement("L", "RS-3"),
    ],
    "meter_reads": [
        read("A", "2015-01", kwh="900", kvar="12.5"),
        read("A", "2015-02", kwh="800"),
        read("B", "2015-01", kwh="700"),
    ],
    "rider_cost_inputs": fuel_costs(*MONTHS),
    "unit_inventory": [
        {"agreement_id": "L", "unit_code": "x", "start_date": "2015-01-01", "quantity": "2"}
    ],
}
# One read is corrected, one comes late, and an agreement with its first read is new.
SECOND = {
    "service_agreements": [agreement("C", "RS-3", area="new")],
    "meter_reads": [
        read("A", "2015-02", kwh="850", kvar="3"),
        read("B", "2015-02", kwh="650"),
        read("C", "2015-02", kwh="600", kvar="1"),
    ],
    "unit_inventory": [
        {"agreement_id": "L", "unit_code": "x", "start_date": "2015-01-01", "quantity": "3"},
        {"agreement_id": "L", "unit_code": "y", "start_date": "2015-01-01", "quantity": "1"},
    ],
}

BLANK = {
    "service_agreements": [agreement("N", "RS-3")],
    "meter_reads": [read("C", "2015-02", kwh="")],
}


def interval(start: str, kwh: str = "1") -> dict[str, str]:
    """An interval read of agreement A."""
    return {
        "agreement_id": "A", "interval_start": start, "interval_minutes": "15", "kwh": kwh,
    }  # fmt: skip


NOON = interval("2015-01-01T12:00:00Z")
# The first quarter of that day is new, the last but one, and one of a day that had none.
MORE = [interval(f"2015-01-0{moment}:00Z") for moment in ("1T00:00", "1T23:30", "2T12:15")]


def load(url: URL, folder: Path, files, **options) -> None:
    assert load_folder(url, write_portfolio(folder, files), **options).rows_rejected == 0


def hash_of(url: URL) -> str:
    with open_duckdb(url) as connection:
        return portfolio_hash(connection)


@pytest.fixture(scope="module")
def rated_twice(tmp_path_factory) -> URL:
    """Run 1 of the first load, and run 2 of what the second load has changed; not to be changed."""
    folder = tmp_path_factory.mktemp("twice")
    url = make_database(folder)
    load(url, folder / "first", FIRST)
    assert rate(url).bills == 3
    load(url, folder / "second", SECOND)
    assert rate(url, changed_only=True).status == "published"
    return url


@pytest.fixture
def twice(rated_twice: URL, tmp_path: Path) -> URL:
    """A copy of the database with two runs, for one test to change."""
    return file_copy(rated_twice, tmp_path)


@pytest.mark.parametrize("replace", [False, True])
def test_loads_taken_back_leave_the_portfolio_as_it_was(tmp_path, replace):
    url = make_database(tmp_path)
    load(url, tmp_path / "first", FIRST | {"interval_reads": [NOON]})
    before = hash_of(url)
    agreements = FIRST["service_agreements"] + SECOND["service_agreements"]
    corrected = interval(NOON["interval_start"], kwh="2")
    second = {**SECOND, "service_agreements": agreements, "interval_reads": [corrected, *MORE]}
    load(url, tmp_path / "second", second, replace=replace)
    load(url, tmp_path / "third", {**SECOND, "meter_reads": [read("C", "2015-02", kwh="601")]})
    load(url, tmp_path / "fourth", FIRST | {"interval_reads": [interval("2015-01-02T12:00:00Z")]})
    load_days_of_parquet(url, tmp_path / "fifth")
    assert hash_of(url) != before
    with open_duckdb(url, read_only=False) as connection:
        assert undo_loads(connection, 1) == 4
    assert hash_of(url) == before


def load_days_of_parquet(url: URL, folder: Path) -> None:
    """Load a day that has intervals already, which gets a second look, and one that has none."""
    write_portfolio(folder, FIRST)
    duckdb.sql(
        "select 'A' as agreement_id, timestamptz '2015-01-02 00:00:00+00' + i * interval 15 minute"
        " as interval_start, 15 as interval_minutes, cast(3 as double) as kwh from range(192) t(i)"
    ).write_parquet(str(folder / "interval_reads.parquet"))
    (loaded,) = (one for one in load_folder(url, folder).files if one.file[:8] == "interval")
    assert (loaded.rows_loaded, loaded.rows_replaced) == (192, 2)


def test_added_interval_reads_leave_their_days_with_a_digit_a_quarter(tmp_path):
    url = make_database(tmp_path)
    load(url, tmp_path / "first", FIRST | {"interval_reads": [NOON]})
    load(url, tmp_path / "second", FIRST | {"interval_reads": [NOON, *MORE]})
    kept = select(url, "select row_key, row_data from portfolio.replaced_row order by row_key")
    # 12:15 is the fiftieth quarter of its day.
    assert [tuple(row.values()) for row in kept] == [
        ('["A","2015-01-01"]', f'"1{93 * "0"}10"'),
        ('["A","2015-01-02"]', f'"{49 * "0"}1{46 * "0"}"'),
    ]


@pytest.mark.long
def test_rows_that_are_new_leave_their_key_but_not_those_of_the_first_load(twice):
    kept = select(
        twice,
        "select load_id, row_key from portfolio.replaced_row where row_data = 'null'"
        " and file = 'meter_reads' order by row_key",
    )
    assert [(row["load_id"], row["row_key"]) for row in kept] == [
        (2, '["B","2015-02"]'),
        (2, '["C","2015-02"]'),
    ]


def test_earlier_run_comes_out_the_same_after_corrections_and_new_agreements(ratebook, rated_twice):
    # The read of A in February was corrected: its bill of run 1 lies in the history only.
    (old,) = select(rated_twice, "select * from rating.bill_history where what = 'changed'")
    assert (old["agreement_id"], f"{old['billing_month']:%Y-%m}", old["run_id"]) == (
        "A", "2015-02", 1,
    )  # fmt: skip
    said = ratebook("reproduce", 1, "--database", rated_twice, "--json")
    found = json.loads(said.out)
    (run,) = select(rated_twice, "select * from rating.rating_run where run_id = 1")
    assert (said.code, found["bills"], found["loads_undone"], found["differing"]) == (0, 3, 1, [])
    assert found["portfolio_hash"] == run["portfolio_hash"] != hash_of(rated_twice)
    assert found["lines"] > 0


@pytest.mark.long
def test_bill_that_was_tampered_with_is_named(ratebook, twice):
    execute(
        twice,
        "update rating.bill_history set net_amount = net_amount + 1 where agreement_id = 'A'",
        "update rating.bill_line_item set price = price + 1"
        " where agreement_id = 'A' and billing_month = '2015-01-01'",
    )
    said = ratebook("reproduce", 1, "--database", twice)
    assert said.code == 1
    rows = [line.split() for line in said.out.splitlines() if line.startswith(" A ")]
    assert [(row[1], row[-1]) for row in rows] == [
        ("2015-01", "bill_line_item"),
        ("2015-02", "bill"),
    ]
    assert "2 differ" in said.out


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("update rating.rating_run set run_id = 7 where run_id = 1", "there is no run 1; "),
        ("update rating.rating_run set status = 'failed'", "run 1 was not published; "),
        ("update rating.rating_run set bills = 0, unbilled = reads", "run 1 has no bills"),
        ("update rating.rating_run set load_id = null", "a portfolio that no load has brought"),
        ("update rating.rating_run set code_version = '0.0'", "was rated by Ratebook 0.0 and"),
        ("update rating.rating_run set tariff_hash = 'f00'", r"rated other tariffs \(f00\) than"),
        ("delete from portfolio.replaced_row where row_data = 'null'", "by an earlier release"),
    ],
)
def test_run_that_cannot_be_had_again_is_refused(twice, monkeypatch, statement, sentence):
    monkeypatch.setattr(module, "rate", lambda *_, **__: pytest.fail("it was rated"))
    execute(twice, statement)
    with pytest.raises(RatebookError, match=sentence):
        reproduce(twice, 1)


def test_run_before_repeated_interval_reads_is_refused(twice, tmp_path):
    files = {**SECOND, "interval_reads": [NOON, NOON]}
    assert load_folder(twice, write_portfolio(tmp_path / "third", files)).rows_rejected == 2
    with pytest.raises(RatebookError, match="a later load had interval reads several times"):
        reproduce(twice, 1)


@pytest.mark.long
def test_changed_run_that_left_all_it_rated_unbilled_is_made_again_with_the_other_bills(
    twice, tmp_path
):
    load(twice, tmp_path / "blank", BLANK)
    report = rate(twice, changed_only=True)
    assert (report.bills, report.unbilled) == (0, 1), report.message
    found = reproduce(twice, report.run_id)
    assert (found.bills, found.differing) == (4, [])
