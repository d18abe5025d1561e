"""Interval reads loaded from CSV and Parquet: what is taken, rejected, corrected and reported."""

import datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from helpers import agreement, make_database, read, select, write_portfolio
from sqlalchemy.engine import URL

from rating.errors import RatebookError
from rating.portfolio.load import LoadReport, load_folder
from rating.store.urls import database_file

HEADER = "agreement_id,interval_start,interval_minutes,kwh,kwh_received\n"
BASE = {
    "service_agreements": [agreement("A", "RS-3"), agreement("B", "RS-3")],
    "meter_reads": [read("A", "2025-07", kwh="")],
}
NOON = datetime.datetime.fromisoformat("2025-07-01T12:00")
BLANK = "it counts as blank"
PARQUET = (
    "select 'A' as agreement_id, timestamptz '2025-07-01 12:00:00+00' as interval_start,"
    " 15 as interval_minutes, 1.5 as kwh"
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with tariffs, to be copied."""
    return database_file(make_database(tmp_path_factory.mktemp("empty")))


@pytest.fixture
def url(tmp_path: Path, empty: Path) -> URL:
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(empty.read_bytes())
    return URL.create("duckdb", database=str(copy))


def load(url: URL, folder: Path, text: str, **options: bool) -> LoadReport:
    """Load a folder whose interval_reads are CSV."""
    write_portfolio(folder, BASE)
    (folder / "interval_reads.csv").write_text(text)
    return load_folder(url, folder, **options)


def load_parquet(url: URL, folder: Path, query: str, **options: bool) -> LoadReport:
    """Load a folder whose interval_reads are a Parquet file of a query."""
    write_portfolio(folder, BASE)
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'Asia/Tokyo'")
        file = folder / "interval_reads.parquet"
        connection.execute(f"copy ({query}) to '{file}' (format parquet)")
    return load_folder(url, folder, **options)


def loaded(url: URL) -> list[tuple[object, ...]]:
    rows = select(url, "select * from portfolio.interval_read order by all")
    return [tuple(row.values()) for row in rows]


def reasons(url: URL) -> list[tuple[int, str]]:
    rows = select(url, "select * from rating.rejected_row order by load_id, source_row_number")
    return [(row["source_row_number"], row["reason"]) for row in rows]


def duplicates(url: URL) -> list[tuple[object, ...]]:
    rows = select(url, "select * from portfolio.interval_duplicate order by all")
    return [tuple(row.values()) for row in rows]


@pytest.mark.parametrize(
    "text",
    [
        "2025-07-01T12:00:00Z",
        "2025-07-01T07:00:00-05:00",
        "2025-07-01 07:00-05",
        "2025-07-01T17:30:00.000+0530",
    ],
)
def test_instant_is_read_with_its_offset(url, tmp_path, text):
    load(url, tmp_path / "p", f"{HEADER}A,{text},15,1.5,\n")
    assert loaded(url) == [("A", NOON, 15, Decimal("1.5"), None)]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (
            "A,2025-07-01T12:00:00,15,1,",
            "interval_start '2025-07-01T12:00:00' is not an instant: write it with its offset, as"
            " 2025-07-01T13:15:00-05:00",
        ),
        (
            "A,2025-07-01T12:07:30Z,15,1,",
            "interval_start is no quarter of an hour: correct it",
        ),
        (
            "A,0001-01-01T12:00:00Z,15,1,",
            "interval_start lies outside the years 2000 to 2100: correct it",
        ),
        ("A,,15,1,", "interval_start is blank: fill it in"),
        ("A,2025-07-01T12:00:00Z,,1,", "interval_minutes is blank: fill it in"),
        (
            "A,2025-07-01T12:00:00Z,10,1,",
            "interval_minutes '10' is not 15, 30 or 60: give intervals of such a length",
        ),
        ("A,2025-07-01T12:00:00Z,15,-1,", "kwh -1 is negative: correct it"),
        ("A,2025-07-01T12:00:00Z,15,1,-2", "kwh_received -2 is negative: correct it"),
        (
            "A,2025-07-01T12:00:00Z,15,NaN,",
            "kwh 'NaN' is not a number: write digits with a decimal point",
        ),
        (
            "A,2025-07-01T12:00:00Z,15,123456789,",
            "kwh 123456789 is more than an interval can have: correct it",
        ),
        (
            "A,2025-07-01T12:00:00Z,15,0.1234567,",
            "kwh '0.1234567' is too long to be exact: write at most 12 digits before and 6 after"
            " the decimal point",
        ),
        (
            "C,2025-07-01T12:00:00Z,15,1,",
            "agreement_id 'C' is unknown: add it to service_agreements",
        ),
    ],
)
def test_row_that_cannot_be_used_is_rejected_and_the_rest_loads(url, tmp_path, row, reason):
    good = "A,2025-07-01T13:00:00Z,15,1,\n"
    report = load(url, tmp_path / "p", f"{HEADER}{good}{row}\n")
    assert reasons(url) == [(2, reason)]
    assert len(loaded(url)) == 1
    assert (report.files[-1].rows_read, report.files[-1].rows_loaded) == (2, 1)


def test_repeated_intervals_are_all_rejected_and_noted_until_a_load_has_one(url, tmp_path):
    row = "A,2025-07-01T12:00:00Z,15,{},\n"
    load(url, tmp_path / "p", HEADER + row.format(1) + row.format(2))
    assert [reason for _, reason in reasons(url)] == [
        "rows 1, 2 have the same agreement_id, interval_start: keep one of them"
    ] * 2
    assert loaded(url) == []
    assert duplicates(url) == [("A", NOON)]
    load(url, tmp_path / "p", HEADER + row.format(2))
    assert len(loaded(url)) == 1
    assert duplicates(url) == []


def test_an_interval_that_is_repeated_or_no_longer_changes_its_month(url, tmp_path):
    once = HEADER + "A,2025-07-01T12:00:00Z,15,1,\n"
    twice = once + "A,2025-07-01T12:00:00Z,15,1,\n"
    for text in (once, twice, twice, once, once):
        load(url, tmp_path / "p", text)
    changes = select(
        url,
        "select load_id, subject, first_month from portfolio.change"
        " where file = 'interval_reads' order by load_id",
    )
    july = datetime.date(2025, 7, 1)
    assert [tuple(row.values()) for row in changes] == [(n, "A", july) for n in (1, 2, 4)]


def test_later_load_corrects_by_key_and_keeps_what_it_replaced(url, tmp_path):
    row = "A,2025-07-01T12:00:00Z,15,{},\n"
    load(url, tmp_path / "p", HEADER + row.format(1))
    report = load(url, tmp_path / "p", HEADER + row.format(2))
    assert report.files[-1].rows_replaced == 1
    assert loaded(url) == [("A", NOON, 15, 2, None)]
    (old,) = select(url, "select * from portfolio.replaced_row where file = 'interval_reads'")
    # As a portfolio file has it, so that it can be loaded back.
    assert old["row_key"] == '["A","2025-07-01T12:00:00Z"]'


def test_parquet_without_a_time_zone_is_utc_whatever_the_session_says(url, tmp_path):
    query = PARQUET.replace("timestamptz '2025-07-01 12:00:00+00'", "timestamp '2025-07-01 12:00'")
    load_parquet(url, tmp_path / "p", query)
    assert loaded(url) == [("A", NOON, 15, Decimal("1.5"), None)]


@pytest.mark.parametrize("type_", ["double", "float", "decimal(9, 2)", "decimal(30, 8)", "varchar"])
def test_parquet_of_any_type_of_number_is_exact(url, tmp_path, type_):
    query = f"select * replace (cast('0.1' as {type_}) as kwh) from ({PARQUET})"
    load_parquet(url, tmp_path / "p", query)
    assert loaded(url) == [("A", NOON, 15, Decimal("0.1"), None)]


def day_of(agreement_id: str, day: str, kwh: str = "1") -> str:
    """A query of 96 intervals of a day of UTC."""
    return (
        f"select '{agreement_id}' as agreement_id, timestamptz '{day} 00:00:00+00' + i * interval"
        f" 15 minute as interval_start, 15 as interval_minutes, cast({kwh} as double) as kwh"
        " from range(96) as quarter(i)"
    )


def test_days_of_a_parquet_file_that_need_a_second_look_get_one_and_the_others_go_in(url, tmp_path):
    query = " union all ".join(
        [
            day_of("A", "2025-07-01"),
            day_of("A", "2025-07-02", "if(i = 5, -1, 1)"),
            day_of("B", "2025-07-01"),
            day_of("C", "2025-07-01"),  # unknown
            f"({day_of('B', '2025-07-02')})",
            f"({day_of('B', '2025-07-02')} limit 1)",  # twice
            f"select * replace (null as interval_start) from ({day_of('A', '2025-07-03')} limit 1)",
            f"select * replace (' A' as agreement_id) from ({day_of('A', '2025-07-04')} limit 1)",
        ]
    )
    report = load_parquet(url, tmp_path / "p", query)
    # 5 days × 96 rows, and three rows more; rejected: one negative, C's 96, two alike, one blank.
    found = report.files[-1]
    assert (found.rows_read, found.rows_rejected) == (5 * 96 + 3, 1 + 96 + 2 + 1)
    assert found.rows_loaded == found.rows_read - found.rows_rejected == len(loaded(url))
    assert reasons(url)[0] == (96 + 6, "kwh -1.0 is negative: correct it")
    assert duplicates(url) == [("B", datetime.datetime.fromisoformat("2025-07-02"))]
    # The agreement with a blank before its name is A, as in any other file.
    assert ("A", datetime.datetime.fromisoformat("2025-07-04"), 15, 1, None) in loaded(url)


def test_parquet_loaded_again_is_left_as_it_is_and_a_changed_day_is_corrected(url, tmp_path):
    both = f"{day_of('A', '2025-07-01')} union all {day_of('A', '2025-07-02')}"
    load_parquet(url, tmp_path / "p", both)
    again = load_parquet(url, tmp_path / "p", both).files[-1]
    assert (again.rows_loaded, again.rows_replaced) == (192, 0)
    changed = (
        f"{day_of('A', '2025-07-01')} union all {day_of('A', '2025-07-02', 'if(i = 5, 2, 1)')}"
    )
    third = load_parquet(url, tmp_path / "p", changed).files[-1]
    assert (third.rows_loaded, third.rows_replaced) == (192, 1)
    assert len(loaded(url)) == 192
    assert sum(row[3] for row in loaded(url)) == 193


def test_repeated_intervals_are_forgotten_where_a_parquet_file_has_them_once(url, tmp_path):
    day = day_of("A", "2025-07-01")
    load_parquet(url, tmp_path / "p", f"{day} union all {day}")
    assert len(duplicates(url)) == 96
    load_parquet(url, tmp_path / "p", day)
    assert len(loaded(url)) == 96
    assert duplicates(url) == []


def test_replace_empties_interval_reads_into_the_history(url, tmp_path):
    row = "A,2025-07-01T12:00:00Z,15,1,\n"
    load(url, tmp_path / "p", HEADER + row + row.replace("15,1", "15,2"))
    load(url, tmp_path / "p", HEADER + row)
    load(url, tmp_path / "p", HEADER, replace=True)
    assert loaded(url) == []
    assert duplicates(url) == []
    kept = "select * from portfolio.replaced_row where file = 'interval_reads' and load_id = 3"
    assert len(select(url, kept)) == 1


@pytest.mark.parametrize("missing", ["agreement_id", "interval_start"])
def test_file_that_lacks_a_column_of_the_key_is_refused(url, tmp_path, missing):
    header = ",".join(name for name in HEADER.strip().split(",") if name != missing)
    with pytest.raises(RatebookError, match=f"interval_reads.csv lacks the column {missing}"):
        load(url, tmp_path / "p", header + "\n")


def test_rows_of_a_file_without_the_length_of_intervals_are_rejected(url, tmp_path):
    text = "agreement_id,interval_start,kwh\nA,2025-07-01T12:00:00Z,1\n"
    report = load(url, tmp_path / "p", text)
    assert report.notes == ["interval_reads.csv: there is no column interval_minutes; " + BLANK]
    assert reasons(url) == [(1, "interval_minutes is blank: fill it in")]
    day = "select 'A' as agreement_id, timestamp '2025-07-01 12:00' as interval_start, 1 as kwh"
    assert load_parquet(url, tmp_path / "q", day).rows_rejected == 1
    assert loaded(url) == []


def test_intervals_of_a_file_without_kwh_have_none(url, tmp_path):
    text = "agreement_id,interval_start,interval_minutes\nA,2025-07-01T12:00:00Z,15\n"
    report = load(url, tmp_path / "p", text)
    assert report.notes == ["interval_reads.csv: there is no column kwh; " + BLANK]
    assert loaded(url) == [("A", NOON, 15, None, None)]
    start = "timestamp '2025-07-01 13:00' as interval_start, 15 as interval_minutes"
    assert load_parquet(url, tmp_path / "q", f"select 'A' as agreement_id, {start}").notes == [
        "interval_reads.parquet: there is no column kwh; " + BLANK
    ]
    assert len(loaded(url)) == 2


def test_further_column_is_noted(url, tmp_path):
    text = HEADER.replace("kwh_received", "kvarh") + "A,2025-07-01T12:00:00Z,15,1,2\n"
    assert load(url, tmp_path / "p", text).notes == [
        "interval_reads.csv: column kvarh is not loaded"
    ]
