"""Names that a rate, its clauses and its riders may share, and those that they may not."""

from pathlib import Path

import pytest
from seed_texts import UTILITY

from rating.errors import RatebookError
from rating.seed.read import read_books

VERSION = """\
utility: zz
schedule: {schedule}
title: {schedule}
kind: {kind}
document: book
versions:
  - effective_from: {first_day}
    sheet: p. 1
"""
DETERMINANT = '    determinants: [{name: some_kwh, product: [kwh, "2"], sheet: p. 1}]\n'
TESTED = DETERMINANT.replace("sheet", "when: {voltage: primary}, sheet")
NETTED = '    determinants: [{name: kwh, at: netting, sum: [kwh, "-1"], sheet: p. 1}]\n'
METERED = NETTED.replace("netting", "metering")
DEMAND = "    demands: [{name: billing, sheet: p. 1, greatest_of: [{measured: kw}]}]\n"
SPLIT = """\
    splits:
      - {split: kwh, into: [{first: "9", slice: a_kwh}, {over: "9", slice: b_kwh}], sheet: p. 1}
      - {split: kwh_received, into: [{all: true, slice: a_kwh}], sheet: p. 1}
"""
CARRIES = "    riders: [{rider: CA, sheet: p. 1}, {rider: CB, sheet: p. 1}]\n"
LISTS = "    applies_to: {schedules: [R], sheet: p. 1}\n"


def version(schedule: str, *parts: str, kind: str = "adjustment", day: str = "2020-01-01") -> str:
    """A seed file of one version."""
    return VERSION.format(schedule=schedule, kind=kind, first_day=day) + "".join(parts)


def refused(folder: Path, *schedules: str) -> list[str]:
    """What is said of a utility with these seed files; nothing where it is read."""
    (folder / "zz").mkdir()
    (folder / "zz" / "utility.yaml").write_text(UTILITY, "utf-8")
    for number, text in enumerate(schedules):
        (folder / "zz" / f"{number}.yaml").write_text(text, "utf-8")
    try:
        read_books([folder])
    except RatebookError as error:
        return [one.split("/zz/")[1] for one in error.messages]
    return []


def doubled(name: str, one: str, other: str) -> str:
    """The sentence that refuses a name of two sheets."""
    return (
        f"0.yaml: version 2020-01-01: {name} is defined by both {one} and {other}, which meet on"
        " its bills; rename it in one of them"
    )


CLAUSES = [
    # Neither of two clauses goes before the other.
    (CARRIES + DETERMINANT, DETERMINANT, DETERMINANT, [doubled("some_kwh", "CA", "CB")]),
    (CARRIES, NETTED, NETTED, [doubled("kwh", "CA", "CB")]),
    (CARRIES, SPLIT, SPLIT, [doubled("a_kwh", "CA", "CB"), doubled("b_kwh", "CA", "CB")]),
    # Slices and demands are nobody's but the rate's.
    (CARRIES + SPLIT, SPLIT, "", [doubled("a_kwh", "R", "CA"), doubled("b_kwh", "R", "CA")]),
    (CARRIES + DEMAND, "", DEMAND, [doubled("billing_demand_kw", "R", "CB")]),
    # A clause goes before the rate, one nets what the other metered, and a test may part them.
    (CARRIES + DETERMINANT, DETERMINANT, "", []),
    (CARRIES, METERED, NETTED, []),
    (CARRIES, DETERMINANT, TESTED, []),
    # Clauses that the rate does not carry are on none of its bills.
    (DEMAND + SPLIT, DEMAND + SPLIT, DEMAND + SPLIT, []),
]


@pytest.mark.parametrize(("rate", "one", "other", "sentences"), CLAUSES)
def test_names_of_a_rate_and_of_the_clauses_it_carries(tmp_path, rate, one, other, sentences):
    texts = (version("R", rate, kind="rate"), version("CA", one), version("CB", other))
    assert refused(tmp_path, *texts) == sentences


def test_clauses_share_a_name_at_different_times(tmp_path):
    rate, one = version("R", CARRIES, kind="rate"), version("CA", DETERMINANT)
    ended = one.replace("    sheet: p. 1\n", "    effective_to: 2021-01-01\n    sheet: p. 1\n", 1)
    assert refused(tmp_path, rate, ended, version("CB", DETERMINANT, day="2021-01-01")) == []


def test_a_clause_that_rates_nothing_yet_meets_no_other(tmp_path):
    rate, incomplete = version("R", CARRIES, kind="rate"), "    status: incomplete\n"
    texts = (version("CA", incomplete, DETERMINANT), version("CB", DETERMINANT))
    assert refused(tmp_path, rate, *texts) == []


RIDERS = [
    (LISTS + DEMAND, LISTS + DETERMINANT, [doubled("billing_demand_kw", "R", "RA")]),
    # No customer need have both riders, and one that lists no rate is for all of them.
    (LISTS + DETERMINANT, LISTS + DETERMINANT, []),
    (DEMAND, DETERMINANT, []),
]


@pytest.mark.parametrize(("one", "other", "sentences"), RIDERS)
def test_names_of_a_rate_and_of_the_riders_that_list_it(tmp_path, one, other, sentences):
    rate = version("R", DEMAND, DETERMINANT, kind="rate")
    riders = (version("RA", one, kind="rider"), version("RB", other, kind="rider"))
    assert refused(tmp_path, rate, *riders) == sentences
