"""The files of a portfolio folder: how they may be written, and which refuse the load."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from portfolio_folders import (  # noqa: F401 - fixtures among them
    AGREEMENTS,
    ONE_AGREEMENT,
    ONE_READ,
    READS,
    counts,
    database_without_portfolio,
    folder_of_one_read,
    refusal,
    rejected,
    rows,
    url_of_its_own,
    write,
    write_parquet,
)
from sqlalchemy import Numeric, make_url
from sqlalchemy.engine import URL

from models.base import Base
from models.portfolio import NOT_OF_READS
from rating.errors import RatebookError
from rating.portfolio import files as portfolio_files
from rating.portfolio.csv_file import csv_shape, read_csv
from rating.portfolio.load import load_folder

# How a file may be written


def test_a_byte_order_mark_and_windows_line_ends_are_no_matter(url: URL, folder: Path) -> None:
    write(folder, meter_reads=b"\xef\xbb\xbf" + ONE_READ.replace("\n", "\r\n").encode())
    assert counts(load_folder(url, folder))["meter_reads.csv"] == (1, 1, 0, 0)


def test_a_quoted_value_may_hold_line_ends_commas_and_quotes(url: URL, folder: Path) -> None:
    write(
        folder,
        service_agreements="agreement_id,start_date,utility,schedule,note\n"
        'A1,2014-01-01,ipl-mo,RS-3,"one, ""two""\nthree"\n',
    )
    load_folder(url, folder)
    assert rows(url, "select value from portfolio.service_agreement_attribute") == [
        ('one, "two"\nthree',)
    ]


def test_mixed_line_ends_lose_no_character(url: URL, folder: Path) -> None:
    # DuckDB's own parser drops the character after a carriage return that stands alone.
    write(
        folder,
        meter_reads=READS.replace("\n", "\r\n")
        + "A1,2015-01,2015-01-01,2015-02-01,11\rA1,2015-02,2015-02-01,2015-03-01,22\n"
        + "A1,2015-03,2015-03-01,2015-04-01,33\r\n",
    )
    load_folder(url, folder)
    assert rows(url, "select kwh from portfolio.meter_read order by billing_month") == [
        (Decimal(11),),
        (Decimal(22),),
        (Decimal(33),),
    ]


def test_a_blank_line_is_no_row_and_is_not_counted(url: URL, folder: Path) -> None:
    write(folder, meter_reads=READS + "\nA9,2015-01,2015-01-01,2015-02-01,1\n\n")
    load_folder(url, folder)
    assert [(file, number) for file, number, _ in rejected(url)] == [("meter_reads.csv", 1)]


def test_a_header_alone_is_a_file_of_no_rows(url: URL, folder: Path) -> None:
    write(folder, service_agreements=AGREEMENTS, meter_reads=READS.rstrip("\n"))
    assert counts(load_folder(url, folder)) == {
        "service_agreements.csv": (0, 0, 0, 0),
        "meter_reads.csv": (0, 0, 0, 0),
    }


def test_a_folder_name_with_wildcards_and_quotes_is_read(url: URL, folder: Path) -> None:
    odd = folder.rename(folder.parent / "o'clock [1]* year=2015")
    assert counts(load_folder(url, odd))["meter_reads.csv"] == (1, 1, 0, 0)


def test_parquet_is_read_whatever_the_types_of_its_columns(url: URL, folder: Path) -> None:
    write_parquet(
        folder,
        "service_agreements",
        "select 'A1' as agreement_id, timestamp '2014-01-01' as start_date, 'ipl-mo' as utility,"
        " 'RS-3' as schedule, true as space_heating, 12 as dwellings,"
        " 10.5::decimal(9, 2) as extra_facilities_investment",
    )
    write_parquet(
        folder,
        "meter_reads",
        "select 'A1' as agreement_id, date '2015-01-01' as billing_month,"
        " date '2015-01-01' as read_from, timestamptz '2015-02-01 00:00:00+00' as read_to,"
        " 0.1::double as kwh, 7::bigint as kw, 0.84::float as power_factor, 2.5::double as kvar",
    )
    report = load_folder(url, folder)
    assert report.rows_rejected == 0
    assert rows(
        url,
        "select start_date, space_heating, extra_facilities_investment"
        " from portfolio.service_agreement",
    ) == [(date(2014, 1, 1), True, Decimal("10.50"))]
    assert rows(
        url, "select billing_month, read_to, kwh, kw, power_factor from portfolio.meter_read"
    ) == [(date(2015, 1, 1), date(2015, 2, 1), Decimal("0.1"), Decimal(7), Decimal("0.84"))]
    assert rows(url, "select quantity from portfolio.meter_read_quantity") == [(Decimal("2.5"),)]
    assert rows(url, "select value from portfolio.service_agreement_attribute") == [("12",)]


def test_parquet_texts_are_read_as_those_of_a_csv_file(url: URL, folder: Path) -> None:
    (folder / "meter_reads.csv").rename(folder / "other.csv")
    write_parquet(
        folder,
        "meter_reads",
        f"select * from read_csv('{folder / 'other.csv'}', all_varchar = true)",
    )
    assert counts(load_folder(url, folder))["meter_reads.parquet"] == (1, 1, 0, 0)


def test_parquet_values_that_are_no_date_month_or_number_are_rejected(
    url: URL, folder: Path
) -> None:
    write_parquet(
        folder,
        "meter_reads",
        "select 'A1' as agreement_id, date '2015-01-15' as billing_month,"
        " timestamp '2015-01-01 06:00:00' as read_from, date '2015-02-01' as read_to,"
        " 'nan'::double as kwh, 'inf'::double as kw",
    )
    load_folder(url, folder)
    assert rejected(url) == [
        (
            "meter_reads.parquet",
            1,
            "billing_month '2015-01-15' is not a month: write YYYY-MM;"
            " read_from '2015-01-01 06:00:00' is not a date: write YYYY-MM-DD;"
            " kwh 'nan' is not a number: write digits with a decimal point;"
            " kw 'inf' is not a number: write digits with a decimal point",
        )
    ]


# What is refused as a whole


def test_everything_wrong_with_a_folder_is_told_at_once(url: URL, folder: Path) -> None:
    (folder / "meter_reads.csv").unlink()
    write(
        folder,
        service_agreements="agreement_id,start_date\nA1,2014-01-01\n",
        lighting_hours="utility,hours,hours\nipl-mo,1,1\n",
    )
    assert refusal(url, folder) == [
        f"meter_reads.csv is missing in {folder}; add it",
        "service_agreements.csv lacks the columns utility, schedule; add them"
        " (comma-separated, lower case; found: agreement_id, start_date)",
        "lighting_hours.csv has 2 columns named hours; keep one",
        "lighting_hours.csv lacks the column billing_month; add it"
        " (comma-separated, lower case; found: utility, hours, hours)",
    ]


def test_a_read_has_no_column_of_what_comes_from_elsewhere(url: URL, folder: Path) -> None:
    # Each of them would be a second value of what a tariff names so.
    (header, row) = ONE_READ.splitlines()
    numbers = {
        column.name
        for column in Base.metadata.tables["portfolio.service_agreement"].columns
        if isinstance(column.type, Numeric)
    }
    assert {name for name, at in NOT_OF_READS.items() if at == "service_agreements"} == numbers
    assert not {*NOT_OF_READS} & {*Base.metadata.tables["portfolio.meter_read"].columns.keys()}
    write(folder, meter_reads=f"{header},days,kvar,backup_firm_kw\n{row},31,1,2\n")
    assert refusal(url, folder) == [
        "meter_reads.csv has a column days, which Ratebook takes from read_from and read_to;"
        " name it otherwise or leave it out",
        "meter_reads.csv has a column backup_firm_kw, which Ratebook takes from"
        " service_agreements; name it otherwise or leave it out",
    ]


def test_a_refused_folder_leaves_what_was_loaded(url: URL, folder: Path) -> None:
    load_folder(url, folder)
    write(folder, meter_reads="agreement_id\nA1\n")
    refusal(url, folder)
    assert rows(url, "select count(*) from portfolio.load") == [(1,)]
    assert rows(url, "select kwh from portfolio.meter_read") == [(Decimal(949),)]


def test_a_relation_as_csv_and_parquet_is_refused(url: URL, folder: Path) -> None:
    (folder / "meter_reads.parquet").write_bytes(b"")
    assert refusal(url, folder) == [
        "meter_reads.csv and meter_reads.parquet are both there; remove one"
    ]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\r\n"])
def test_an_empty_file_is_refused(url: URL, folder: Path, content: bytes) -> None:
    write(folder, meter_reads=content)
    assert refusal(url, folder) == ["meter_reads.csv is empty; it needs at least a header row"]


def test_a_column_without_a_name_is_refused(url: URL, folder: Path) -> None:
    write(
        folder, meter_reads=READS.replace("kwh", "kwh, ") + "A1,2015-01,2015-01-01,2015-02-01,1,\n"
    )
    assert refusal(url, folder) == ["meter_reads.csv has no name for column 6; name or remove it"]


def test_a_file_that_is_not_utf8_is_refused_with_its_line(url: URL, folder: Path) -> None:
    write(folder, service_agreements=ONE_AGREEMENT.encode() + "é,x\n".encode("latin-1"))
    assert refusal(url, folder) == ["service_agreements.csv line 3 is not UTF-8; save it as UTF-8"]


def test_a_utf16_file_is_refused(url: URL, folder: Path) -> None:
    write(folder, meter_reads=ONE_READ.encode("utf-16"))
    assert refusal(url, folder) == ["meter_reads.csv is not UTF-8 text; save it as CSV in UTF-8"]


def test_a_quote_that_is_never_closed_is_refused_and_no_row_is_lost(url: URL, folder: Path) -> None:
    write(
        folder, meter_reads=READS + '"A1,2015-01,2015-01-01,2015-02-01,1\n' + "A1,2015-02,x,y,2\n"
    )
    assert refusal(url, folder) == [
        "meter_reads.csv line 3 cannot be read as CSV: unexpected end of data;"
        " check the quotes there"
    ]


def test_text_after_a_closing_quote_is_refused_with_its_line(url: URL, folder: Path) -> None:
    write(folder, meter_reads=READS + '"A1"x,2015-01,2015-01-01,2015-02-01,1\n')
    assert refusal(url, folder) == [
        "meter_reads.csv line 2 cannot be read as CSV: ',' expected after '\"';"
        " check the quotes there"
    ]


@pytest.mark.parametrize("miscounted", [{"widths": {5: 2}}, {"characters": 36}])
def test_a_file_that_two_parsers_read_differently_is_refused(
    folder: Path, miscounted: dict[str, Any]
) -> None:
    # A1 2015-01 2015-01-01 2015-02-01 949 are 32 characters in one row of five fields.
    file = folder / "meter_reads.csv"
    shape = csv_shape(file)
    assert (shape.widths, shape.characters) == ({5: 1}, 32)
    with pytest.raises(
        RatebookError, match=r"meter_reads\.csv cannot be read as CSV without doubt"
    ):
        read_csv(duckdb.connect(), file, replace(shape, **miscounted), "raw")


def test_a_file_that_is_no_parquet_is_refused(url: URL, folder: Path) -> None:
    (folder / "meter_reads.csv").unlink()
    (folder / "meter_reads.parquet").write_bytes(b"agreement_id,billing_month\n" * 10)
    (message,) = refusal(url, folder)
    assert message.startswith("meter_reads.parquet cannot be read: ")
    assert message.endswith("; mend or replace it")


def test_a_parquet_file_with_a_column_twice_is_refused(url: URL, folder: Path) -> None:
    (folder / "meter_reads.csv").unlink()
    parquet = folder / "meter_reads.parquet"
    write_parquet(
        folder,
        "meter_reads",
        "select 'A1' as agreement_id, '2015-01' as billing_month, '2015-01-01' as read_from,"
        " '2015-02-01' as read_to, 1 as kwh, 2 as kwx",
    )
    parquet.write_bytes(parquet.read_bytes().replace(b"kwx", b"kwh"))
    assert refusal(url, folder) == ["meter_reads.parquet has 2 columns named kwh; keep one"]


def test_a_folder_where_a_file_belongs_is_refused(url: URL, folder: Path) -> None:
    (folder / "lighting_hours.csv").mkdir()
    assert refusal(url, folder) == ["lighting_hours.csv is not a file; replace it by one"]


def test_a_folder_that_does_not_exist_is_refused(url: URL, tmp_path: Path) -> None:
    assert refusal(url, tmp_path / "nowhere") == [
        f"{tmp_path / 'nowhere'} does not exist; name a portfolio folder"
    ]


def test_a_file_in_place_of_the_folder_is_refused(url: URL, folder: Path) -> None:
    file = folder / "meter_reads.csv"
    assert refusal(url, file) == [f"{file} is not a folder; name a portfolio folder"]


def test_a_file_that_changes_while_it_is_read_is_refused(
    url: URL, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_and_touch(connection: Any, path: Path, *rest: Any) -> None:
        read_csv(connection, path, *rest)
        if path.name == "meter_reads.csv":
            os.utime(path, ns=(0, 0))

    monkeypatch.setattr(portfolio_files, "read_csv", read_and_touch)
    assert refusal(url, folder) == ["meter_reads.csv changed while it was read; load it again"]


def cut(path: Path) -> None:
    """Leaves the first half of a file."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("harm", [cut, Path.unlink])
@pytest.mark.parametrize("step", ["csv_shape", "read_csv"])
def test_a_file_cut_or_removed_while_it_is_read_is_refused_as_changed(
    url: URL, folder: Path, monkeypatch: pytest.MonkeyPatch, step: str, harm: Callable[[Path], None]
) -> None:
    whole = getattr(portfolio_files, step)

    def harm_and_read(*given: Any) -> Any:
        path = next(one for one in given if isinstance(one, Path))
        if path.name == "meter_reads.csv":
            harm(path)
        return whole(*given)

    write(folder, meter_reads=READS + "A1,2015-01,2015-01-01,2015-02-01,949\n" * 2)
    monkeypatch.setattr(portfolio_files, step, harm_and_read)
    assert refusal(url, folder) == ["meter_reads.csv changed while it was read; load it again"]


def test_a_database_without_tables_is_refused(tmp_path: Path, folder: Path) -> None:
    duckdb.connect(str(tmp_path / "bare.duckdb")).close()
    (message,) = refusal(make_url(f"duckdb:///{tmp_path / 'bare.duckdb'}"), folder)
    assert "run `ratebook init` first" in message


def test_a_failure_in_the_middle_of_a_load_leaves_what_was_loaded(
    url: URL, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_folder(url, folder)
    with duckdb.connect(url.database or "") as connection:
        connection.execute("drop table portfolio.lighting_hours")
    write(
        folder,
        meter_reads=READS + "A1,2015-01,2015-01-01,2015-02-01,1\n",
        lighting_hours="utility,billing_month,hours\nipl-mo,2015-01,430\n",
    )
    refusal(url, folder)
    assert rows(url, "select kwh from portfolio.meter_read") == [(Decimal(949),)]
    assert rows(url, "select count(*) from portfolio.replaced_row") == [(0,)]
