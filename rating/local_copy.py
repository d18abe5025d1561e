"""Tariffs and portfolio in a DuckDB file of their own, for DuckDB to rate them there."""

import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from sqlalchemy.engine import URL

from models.base import PORTFOLIO, TARIFF, Base
from rating.database import attached, open_duckdb, transaction
from rating.errors import RatebookError
from rating.postgres import told
from rating.setup import create_tables
from rating.urls import database_file, database_name, parse_url


def copy_store(url: URL, file: Path, schemas: Collection[str] = (TARIFF, PORTFOLIO)) -> URL:
    """Copy tariffs and portfolio, as they are at one moment, into a new file; returns its URL.

    Raises `RatebookError`, also where the file exists.
    """
    target = parse_url(f"duckdb:///{file.absolute()}")
    file = database_file(target)
    if file.exists():
        raise RatebookError(f"{file.name} exists already; name a new file or remove it")
    if not file.parent.is_dir():
        raise RatebookError(f"the folder {file.parent} does not exist; create it first")
    try:
        create_tables(target)
        with open_duckdb(target, read_only=False) as connection:
            copy_tables(connection, url, schemas)
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    return target


def copy_tables(connection: duckdb.DuckDBPyConnection, url: URL, schemas: Collection[str]) -> None:
    """Copy the tables of some schemas from the database of a URL; raises `RatebookError`."""
    try:
        with attached(connection, url), transaction(connection):
            for table in Base.metadata.sorted_tables:
                if table.schema in schemas:
                    columns = ", ".join(f'"{column.name}"' for column in table.columns)
                    connection.execute(
                        f"insert into {table.fullname} ({columns})"
                        f" select {columns} from store.{table.fullname}"
                    )
    except duckdb.Error as error:
        raise RatebookError(f"{database_name(url)} could not be read: {told(error)}") from None


@contextmanager
def local_copy(url: URL) -> Iterator[URL]:
    """A file with the tariffs and the portfolio, removed at the end."""
    with tempfile.TemporaryDirectory(prefix="ratebook-") as folder:
        yield copy_store(url, Path(folder) / "local.duckdb")
