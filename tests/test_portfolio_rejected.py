"""Rows of a portfolio that cannot be used: each lies in `rejected_row` once, with its reasons."""

import json
from decimal import Decimal
from pathlib import Path

from portfolio_folders import (  # noqa: F401 - fixtures among them
    AGREEMENTS,
    ONE_AGREEMENT,
    ONE_READ,
    READS,
    counts,
    database_without_portfolio,
    folder_of_one_read,
    reads_of,
    reject_reasons,
    rejected,
    rows,
    url_of_its_own,
    write,
)
from sqlalchemy.engine import URL

from rating.portfolio.load import load_folder


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


def test_a_cost_input_has_the_decimals_of_a_price(url: URL, folder: Path) -> None:
    assert reject_reasons(
        url,
        folder,
        rider_cost_inputs="utility,rider,billing_month,variable,value\n"
        "ipl-mo,PCA,2024-01,factor,0.012345678\nipl-mo,PCA,2024-02,factor,0.01234567\n",
    ) == [
        "value '0.012345678' is too long to be exact:"
        " write at most 12 digits before and 8 after the decimal point"
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
    texts = ["2015-13", "2015-00", "2015-1", "2015-01-01", "Jan 2015", "0001-01", "0999-12"]
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


def test_negative_quantities_of_units_and_enrollments_are_rejected(url: URL, folder: Path) -> None:
    assert reject_reasons(
        url,
        folder,
        rider_enrollments="agreement_id,rider,start_date,quantity\n"
        "A1,GP,2014-01-01,-4\nA1,EDR-5,2014-01-01,0\nA1,NM-1,2014-01-01,\n",
        unit_inventory="agreement_id,unit_code,start_date,quantity\n"
        "A1,E,2014-01-01,-3\nA1,F,2014-01-01,-0\nA1,G,2014-01-01,\n",
    ) == ["quantity -4 is negative: correct it", "quantity -3 is negative: correct it"]


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
