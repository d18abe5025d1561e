"""Loading a portfolio again: rows are corrected by key, and history keeps what they were."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from portfolio_folders import (  # noqa: F401 - fixtures among them
    AGREEMENTS,
    ONE_AGREEMENT,
    ONE_READ,
    READS,
    counts,
    database_without_portfolio,
    folder_of_one_read,
    rejected,
    rows,
    url_of_its_own,
    write,
)
from sqlalchemy.engine import URL

from rating.errors import RatebookError
from rating.portfolio.load import load_folder


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


def test_reads_that_overlap_load_with_a_note(url: URL, folder: Path) -> None:
    # A1's February is given again as March; A2's months only touch; A4's January goes on to March.
    agreements = ONE_AGREEMENT + "".join(f"A{n},2014-01-01,,ipl-mo,RS-3\n" for n in (2, 3, 4))
    reads = READS + (
        "A1,2024-02,2024-02-01,2024-02-29,900\n"
        "A2,2024-02,2024-02-01,2024-03-01,900\n"
        "A2,2024-03,2024-03-01,2024-04-01,900\n"
    )
    write(folder, service_agreements=agreements, meter_reads=reads)
    assert load_folder(url, folder).notes == []
    write(folder, meter_reads=READS + "A1,2024-03,2024-02-01,2024-02-29,950\n")
    assert load_folder(url, folder).notes == [
        "1 agreement has reads that overlap, such as A1: 2024-02 and 2024-03; both are billed"
    ]
    more = (
        "A3,2024-05,2024-05-01,2024-06-01,1\n"
        "A4,2024-01,2024-01-01,2024-04-01,1\n"
        "A4,2024-02,2024-02-01,2024-03-01,1\n"
        "A4,2024-03,2024-03-01,2024-04-01,1\n"
        "A1,2024-03,2024-02-28,2024-03-31,950\n"
    )
    write(folder, meter_reads=READS + more)
    assert load_folder(url, folder).notes == [
        "2 agreements have reads that overlap, such as A1: 2024-02 and 2024-03; both are billed"
    ]
    # Told of what a load changes, not of all that there is.
    write(folder, meter_reads=READS + "A3,2024-06,2024-06-01,2024-07-01,1\n")
    assert load_folder(url, folder).notes == []


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
