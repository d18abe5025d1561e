"""Portfolio folders for the tests of loading: written, loaded, and what came of their rows."""

import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import URL

from models import Base
from rating.errors import RatebookError
from rating.portfolio.load import LoadReport, load_folder

GOLDEN = Path(__file__).parent / "golden" / "portfolio"

AGREEMENTS = "agreement_id,start_date,end_date,utility,schedule\n"
READS = "agreement_id,billing_month,read_from,read_to,kwh\n"
ONE_AGREEMENT = AGREEMENTS + "A1,2014-01-01,,ipl-mo,RS-3\n"
ONE_READ = READS + "A1,2015-01,2015-01-01,2015-02-01,949\n"


@pytest.fixture(scope="session", name="empty_database")
def database_without_portfolio(tmp_path_factory: pytest.TempPathFactory) -> Path:
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


@pytest.fixture(name="url")
def url_of_its_own(tmp_path: Path, empty_database: Path) -> URL:
    """A database of its own for one test."""
    shutil.copy(empty_database, tmp_path / "ratebook.duckdb")
    return make_url(f"duckdb:///{tmp_path / 'ratebook.duckdb'}")


@pytest.fixture(name="folder")
def folder_of_one_read(tmp_path: Path) -> Path:
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
