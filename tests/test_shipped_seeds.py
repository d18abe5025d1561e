"""The shipped tariffs: cited, dated, and complete as far as the books are."""

import datetime

import pytest

from rating.project import SEEDS
from rating.seed.read import Book, read_books


@pytest.fixture(scope="module")
def books() -> dict[str, Book]:
    """The shipped books by utility."""
    return {book.utility.utility: book for book in read_books([SEEDS])}


def versions(books):
    """(utility, schedule, version) of every shipped version."""
    return [
        (code, schedule, version)
        for code, book in books.items()
        for schedule in book.schedules
        for version in schedule.versions
    ]


def test_both_utilities_and_no_other_are_shipped(books):
    assert sorted(books) == ["ilpt-ia", "ipl-mo"]


def test_every_schedule_of_the_books_is_there(books):
    # The contents of the Missouri book, the summary of November 2023, and the Iowa book.
    assert {schedule.schedule for schedule in books["ipl-mo"].schedules} == {
        "RS-3", "RS-4", "GS-1", "LGS-1", "TEGS", "LP-2", "CH-1", "SP-1", "GSSH-1", "PL-3",
        "SCIS-1", "TRS-2", "FA-1", "EDR-5", "PSL-2FR", "PSL-3CF", "PSL-3DF", "NM-1", "EDU-1",
        "CSP-1", "MG1", "MG2", "MG4", "PCA", "Regulatory & Environmental Rider",
    }  # fmt: skip
    assert {schedule.schedule for schedule in books["ilpt-ia"].schedules} == {
        "PPA", "RE", "CE", "SP", "LP", "IP", "DG", "ERDG", "AL", "E-AE",
    }  # fmt: skip


def test_every_version_names_its_sheet(books):
    assert all(version.sheet for _, _, version in versions(books))


def test_every_missouri_version_names_the_ordinance_its_book_prints(books):
    # The Iowa book prints none.
    lacking = [
        (schedule.schedule, str(version.effective_from))
        for code, schedule, version in versions(books)
        if (version.ordinance is None) == (code == "ipl-mo")
    ]
    assert not lacking


def test_every_version_says_when_it_was_last_verified(books):
    assert all(version.last_verified_on for _, _, version in versions(books))


@pytest.mark.parametrize(
    "name",
    ["RS-3", "RS-4", "GS-1", "LGS-1", "TEGS", "LP-2", "CH-1", "EDU-1", "SP-1", "GSSH-1"],
)
def test_old_metered_schedules_end_with_october_2023_and_are_unconfirmed_from_2018(books, name):
    # M28, M29.
    (schedule,) = [one for one in books["ipl-mo"].schedules if one.schedule == name]
    (version,) = schedule.versions
    start = datetime.date(2014, 12, 1) if name in ("CH-1", "EDU-1") else datetime.date(2012, 7, 1)
    assert (version.effective_from, version.effective_to) == (start, datetime.date(2023, 11, 1))
    assert version.unconfirmed_from == datetime.date(2018, 11, 19)


@pytest.mark.parametrize(
    ("name", "status"), [("MG1", "complete"), ("MG2", "incomplete"), ("MG4", "incomplete")]
)
def test_schedules_quoted_without_their_tiers_are_incomplete_and_say_why(books, name, status):
    (schedule,) = [one for one in books["ipl-mo"].schedules if one.schedule == name]
    (version,) = schedule.versions
    assert (version.status, version.status_reason is None) == (status, status == "complete")


def test_a_rider_that_speaks_of_months_begins_by_the_last_day_of_service(books):
    # G4: the label dates ERDG's end and NM-1's prices, and nothing else.
    clocks = {
        name: [version.clock for _, one, version in versions(books) if one.schedule == name]
        for name in ("ERDG", "NM-1")
    }
    assert clocks["ERDG"] == ["service_end_to_month"]
    assert clocks["NM-1"] == ["service_end_to_month", *["billing_month"] * 4]


def test_references_that_lead_nowhere_are_kept(books):
    # M20: FA-1 lists a schedule SCH-1 that no book holds.
    (clause,) = [one for one in books["ipl-mo"].schedules if one.schedule == "FA-1"]
    assert "SCH-1" in clause.versions[0].applies_to.schedules


def test_every_ruling_begins_with_its_number(books):
    texts = [
        part.ruling
        for _, _, version in versions(books)
        for part in [version, *version.determinants, *version.demands, *version.splits,
                     *version.charges, *version.riders]
        if part.ruling
    ]  # fmt: skip
    assert texts
    assert all(text[0] in "GMI" and text[1:3].strip(":GM 0123456789") == "" for text in texts)
