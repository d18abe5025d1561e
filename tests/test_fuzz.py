"""Whatever stands in portfolio folders and seed files: one clear sentence, or rows that add up.

The fast suite draws a few; `make test-long` at least a thousand of each.
"""

import csv
import io
import json
import shutil
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from helpers import make_database, select
from hostile import folders, seed_files, write_folder
from hypothesis import HealthCheck, Phase, given, settings
from sqlalchemy.engine import URL

from models.base import SCHEMAS, Base
from rating.errors import RatebookError
from rating.portfolio.load import load_folder
from rating.run.run import rate
from rating.seed.read import read_books
from rating.seed.rows import tariff_rows
from rating.store.database import open_duckdb
from rating.store.export import export

FEW, MANY = 10, 1_000
# Of many portfolios each so-manieth is rated, with all that were loaded before it.
RATED_EVERY = 100


def fuzz(examples: int):
    """Settings of a run: drawn anew each time but for the few, which are always the same."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=examples < MANY,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> URL:
    """A database that all drawn folders are loaded into, one after the other."""
    return make_database(tmp_path_factory.mktemp("fuzzed"))


def tables(url: URL) -> set[tuple[str, str]]:
    """The tables of the product's schemas, and how many tariff rows there are."""
    found = select(url, "select schema_name, table_name, estimated_size from duckdb_tables()")
    return {
        (row["table_name"], str(row["estimated_size"] if row["schema_name"] == "tariff" else ""))
        for row in found
        if row["schema_name"] in SCHEMAS
    }


def negative_quantities(url: URL) -> list[dict[str, object]]:
    """The loaded rows of units and enrollments whose quantity is below zero."""
    kept = ("portfolio.unit_inventory", "portfolio.rider_enrollment")
    each = (f"select agreement_id, quantity from {table} where quantity < 0" for table in kept)
    return select(url, " union all ".join(each))


def rows_of(content: bytes) -> int:
    """How many data rows a CSV file has: blank lines are none."""
    rows = [row for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) if row]
    return len(rows) - 1


def folder_must_load_or_be_refused(url: URL, folder: Path, files: dict[str, bytes]) -> bool:
    """No row is lost, and none is both loaded and rejected."""
    try:
        report = load_folder(url, write_folder(folder, files))
    except RatebookError as error:
        assert error.messages
        for message in error.messages:
            assert message.strip() and "Traceback" not in message
            assert len(message.splitlines()) == 1, message
        return False
    finally:
        shutil.rmtree(folder)
    for one in report.files:
        assert one.rows_read == one.rows_loaded + one.rows_rejected
        assert one.rows_read == rows_of(files[one.file]), one
    rejected = exported_rejections(url, report.load_id, folder.parent)
    assert all(reason and isinstance(json.loads(data), dict) for _, _, reason, data in rejected)
    assert Counter(file for file, *_ in rejected) == {
        one.file: one.rows_rejected for one in report.files if one.rows_rejected
    }
    return True


def exported_rejections(url: URL, load_id: int, folder: Path) -> list[tuple[str, int, str, str]]:
    """The rejected rows of a load, which a CSV file gives back as they are in the table."""
    file = folder / "rejected.csv"
    with open_duckdb(url, read_only=True) as connection:
        export(connection, "rejected_row", file, load_id=load_id)
        rows = connection.execute(
            "select file, source_row_number, reason, row_data from rating.rejected_row"
            " where load_id = ? order by file, source_row_number",
            [load_id],
        ).fetchall()
    with file.open(encoding="utf-8", newline="") as text:
        written = [
            (row["file"], int(row["source_row_number"]), row["reason"], row["row_data"])
            for row in csv.DictReader(text)
        ]
    assert written == rows
    return rows


def bills_must_add_up(url: URL) -> None:
    """Every read has a bill or a reason; every amount is finite and rounded to its column."""
    report = rate(url)
    assert report.status == "published", report.message
    (reads,) = select(url, "select count(*) as n from portfolio.meter_read")
    assert report.reads == reads["n"] == report.bills + report.unbilled
    for relation in ("bill", "bill_line_item", "billing_demand"):
        columns = Base.metadata.tables[f"rating.{relation}"].columns
        for row in select(url, f"select * from rating.{relation}"):
            for name, value in row.items():
                if isinstance(value, Decimal):
                    assert value.is_finite()
                    assert -value.as_tuple().exponent == columns[name].type.scale
                assert not isinstance(value, float)


def try_folders(examples: int, url: URL, tmp_path: Path) -> None:
    """Draw folders, load each, and rate now and then."""
    tried = loaded = 0
    before = tables(url)

    @fuzz(examples)
    @given(files=folders())
    def run(files: dict[str, bytes]) -> None:
        nonlocal tried, loaded
        tried += 1
        loaded += folder_must_load_or_be_refused(url, tmp_path / "folder", files)
        if tried % RATED_EVERY == 0:
            bills_must_add_up(url)

    run()
    assert tables(url) == before
    assert negative_quantities(url) == []
    assert tried >= examples
    assert loaded > tried // 4, "hardly any folder is loaded: draw better ones"


def try_seeds(examples: int, tmp_path: Path) -> None:
    """Draw seed files, and read each in the place of the one it was made of."""
    tried = accepted = 0

    @fuzz(examples)
    @given(drawn=seed_files())
    def run(drawn: tuple[Path, bytes]) -> None:
        nonlocal tried, accepted
        tried += 1
        source, content = drawn
        book = tmp_path / "seeds" / source.parent.name
        shutil.copytree(source.parent, book)
        try:
            (book / source.name).write_bytes(content)
            rows = tariff_rows(read_books([book.parent]))
            assert rows
            accepted += 1
        except RatebookError as error:
            assert error.messages
            for message in error.messages:
                assert message.strip()
                assert len(message.splitlines()) == 1, message
        finally:
            shutil.rmtree(book)

    run()
    assert tried >= examples
    assert 0 < accepted < tried


def test_some_hostile_folders_are_loaded_or_refused_row_by_row(database, tmp_path):
    try_folders(FEW, database, tmp_path)


def test_some_hostile_seed_files_are_read_or_refused_in_sentences(tmp_path):
    try_seeds(3 * FEW, tmp_path)


@pytest.mark.long
def test_many_hostile_folders_are_loaded_or_refused_row_by_row_and_rate(database, tmp_path):
    try_folders(MANY, database, tmp_path)
    bills_must_add_up(database)


@pytest.mark.long
def test_many_hostile_seed_files_are_read_or_refused_in_sentences(tmp_path):
    try_seeds(MANY, tmp_path)
