"""What `ratebook export` writes: every value as it is, unless a spreadsheet is to open it."""

import csv

import pytest
from helpers import agreement, execute, make_database, read, write_portfolio

from rating.portfolio.load import load_folder


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """A database with three loads; the first and the last have rejected rows."""
    folder = tmp_path_factory.mktemp("export")
    url = make_database(folder)
    for number, kwh in enumerate(("-1", "1", "=1+1"), 1):
        files = {
            "service_agreements": [agreement("A", "RS-3")],
            "meter_reads": [read("A", "2015-01", kwh=kwh)],
        }
        load_folder(url, write_portfolio(folder / str(number), files))
    execute(
        url,
        "insert into rating.unbilled_read values"
        " ('=cmd()', date '2015-01-01', 'combined', '-2+3', 1),"
        " ('+A', date '2015-02-01', 'combined', 'it''s 1-1', 1),"
        " ('@A', date '2015-03-01', 'combined', '', 1)",
    )
    return url


def written(ratebook, url, file, relation, *options) -> list[dict[str, str]]:
    """The rows of an exported CSV file."""
    said = ratebook("export", relation, file, *options, "--database", url)
    assert (said.code, said.err) == (0, "")
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def test_rejected_rows_of_one_load(ratebook, loaded, tmp_path):
    rows = written(ratebook, loaded, tmp_path / "all.csv", "rejected_row")
    assert [row["load_id"] for row in rows] == ["1", "3"]
    (row,) = written(ratebook, loaded, tmp_path / "one.csv", "rejected_row", "--load", "3")
    assert row["reason"] == "kwh '=1+1' is not a number: write digits with a decimal point"
    assert written(ratebook, loaded, tmp_path / "none.csv", "rejected_row", "--load", "2") == []


def test_a_load_that_never_was_is_refused_with_the_last_one(ratebook, loaded, database, tmp_path):
    def said(url):
        arguments = ("rejected_row", tmp_path / "x.csv", "--load", "7", "--database", url)
        answer = ratebook("export", *arguments)
        assert answer.code == 2
        return answer.err

    assert said(loaded) == "ratebook: there is no load 7; the last one is 3\n"
    assert said(database) == "ratebook: there is no load 7; there is none yet\n"
    assert not (tmp_path / "x.csv").exists()


def test_relation_without_loads_has_none_to_pick(ratebook, loaded, tmp_path):
    arguments = ("export", "bill", tmp_path / "bill.csv", "--load", "1", "--database", loaded)
    said = ratebook(*arguments)
    assert (said.code, said.err.strip()) == (2, "ratebook: bill has no loads; leave --load out")


def test_texts_are_written_as_they_are(ratebook, loaded, tmp_path):
    rows = written(ratebook, loaded, tmp_path / "reads.csv", "unbilled_read")
    assert [(row["agreement_id"], row["detail"]) for row in rows] == [
        ("+A", "it's 1-1"),
        ("=cmd()", "-2+3"),
        ("@A", ""),
    ]


def test_for_a_spreadsheet_a_text_is_no_formula_and_a_number_stays_one(
    ratebook,
    loaded,
    tmp_path,
):
    rows = written(ratebook, loaded, tmp_path / "reads.csv", "unbilled_read", "--for-spreadsheet")
    assert [(row["agreement_id"], row["billing_month"], row["detail"]) for row in rows] == [
        ("'+A", "2015-02-01", "it's 1-1"),
        ("'=cmd()", "2015-01-01", "'-2+3"),
        ("'@A", "2015-03-01", ""),
    ]


def test_negative_numbers_are_no_formulas(ratebook, golden, tmp_path):
    rows = written(
        ratebook, golden.url, tmp_path / "lines.csv", "bill_line_item", "--for-spreadsheet"
    )
    expected = [line["amount"] for line in golden.lines if line["amount"] < 0]
    assert sorted(row["amount"] for row in rows if row["amount"][0] == "-") == sorted(
        str(amount) for amount in expected
    )


def test_rows_keep_the_order_of_the_key_for_a_spreadsheet(ratebook, golden, tmp_path):
    rows = written(ratebook, golden.url, tmp_path / "bills.csv", "bill", "--for-spreadsheet")
    keys = [(row["agreement_id"], row["billing_month"]) for row in rows]
    assert keys == sorted(keys)
    assert len(keys) == len(golden.bills)
