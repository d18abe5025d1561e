"""Loading a portfolio folder: what is loaded as what, and what is noted."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from portfolio_folders import (  # noqa: F401 - fixtures among them
    AGREEMENTS,
    GOLDEN,
    ONE_READ,
    READS,
    counts,
    database_without_portfolio,
    folder_of_one_read,
    reads_of,
    rows,
    url_of_its_own,
    write,
)
from sqlalchemy.engine import URL

from rating.portfolio.load import load_folder

# What is loaded


@pytest.mark.skipif(not GOLDEN.exists(), reason="the golden portfolio is not there")
def test_every_row_of_the_golden_portfolio_is_loaded(url: URL) -> None:
    report = load_folder(url, GOLDEN)
    assert "do not add up" not in "".join(report.notes)
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


@pytest.mark.parametrize(
    ("relation", "key", "values", "column"),
    [
        (
            "rider_cost_inputs", "utility,rider,billing_month,variable",
            "ipl-mo,FA-1,2015-01,fuel_cost", "value",
        ),
        ("lighting_hours", "utility,billing_month", "ipl-mo,2015-01", "hours"),
        ("billed_amounts", "agreement_id,billing_month", "A1,2015-01", "billed_net_amount"),
    ],
)  # fmt: skip
def test_a_column_without_which_a_row_says_little_is_noted_and_counts_as_blank(
    url: URL, folder: Path, relation: str, key: str, values: str, column: str
) -> None:
    write(folder, **{relation: f"{key}\n{values}\n"})
    report = load_folder(url, folder)
    assert report.notes == [f"{relation}.csv: there is no column {column}; it counts as blank"]
    assert report.rows_rejected == 0
    table = {"rider_cost_inputs": "rider_cost_input", "billed_amounts": "billed_amount"}
    loaded = f"select {column} from portfolio.{table.get(relation, relation)}"
    assert rows(url, loaded) == [(None,)]


def test_a_column_that_is_almost_a_known_name_is_noted(url: URL, folder: Path) -> None:
    agreements = (folder / "service_agreements.csv").read_text().splitlines()
    agreements[0] += ",customer_clas,district"
    write(
        folder,
        service_agreements="\n".join(
            [agreements[0], *(f"{row},church,5" for row in agreements[1:])]
        ),
        meter_reads=READS.replace("kwh", "kwh,kw_on_peek,kvb")
        + "A1,2015-01,2015-01-01,2015-02-01,1,5,5\n",
    )
    report = load_folder(url, folder)
    assert report.notes == [
        "service_agreements.csv: no tariff looks at column customer_clas; did you mean"
        " customer_class?",
        "meter_reads.csv: no tariff looks at column kw_on_peek; did you mean kw_on_peak?",
    ]
    assert report.rows_rejected == 0


def test_a_column_in_upper_case_is_noted_as_not_the_contracts(url: URL, folder: Path) -> None:
    write(
        folder,
        meter_reads=READS.replace("kwh", "kwh,KW") + "A1,2015-01,2015-01-01,2015-02-01,1,5\n",
    )
    assert load_folder(url, folder).notes == [
        "meter_reads.csv: column KW is taken as a further column, for the contract's is written kw"
    ]


REGISTERS = READS.replace(
    "kwh", "kwh,kwh_on_peak,kwh_off_peak,kwh_received,kwh_interruption,kwh_mid"
)
APART = "meter_reads: kwh_on_peak and kwh_off_peak do not add up to kwh in {}"
BILLED = "; a schedule that prices them bills what they say"


def test_registers_that_do_not_add_up_are_noted(url: URL, folder: Path) -> None:
    # Of eight months: 40 + 60 is 100, a read without one of the three, one with a third register,
    # one that is rejected; and three with 4 + 5 for 100000, 40 + 59.9 and 40 + 61 for 100.
    values = ["100,40,60,7,7,", "100,40,,,,", ",40,50,,,", "100,40,50,,,10", "100,40,-50,,,"]
    values += ["100000,4,5,,,", "100,40,59.9,10,10,", "100,40,61,,,"]
    lines = [f"A1,2025-0{i},2025-0{i}-01,2025-0{i}-02,{one}\n" for i, one in enumerate(values, 1)]
    write(folder, meter_reads=REGISTERS + "".join(lines))
    report = load_folder(url, folder)
    three = "3 rows, first in that of agreement A1, 2025-06"
    assert report.notes == [APART.format(three) + BILLED]
    assert report.rows_rejected == 1
    write(folder, meter_reads=REGISTERS + lines[0] + lines[5])
    one = "1 row, that of agreement A1, 2025-06"
    assert load_folder(url, folder).notes == [APART.format(one) + BILLED]
    write(folder, meter_reads=REGISTERS + lines[0] + lines[3])
    assert load_folder(url, folder).notes == []
