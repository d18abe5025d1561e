"""Loading a portfolio folder: what is loaded, what is rejected and why, what is refused."""

import csv
import json
import os
import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import URL

from models import Base
from rating.errors import RatebookError
from rating.portfolio import csv_file as portfolio_csv
from rating.portfolio import files as portfolio_files
from rating.portfolio.load import LoadReport, load_folder

GOLDEN = Path(__file__).parent / "golden" / "portfolio"

AGREEMENTS = "agreement_id,start_date,end_date,utility,schedule\n"
READS = "agreement_id,billing_month,read_from,read_to,kwh\n"
ONE_AGREEMENT = AGREEMENTS + "A1,2014-01-01,,ipl-mo,RS-3\n"
ONE_READ = READS + "A1,2015-01,2015-01-01,2015-02-01,949\n"


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with two utilities and no portfolio, to be copied."""
    file = tmp_path_factory.mktemp("database") / "empty.duckdb"
    engine = create_engine(f"duckdb:///{file}")
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        for utility in ("ipl-mo", "ilpt-ia"):
            connection.execute(
                text("insert into tariff.utility values (:u, :u, null, 'America/Chicago')"),
                {"u": utility},
            )
    engine.dispose()
    return file


@pytest.fixture
def url(tmp_path: Path, empty_database: Path) -> URL:
    """A database of its own for one test."""
    shutil.copy(empty_database, tmp_path / "ratebook.duckdb")
    return make_url(f"duckdb:///{tmp_path / 'ratebook.duckdb'}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one agreement and one read."""
    made = tmp_path / "portfolio"
    made.mkdir()
    write(made, service_agreements=ONE_AGREEMENT, meter_reads=ONE_READ)
    return made


def write(folder: Path, **files: str | bytes) -> None:
    """Writes CSV files by the names of their relations."""
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / f"{name}.csv").write_bytes(data)


def write_parquet(folder: Path, relation: str, select: str) -> None:
    """Writes a relation as Parquet, in place of its CSV file."""
    (folder / f"{relation}.csv").unlink(missing_ok=True)
    duckdb.connect().execute(f"copy ({select}) to '{folder / relation}.parquet'")


def rows(url: URL, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query on the loaded database."""
    with duckdb.connect(url.database or "") as connection:
        return connection.execute(query).fetchall()


def rejected(url: URL) -> list[tuple[str, int, str]]:
    """The rejected rows: file, row number, reason."""
    return rows(
        url,
        "select file, source_row_number, reason from rating.rejected_row"
        " order by load_id, file, source_row_number",
    )


def refusal(url: URL, folder: Path) -> list[str]:
    """The sentences with which a folder is refused."""
    with pytest.raises(RatebookError) as refused:
        load_folder(url, folder)
    return list(refused.value.messages)


def reject_reasons(url: URL, folder: Path, **files: str) -> list[str]:
    """The reasons of the rejected rows of a folder with these files."""
    write(folder, **files)
    load_folder(url, folder)
    return [reason for _, _, reason in rejected(url)]


def reads_of(*kwh: str) -> str:
    """A file of reads of one agreement, month after month from 2001 on, with these kWh."""
    months = [f"{2001 + i // 12}-{1 + i % 12:02d}" for i in range(len(kwh))]
    lines = [
        f'A1,{month},2015-01-01,2015-02-01,"{value}"\n'
        for month, value in zip(months, kwh, strict=True)
    ]
    return READS + "".join(lines)


def counts(report: LoadReport) -> dict[str, tuple[int, int, int, int]]:
    """By file: rows read, loaded, rejected, replaced."""
    return {
        f.file: (f.rows_read, f.rows_loaded, f.rows_rejected, f.rows_replaced) for f in report.files
    }


# What is loaded


@pytest.mark.skipif(not GOLDEN.exists(), reason="the golden portfolio is not there")
def test_every_row_of_the_golden_portfolio_is_loaded(url: URL) -> None:
    report = load_folder(url, GOLDEN)
    expected = {}
    for path in GOLDEN.glob("*.csv"):
        with path.open(newline="") as file:
            data_rows = sum(1 for _ in csv.reader(file)) - 1
        expected[path.name] = (data_rows, data_rows, 0, 0)
    assert counts(report) == expected


def test_a_read_is_loaded_with_its_month_as_the_first_of_the_month(url: URL, folder: Path) -> None:
    load_folder(url, folder)
    assert rows(url, "select billing_month, read_from, read_to, kwh from portfolio.meter_read") == [
        (date(2015, 1, 1), date(2015, 1, 1), date(2015, 2, 1), Decimal("949.000000"))
    ]


def test_columns_are_found_by_name_in_any_order_with_blanks_around_them(
    url: URL, folder: Path
) -> None:
    write(
        folder,
        meter_reads=" kwh ,read_to,read_from, billing_month,agreement_id\n"
        "5,2015-02-01,2015-01-01,2015-01,A1\n",
    )
    load_folder(url, folder)
    assert rows(url, "select agreement_id, kwh from portfolio.meter_read") == [("A1", Decimal(5))]


def test_an_absent_column_is_blank(url: URL, folder: Path) -> None:
    load_folder(url, folder)
    assert rows(
        url,
        "select end_date, account_id, space_heating, extra_facilities_investment"
        " from portfolio.service_agreement",
    ) == [(None, None, False, None)]


def test_a_value_is_trimmed_and_white_space_alone_is_blank(url: URL, folder: Path) -> None:
    write(
        folder,
        service_agreements="agreement_id,start_date,utility,schedule,account_id,voltage\n"
        "  A1\t, 2014-01-01 ,ipl-mo,RS-3,\u00a0 C 1\u3000,  \t \n",
    )
    load_folder(url, folder)
    assert rows(
        url, "select agreement_id, account_id, voltage from portfolio.service_agreement"
    ) == [("A1", "C 1", None)]


def test_a_boolean_is_true_or_false_in_any_case_and_blank_is_false(url: URL, folder: Path) -> None:
    write(
        folder,
        service_agreements="agreement_id,start_date,utility,schedule,space_heating\n"
        "A1,2014-01-01,ipl-mo,RS-3,true\nA2,2014-01-01,ipl-mo,RS-3,TRUE\n"
        "A3,2014-01-01,ipl-mo,RS-3,False\nA4,2014-01-01,ipl-mo,RS-3,\n",
    )
    load_folder(url, folder)
    assert rows(
        url, "select space_heating from portfolio.service_agreement order by agreement_id"
    ) == [(True,), (True,), (False,), (False,)]


EXACT_NUMBERS = {
    "0": "0",
    "+12.5": "12.5",
    "007.50": "7.5",
    ".5": "0.5",
    "5.": "5",
    "1e3": "1000",
    "1.25E-4": "0.000125",
    "123456789.123456": "123456789.123456",
    "0.12345600000": "0.123456",
    "000000000000000001.5": "1.5",
    "123456789000000e-6": "123456789",
    "0e99": "0",
}


def test_a_number_that_fits_is_loaded_exactly(url: URL, folder: Path) -> None:
    write(folder, meter_reads=reads_of(*EXACT_NUMBERS))
    load_folder(url, folder)
    assert rows(url, "select kwh from portfolio.meter_read order by billing_month") == [
        (Decimal(loaded),) for loaded in EXACT_NUMBERS.values()
    ]


def test_a_blank_kwh_is_unknown(url: URL, folder: Path) -> None:
    write(folder, meter_reads=READS + "A1,2015-01,2015-01-01,2015-02-01,\n")
    load_folder(url, folder)
    assert rows(url, "select kwh from portfolio.meter_read") == [(None,)]


def test_further_columns_of_an_agreement_are_attributes_where_not_blank(
    url: URL, folder: Path
) -> None:
    write(
        folder,
        service_agreements="agreement_id,start_date,utility,schedule,area,dwellings\n"
        "A1,2014-01-01,ipl-mo,RS-3,north,\nA2,2014-01-01,ipl-mo,RS-3,,12\n",
    )
    load_folder(url, folder)
    assert rows(url, "from portfolio.service_agreement_attribute order by all") == [
        ("A1", date(2014, 1, 1), "area", "north"),
        ("A2", date(2014, 1, 1), "dwellings", "12"),
    ]


def test_further_numeric_columns_of_a_read_are_determinants(url: URL, folder: Path) -> None:
    write(
        folder,
        meter_reads="agreement_id,billing_month,read_from,read_to,kwh,kvar,kw_coincident\n"
        "A1,2015-01,2015-01-01,2015-02-01,1,-25e-1,7\nA1,2015-02,2015-02-01,2015-03-01,1,,8\n",
    )
    load_folder(url, folder)
    assert rows(url, "from portfolio.meter_read_quantity order by all") == [
        ("A1", date(2015, 1, 1), "kvar", Decimal("-2.5")),
        ("A1", date(2015, 1, 1), "kw_coincident", Decimal(7)),
        ("A1", date(2015, 2, 1), "kw_coincident", Decimal(8)),
    ]


def test_a_column_name_is_data_and_never_sql(url: URL, folder: Path) -> None:
    name = "x'); drop table portfolio.load; --"
    write(
        folder,
        service_agreements=f'agreement_id,start_date,utility,schedule,"{name}"\n'
        "A1,2014-01-01,ipl-mo,RS-3,yes\n",
    )
    load_folder(url, folder)
    assert rows(url, "select attribute, value from portfolio.service_agreement_attribute") == [
        (name, "yes")
    ]


def test_blank_input_watts_are_zero(url: URL, folder: Path) -> None:
    write(folder, unit_inventory="agreement_id,unit_code,start_date\nA1,A-400,2014-01-01\n")
    load_folder(url, folder)
    assert rows(url, "select input_watts, quantity from portfolio.unit_inventory") == [
        (Decimal(0), None)
    ]


def test_every_relation_is_loaded_into_its_table(url: URL, folder: Path) -> None:
    write(
        folder,
        rider_enrollments="agreement_id,rider,start_date,option,quantity\nA1,GP,2014-01-01,A,3\n",
        unit_inventory="agreement_id,unit_code,input_watts,start_date\nA1,E,100,2014-01-01\n",
        rider_cost_inputs="utility,rider,billing_month,variable,value\nipl-mo,FA-1,2015-01,x,-1.5\n",
        lighting_hours="utility,billing_month,hours\nipl-mo,2015-01,430\n",
        billed_amounts="agreement_id,billing_month,billed_net_amount,credit_amount\n"
        "A1,2015-01,12.34,-0.50\n",
    )
    report = load_folder(url, folder)
    assert [file.file for file in report.files] == [
        "service_agreements.csv",
        "meter_reads.csv",
        "rider_enrollments.csv",
        "unit_inventory.csv",
        "rider_cost_inputs.csv",
        "lighting_hours.csv",
        "billed_amounts.csv",
    ]
    for query, expected in (
        ("select rider, option, quantity from portfolio.rider_enrollment", ("GP", "A", Decimal(3))),
        ("select unit_code, input_watts from portfolio.unit_inventory", ("E", Decimal(100))),
        ("select rider, value from portfolio.rider_cost_input", ("FA-1", Decimal("-1.5"))),
        ("select hours from portfolio.lighting_hours", (Decimal(430),)),
        (
            "select billed_net_amount, credit_amount from portfolio.billed_amount",
            (Decimal("12.34"), Decimal("-0.50")),
        ),
    ):
        assert rows(url, query) == [expected]


def test_an_unknown_schedule_rider_or_unit_code_is_no_reason_to_reject(
    url: URL, folder: Path
) -> None:
    write(
        folder,
        service_agreements=AGREEMENTS + "A1,2014-01-01,,ipl-mo,NO-SUCH\n",
        rider_enrollments="agreement_id,rider,start_date\nA1,NO-SUCH,2014-01-01\n",
        unit_inventory="agreement_id,unit_code,start_date\nA1,NO-SUCH,2014-01-01\n",
    )
    assert load_folder(url, folder).rows_rejected == 0


def test_stretches_that_touch_do_not_overlap(url: URL, folder: Path) -> None:
    write(
        folder,
        service_agreements=AGREEMENTS
        + "A1,2015-01-01,,ipl-mo,RS-4\nA1,2014-01-01,2015-01-01,ipl-mo,RS-3\n",
    )
    assert load_folder(url, folder).rows_rejected == 0


def test_a_load_and_its_files_are_recorded(url: URL, folder: Path) -> None:
    write(folder, meter_reads=ONE_READ + "A9,2015-01,2015-01-01,2015-02-01,1\n")
    assert load_folder(url, folder).load_id == 1
    assert load_folder(url, folder).load_id == 2
    assert rows(url, "select load_id, folder, is_replacing from portfolio.load order by 1") == [
        (1, str(folder), False),
        (2, str(folder), False),
    ]
    assert rows(url, "from portfolio.load_file where load_id = 2 order by file") == [
        (2, "meter_reads.csv", 2, 1, 1),
        (2, "service_agreements.csv", 1, 1, 0),
    ]


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


# What is rejected, row by row


def test_a_rejected_row_is_kept_with_its_number_and_its_text_as_read(
    url: URL, folder: Path
) -> None:
    write(folder, meter_reads=ONE_READ + "A1, 2015-02,2015-02-01,2015-03-01,x\n")
    load_folder(url, folder)
    ((load_id, file, number, reason, data),) = rows(url, "from rating.rejected_row")
    assert (load_id, file, number) == (1, "meter_reads.csv", 2)
    assert reason == "kwh 'x' is not a number: write digits with a decimal point"
    assert json.loads(data) == {
        "agreement_id": "A1",
        "billing_month": " 2015-02",
        "read_from": "2015-02-01",
        "read_to": "2015-03-01",
        "kwh": "x",
    }


def test_the_rest_of_a_file_with_rejected_rows_is_loaded(url: URL, folder: Path) -> None:
    write(folder, meter_reads=READS + "A1,x,2015-01-01,2015-02-01,1\n" + ONE_READ.split("\n")[1])
    assert counts(load_folder(url, folder))["meter_reads.csv"] == (2, 1, 1, 0)


def test_a_row_with_several_problems_is_rejected_once_with_all_of_them(
    url: URL, folder: Path
) -> None:
    assert reject_reasons(
        url, folder, meter_reads=READS + "A9,2015-01,2015-02-01,2015-02-01,-1\n"
    ) == [
        "kwh -1 is negative: correct it;"
        " read_to 2015-02-01 is not after read_from 2015-02-01: correct one;"
        " agreement_id 'A9' is unknown: add it to service_agreements"
    ]


def test_text_where_a_number_belongs_is_rejected(url: URL, folder: Path) -> None:
    texts = ["1,234", "abc", "NaN", "inf", "-Infinity", "0x10", "1_000", "\uff11"]
    assert reject_reasons(url, folder, meter_reads=reads_of(*texts)) == [
        f"kwh '{text}' is not a number: write digits with a decimal point" for text in texts
    ]


def test_a_number_too_long_to_be_exact_is_rejected(url: URL, folder: Path) -> None:
    numbers = ["1234567890123", "0.1234567", "1e12", "1e-7", "1e99999999999", "0.30000000000000004"]
    assert reject_reasons(url, folder, meter_reads=reads_of(*numbers)) == [
        f"kwh '{number}' is too long to be exact:"
        " write at most 12 digits before and 6 after the decimal point"
        for number in numbers
    ]


def test_money_with_a_fraction_of_a_cent_is_too_long_to_be_exact(url: URL, folder: Path) -> None:
    assert reject_reasons(
        url,
        folder,
        billed_amounts="agreement_id,billing_month,billed_net_amount\n"
        "A1,2015-01,12.345\nA1,2015-02,12.340\n",
    ) == [
        "billed_net_amount '12.345' is too long to be exact:"
        " write at most 16 digits before and 2 after the decimal point"
    ]


def test_a_date_that_is_not_real_or_not_written_in_full_is_rejected(url: URL, folder: Path) -> None:
    texts = ["2015-02-30", "2015-1-1", "01/01/2015", "20150101", "2015-01-01 00:00", "0000-01-01"]
    lines = [f"A1,{2000 + i}-01,{text},2015-02-01,1\n" for i, text in enumerate(texts)]
    assert reject_reasons(url, folder, meter_reads=READS + "".join(lines)) == [
        f"read_from '{text}' is not a date: write YYYY-MM-DD" for text in texts
    ]


def test_a_billing_month_that_is_not_real_or_not_written_in_full_is_rejected(
    url: URL, folder: Path
) -> None:
    texts = ["2015-13", "2015-00", "2015-1", "2015-01-01", "Jan 2015"]
    lines = [f"A1,{text},2015-01-01,2015-02-01,1\n" for text in texts]
    assert reject_reasons(url, folder, meter_reads=READS + "".join(lines)) == [
        f"billing_month '{text}' is not a month: write YYYY-MM" for text in texts
    ]


def test_a_boolean_other_than_true_and_false_is_rejected(url: URL, folder: Path) -> None:
    assert reject_reasons(
        url,
        folder,
        meter_reads=READS,
        service_agreements="agreement_id,start_date,utility,schedule,all_electric\n"
        "A1,2014-01-01,ipl-mo,RS-3,yes\n",
    ) == ["all_electric 'yes' is neither true nor false: write one of them"]


def test_an_agreement_with_a_blank_that_is_needed_is_rejected(url: URL, folder: Path) -> None:
    assert reject_reasons(
        url,
        folder,
        meter_reads=READS,
        service_agreements="agreement_id,start_date,utility,schedule\n"
        " ,2014-01-01,ipl-mo,RS-3\nA1,,ipl-mo,RS-3\nA2,2014-01-01,\t,RS-3\n"
        "A3,2014-01-01,ipl-mo,\n",
    ) == [
        f"{column} is blank: fill it in"
        for column in ("agreement_id", "start_date", "utility", "schedule")
    ]


def test_a_read_with_a_blank_that_is_needed_is_rejected(url: URL, folder: Path) -> None:
    assert reject_reasons(
        url,
        folder,
        meter_reads=READS + ",2015-01,2015-01-01,2015-02-01,1\nA1,,2015-01-01,2015-02-01,1\n"
        "A1,2015-02,,2015-02-01,1\nA1,2015-03,2015-01-01,,1\n",
    ) == [
        f"{column} is blank: fill it in"
        for column in ("agreement_id", "billing_month", "read_from", "read_to")
    ]


def test_a_negative_energy_or_power_is_rejected(url: URL, folder: Path) -> None:
    columns = ["kwh_received", "kwh_on_peak", "kwh_off_peak", "kwh_interruption"]
    columns += ["kw", "kw_on_peak", "kw_off_peak", "kw_coincident"]
    lines = [
        f"A1,{2000 + i}-01,2015-01-01,2015-02-01,1{',' * (i + 1)}-0.5{',' * (7 - i)}\n"
        for i in range(8)
    ]
    header = READS.replace("kwh", "kwh," + ",".join(columns))
    assert reject_reasons(url, folder, meter_reads=header + "".join(lines)) == [
        f"{column} -0.5 is negative: correct it" for column in columns
    ]


def test_a_negative_investment_or_contract_is_rejected(url: URL, folder: Path) -> None:
    assert reject_reasons(
        url,
        folder,
        meter_reads=READS,
        service_agreements="agreement_id,start_date,utility,schedule,"
        "extra_facilities_investment,backup_firm_kw\n"
        "A1,2014-01-01,ipl-mo,RS-3,-1,\nA2,2014-01-01,ipl-mo,RS-3,,-2\n",
    ) == [
        "extra_facilities_investment -1 is negative: correct it",
        "backup_firm_kw -2 is negative: correct it",
    ]


def test_negative_input_watts_are_rejected(url: URL, folder: Path) -> None:
    assert reject_reasons(
        url,
        folder,
        unit_inventory="agreement_id,unit_code,input_watts,start_date\nA1,E,-100,2014-01-01\n",
    ) == ["input_watts -100 is negative: correct it"]


def test_negative_hours_are_rejected(url: URL, folder: Path) -> None:
    assert reject_reasons(
        url, folder, lighting_hours="utility,billing_month,hours\nipl-mo,2015-01,-1\n"
    ) == ["hours -1 is negative: correct it"]


def test_a_power_factor_outside_0_to_1_is_rejected(url: URL, folder: Path) -> None:
    texts = ["84", "0", "1.000001", "-0.84"]
    lines = [f"A1,{2000 + i}-01,2015-01-01,2015-02-01,1,{text}\n" for i, text in enumerate(texts)]
    header = READS.replace("kwh", "kwh,power_factor")
    assert reject_reasons(url, folder, meter_reads=header + "".join(lines)) == [
        f"power_factor {text} is not above 0 and at most 1: write it as a fraction such as 0.84"
        for text in texts
    ]


def test_an_agreement_that_ends_no_later_than_it_starts_is_rejected(url: URL, folder: Path) -> None:
    assert reject_reasons(
        url,
        folder,
        meter_reads=READS,
        service_agreements=AGREEMENTS + "A1,2014-01-01,2014-01-01,ipl-mo,RS-3\n",
    ) == ["end_date 2014-01-01 is not after start_date 2014-01-01: correct one"]


def test_an_enrollment_that_ends_before_it_starts_is_rejected(url: URL, folder: Path) -> None:
    assert reject_reasons(
        url,
        folder,
        rider_enrollments="agreement_id,rider,start_date,end_date\nA1,GP,2014-02-01,2014-01-01\n",
    ) == ["end_date 2014-01-01 is not after start_date 2014-02-01: correct one"]


def test_an_unknown_utility_is_rejected(url: URL, folder: Path) -> None:
    reasons = reject_reasons(
        url,
        folder,
        meter_reads=READS,
        service_agreements=AGREEMENTS + "A1,2014-01-01,,ipl-ia,RS-3\n",
        lighting_hours="utility,billing_month,hours\nipl-ia,2015-01,430\n",
        rider_cost_inputs="utility,rider,billing_month,variable,value\nipl-ia,F,2015-01,x,1\n",
    )
    assert reasons == ["utility 'ipl-ia' is unknown: write one of ilpt-ia, ipl-mo"] * 3


def test_an_unknown_agreement_is_rejected_in_every_file(url: URL, folder: Path) -> None:
    reasons = reject_reasons(
        url,
        folder,
        meter_reads=READS + "A9,2015-01,2015-01-01,2015-02-01,1\n",
        rider_enrollments="agreement_id,rider,start_date\nA9,GP,2014-01-01\n",
        unit_inventory="agreement_id,unit_code,start_date\nA9,E,2014-01-01\n",
        billed_amounts="agreement_id,billing_month,billed_net_amount\nA9,2015-01,1\n",
    )
    assert reasons == ["agreement_id 'A9' is unknown: add it to service_agreements"] * 4


def test_the_reads_of_an_agreement_that_was_rejected_say_so(url: URL, folder: Path) -> None:
    reasons = reject_reasons(
        url, folder, service_agreements=AGREEMENTS + "A1,2014-01-01,,nobody,RS-3\n"
    )
    assert reasons[0] == (
        "agreement_id 'A1' is unknown, for its rows in service_agreements were rejected:"
        " correct those"
    )


def test_reads_stay_where_another_row_of_their_agreement_is_accepted(
    url: URL, folder: Path
) -> None:
    write(folder, service_agreements=ONE_AGREEMENT + "A1,2013-01-01,2014-01-01,nobody,RS-3\n")
    assert counts(load_folder(url, folder)) == {
        "service_agreements.csv": (2, 1, 1, 0),
        "meter_reads.csv": (1, 1, 0, 0),
    }


def test_every_member_of_a_set_of_duplicates_is_rejected(url: URL, folder: Path) -> None:
    write(
        folder,
        meter_reads=READS
        + "A1,2015-01,2015-01-01,2015-02-01,1\n"
        + "A1,2015-02,2015-02-01,2015-03-01,2\n"
        + " A1,2015-01 ,2015-01-01,2015-02-01,1\n",
    )
    load_folder(url, folder)
    reason = "rows 1, 3 have the same agreement_id, billing_month: keep one of them"
    assert rejected(url) == [("meter_reads.csv", 1, reason), ("meter_reads.csv", 3, reason)]
    assert rows(url, "select kwh from portfolio.meter_read") == [(Decimal(2),)]


def test_duplicates_are_found_by_value_and_not_by_spelling(url: URL, folder: Path) -> None:
    reasons = reject_reasons(
        url,
        folder,
        unit_inventory="agreement_id,unit_code,input_watts,start_date\n"
        "A1,E,,2014-01-01\nA1,E,0.0,2014-01-01\n",
    )
    assert (
        reasons
        == [
            "rows 1, 2 have the same agreement_id, unit_code, input_watts, start_date:"
            " keep one of them"
        ]
        * 2
    )


def test_a_duplicate_of_a_row_that_is_wrong_otherwise_is_rejected_too(
    url: URL, folder: Path
) -> None:
    write(folder, meter_reads=ONE_READ + "A1,2015-01,2015-01-01,2015-02-01,x\n")
    load_folder(url, folder)
    assert [number for _, number, _ in rejected(url)] == [1, 2]


def test_every_member_of_overlapping_stretches_is_rejected(url: URL, folder: Path) -> None:
    write(
        folder,
        meter_reads=READS,
        service_agreements=AGREEMENTS
        + "A1,2014-01-01,2014-07-01,ipl-mo,RS-3\n"
        + "A1,2014-06-30,2015-01-01,ipl-mo,RS-3\n"
        + "A1,2015-01-01,,ipl-mo,RS-3\n"
        + "A2,2014-01-01,,ipl-mo,RS-3\n",
    )
    load_folder(url, folder)
    assert rejected(url) == [
        (
            "service_agreements.csv",
            1,
            "the stretch from 2014-01-01 overlaps the one from 2014-06-30 of the same agreement:"
            " end one where the other starts",
        ),
        (
            "service_agreements.csv",
            2,
            "the stretch from 2014-06-30 overlaps the one from 2014-01-01 of the same agreement:"
            " end one where the other starts",
        ),
    ]


def test_stretches_inside_an_open_one_are_rejected_with_it(url: URL, folder: Path) -> None:
    write(
        folder,
        meter_reads=READS,
        service_agreements=AGREEMENTS
        + "A1,2010-01-01,,ipl-mo,RS-3\n"
        + "A1,2011-01-01,2011-02-01,ipl-mo,RS-3\n"
        + "A1,2014-01-01,2014-02-01,ipl-mo,RS-3\n",
    )
    load_folder(url, folder)
    assert [number for _, number, _ in rejected(url)] == [1, 2, 3]


def test_a_row_with_too_few_or_too_many_fields_is_rejected(url: URL, folder: Path) -> None:
    write(
        folder,
        meter_reads=ONE_READ
        + "A1,2015-02,2015-02-01\n"
        + "A1,2015-03,2015-03-01,2015-04-01,1,2,3\n"
        + "A1,2015-04,2015-04-01,2015-05-01,4\n",
    )
    report = load_folder(url, folder)
    assert counts(report)["meter_reads.csv"] == (4, 2, 2, 0)
    assert rejected(url) == [
        (
            "meter_reads.csv",
            2,
            "the row has 3 fields where the header has 5: give it as many",
        ),
        (
            "meter_reads.csv",
            3,
            "the row has 7 fields where the header has 5: give it as many",
        ),
    ]
    ((data,),) = rows(url, "select row_data from rating.rejected_row where source_row_number = 3")
    assert json.loads(data)[""] == ["2", "3"]


def test_text_in_a_further_numeric_column_of_a_read_rejects_the_row(url: URL, folder: Path) -> None:
    assert reject_reasons(
        url,
        folder,
        meter_reads=READS.replace("kwh", "kwh,steam")
        + "A1,2015-01,2015-01-01,2015-02-01,1,2\nA1,2015-02,2015-02-01,2015-03-01,1,two\n",
    ) == ["steam 'two' is not a number: write digits with a decimal point"]


def test_text_in_a_further_column_named_as_power_is_rejected_even_alone(
    url: URL, folder: Path
) -> None:
    assert reject_reasons(
        url,
        folder,
        meter_reads=READS.replace("kwh", "kwh,kvar") + "A1,2015-01,2015-01-01,2015-02-01,1,two\n",
    ) == ["kvar 'two' is not a number: write digits with a decimal point"]


# What is noted


def test_a_further_column_of_reads_without_numbers_is_noted_and_not_loaded(
    url: URL, folder: Path
) -> None:
    write(
        folder,
        meter_reads=READS.replace("kwh", "kwh,status") + "A1,2015-01,2015-01-01,2015-02-01,1,ok\n",
    )
    report = load_folder(url, folder)
    assert report.notes == ["meter_reads.csv: column status is not loaded: it has no numbers"]
    assert report.rows_rejected == 0


def test_an_unknown_file_is_noted(url: URL, folder: Path) -> None:
    (folder / "README.md").write_text("about this folder")
    assert load_folder(url, folder).notes == [
        "README.md is not loaded: it is no file of a portfolio"
    ]


def test_an_unknown_column_of_another_file_is_noted(url: URL, folder: Path) -> None:
    write(folder, lighting_hours="utility,billing_month,hours,source\nipl-mo,2015-01,430,almanac\n")
    assert load_folder(url, folder).notes == ["lighting_hours.csv: column source is not loaded"]


def test_a_column_in_upper_case_is_noted_as_not_the_contracts(url: URL, folder: Path) -> None:
    write(
        folder,
        meter_reads=READS.replace("kwh", "kwh,KW") + "A1,2015-01,2015-01-01,2015-02-01,1,5\n",
    )
    assert load_folder(url, folder).notes == [
        "meter_reads.csv: column KW is taken as a further column, for the contract's is written kw"
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
    shape = portfolio_csv.csv_shape(file)
    assert (shape.widths, shape.characters) == ({5: 1}, 32)
    with pytest.raises(
        RatebookError, match=r"meter_reads\.csv cannot be read as CSV without doubt"
    ):
        portfolio_csv.read_csv(duckdb.connect(), file, replace(shape, **miscounted), "raw")


def test_a_file_that_is_no_parquet_is_refused(url: URL, folder: Path) -> None:
    (folder / "meter_reads.csv").unlink()
    (folder / "meter_reads.parquet").write_bytes(b"agreement_id,billing_month\n" * 10)
    (message,) = refusal(url, folder)
    assert message.startswith("meter_reads.parquet cannot be read: ")


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
        portfolio_csv.read_csv(connection, path, *rest)
        if path.name == "meter_reads.csv":
            os.utime(path, ns=(0, 0))

    monkeypatch.setattr(portfolio_files, "read_csv", read_and_touch)
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


# Loading again


def test_a_row_of_a_known_key_replaces_it_and_the_old_one_stays_in_history(
    url: URL, folder: Path
) -> None:
    load_folder(url, folder)
    write(folder, meter_reads=READS + "A1,2015-01,2015-01-01,2015-02-02,950\n")
    report = load_folder(url, folder)
    assert counts(report)["meter_reads.csv"] == (1, 1, 0, 1)
    assert rows(url, "select read_to, kwh from portfolio.meter_read") == [
        (date(2015, 2, 2), Decimal(950))
    ]
    ((load_id, file, key, data),) = rows(url, "from portfolio.replaced_row")
    assert (load_id, file, key) == (2, "meter_reads", '["A1","2015-01"]')
    old = json.loads(data)
    assert (old["billing_month"], old["read_to"], old["kwh"], old["kw"]) == (
        "2015-01",
        "2015-02-01",
        "949.000000",
        None,
    )


def test_an_identical_row_is_no_correction(url: URL, folder: Path) -> None:
    load_folder(url, folder)
    write(folder, meter_reads=READS + "A1,2015-01,2015-01-01,2015-02-01,949.0\n")
    report = load_folder(url, folder)
    assert counts(report)["meter_reads.csv"] == (1, 1, 0, 0)
    assert rows(url, "select count(*) from portfolio.replaced_row") == [(0,)]


def test_rows_that_a_later_load_does_not_name_stay(url: URL, folder: Path) -> None:
    load_folder(url, folder)
    write(
        folder,
        service_agreements=AGREEMENTS,
        meter_reads=READS + "A1,2015-02,2015-02-01,2015-03-01,1\n",
    )
    assert load_folder(url, folder).rows_rejected == 0
    assert rows(url, "select count(*) from portfolio.meter_read") == [(2,)]


def test_a_further_determinant_belongs_to_the_row_that_is_corrected(url: URL, folder: Path) -> None:
    header = READS.replace("kwh", "kwh,kvar,kva")
    row = "A1,2015-01,2015-01-01,2015-02-01,1"
    write(folder, meter_reads=f"{header}{row},2,3\n")
    load_folder(url, folder)
    write(folder, meter_reads=f"{header}{row},2.5,\n")
    assert counts(load_folder(url, folder))["meter_reads.csv"] == (1, 1, 0, 1)
    assert rows(url, "select determinant, quantity from portfolio.meter_read_quantity") == [
        ("kvar", Decimal("2.5"))
    ]
    ((data,),) = rows(url, "select row_data from portfolio.replaced_row")
    assert (json.loads(data)["kvar"], json.loads(data)["kva"]) == ("2.000000", "3.000000")


def test_a_further_determinant_that_is_added_is_a_correction(url: URL, folder: Path) -> None:
    load_folder(url, folder)
    write(
        folder,
        meter_reads=READS.replace("kwh", "kwh,kvar") + "A1,2015-01,2015-01-01,2015-02-01,949,2\n",
    )
    assert counts(load_folder(url, folder))["meter_reads.csv"] == (1, 1, 0, 1)
    assert rows(url, "select quantity from portfolio.meter_read_quantity") == [(Decimal(2),)]


def test_an_attribute_belongs_to_the_agreement_that_is_corrected(url: URL, folder: Path) -> None:
    header = AGREEMENTS.replace("schedule", "schedule,area")
    write(folder, service_agreements=f"{header}A1,2014-01-01,,ipl-mo,RS-3,north\n")
    load_folder(url, folder)
    write(folder, service_agreements=f"{AGREEMENTS}A1,2014-01-01,,ipl-mo,RS-3\n")
    assert counts(load_folder(url, folder))["service_agreements.csv"] == (1, 1, 0, 1)
    assert rows(url, "from portfolio.service_agreement_attribute") == []


def test_a_stretch_that_overlaps_a_loaded_one_is_rejected(url: URL, folder: Path) -> None:
    load_folder(url, folder)
    write(folder, service_agreements=AGREEMENTS + "A1,2015-01-01,,ipl-mo,RS-4\n")
    load_folder(url, folder)
    assert rejected(url) == [
        (
            "service_agreements.csv",
            1,
            "the stretch from 2015-01-01 overlaps the loaded one from 2014-01-01 of the same"
            " agreement: end one where the other starts",
        )
    ]
    assert rows(url, "select schedule from portfolio.service_agreement") == [("RS-3",)]


def test_a_loaded_stretch_may_be_ended_and_followed_in_one_load(url: URL, folder: Path) -> None:
    load_folder(url, folder)
    write(
        folder,
        service_agreements=AGREEMENTS
        + "A1,2014-01-01,2015-01-01,ipl-mo,RS-3\nA1,2015-01-01,,ipl-mo,RS-4\n",
    )
    assert counts(load_folder(url, folder))["service_agreements.csv"] == (2, 2, 0, 1)


def test_a_stretch_that_needs_a_rejected_correction_is_rejected_too(url: URL, folder: Path) -> None:
    load_folder(url, folder)
    write(
        folder,
        service_agreements=AGREEMENTS
        + "A1,2014-01-01,2015-01-01,nobody,RS-3\nA1,2015-01-01,,ipl-mo,RS-4\n",
    )
    assert counts(load_folder(url, folder))["service_agreements.csv"] == (2, 0, 2, 0)
    assert rejected(url) == [
        (
            "service_agreements.csv",
            1,
            "utility 'nobody' is unknown: write one of ilpt-ia, ipl-mo",
        ),
        (
            "service_agreements.csv",
            2,
            "the stretch from 2015-01-01 overlaps the loaded one from 2014-01-01 of the same"
            " agreement: end one where the other starts",
        ),
    ]
    assert rows(url, "select schedule from portfolio.service_agreement") == [("RS-3",)]


def test_a_correction_rejected_for_a_loaded_stretch_keeps_the_old_one(
    url: URL, folder: Path
) -> None:
    # January is to run until 10 February, into the loaded February.
    write(
        folder,
        meter_reads=READS,
        service_agreements=AGREEMENTS
        + "A1,2014-01-01,2014-02-01,ipl-mo,R\nA1,2014-02-01,2014-03-01,ipl-mo,R\n",
    )
    load_folder(url, folder)
    write(
        folder,
        service_agreements=AGREEMENTS + "A1,2014-01-01,2014-02-10,ipl-mo,R\n",
    )
    load_folder(url, folder)
    assert [number for _, number, _ in rejected(url)] == [1]
    assert rows(
        url, "select end_date from portfolio.service_agreement order by start_date limit 1"
    ) == [(date(2014, 2, 1),)]


def test_an_agreement_loaded_before_is_known(url: URL, folder: Path) -> None:
    load_folder(url, folder)
    write(folder, service_agreements=AGREEMENTS + "A1,2014-01-01,,nobody,RS-3\n")
    assert counts(load_folder(url, folder))["meter_reads.csv"] == (1, 1, 0, 0)


def test_replace_empties_the_portfolio_first_and_keeps_history(url: URL, folder: Path) -> None:
    write(
        folder,
        service_agreements=AGREEMENTS.replace("schedule", "schedule,area")
        + "A1,2014-01-01,,ipl-mo,RS-3,north\nA2,2014-01-01,,ipl-mo,RS-3,south\n",
        meter_reads=ONE_READ + "A9,2015-01,2015-01-01,2015-02-01,1\n",
        lighting_hours="utility,billing_month,hours\nipl-mo,2015-01,430\n",
    )
    load_folder(url, folder)
    (folder / "lighting_hours.csv").unlink()
    write(folder, service_agreements=ONE_AGREEMENT, meter_reads=READS)
    report = load_folder(url, folder, replace=True)
    assert report.notes == ["the portfolio was emptied first: 4 rows"]
    assert rows(url, "select agreement_id from portfolio.service_agreement") == [("A1",)]
    for table in ("service_agreement_attribute", "meter_read", "lighting_hours"):
        assert rows(url, f"from portfolio.{table}") == []
    assert rows(url, "select load_id, file, row_key from portfolio.replaced_row order by all") == [
        (2, "lighting_hours", '["ipl-mo","2015-01"]'),
        (2, "meter_reads", '["A1","2015-01"]'),
        (2, "service_agreements", '["A1","2014-01-01"]'),
        (2, "service_agreements", '["A2","2014-01-01"]'),
    ]
    assert rows(
        url, "select row_data->>'area' from portfolio.replaced_row order by row_key limit 1"
    )
    assert rows(url, "select load_id from rating.rejected_row") == [(1,)]
    assert rows(url, "select load_id, is_replacing from portfolio.load order by 1") == [
        (1, False),
        (2, True),
    ]


def test_a_refused_replacement_empties_nothing(url: URL, folder: Path) -> None:
    load_folder(url, folder)
    write(folder, meter_reads=b"")
    with pytest.raises(RatebookError):
        load_folder(url, folder, replace=True)
    assert rows(url, "select count(*) from portfolio.meter_read") == [(1,)]
