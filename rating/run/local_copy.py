"""Tariffs and portfolio in a DuckDB file of their own, for DuckDB to rate them there."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb
from sqlalchemy import Table
from sqlalchemy.engine import URL

from models.base import PORTFOLIO, RATING, TARIFF, Base
from rating.errors import RatebookError, require_folder
from rating.setup import create_tables
from rating.store.database import attached, open_duckdb, transaction
from rating.store.postgres import told
from rating.store.urls import database_file, database_name, file_url

PREFIX = "ratebook-copy-"
SECONDS_TO_MAKE_ONE = 60


def copy_store(url: URL, file: Path, *, has_comments: bool = True) -> URL:
    """Copy tariffs and portfolio, as they are at one moment, into a new file; returns its URL.

    Raises `RatebookError`, also where the file exists.
    """
    target = file_url(file)
    file = database_file(target)
    if file.exists():
        raise RatebookError(f"{file.name} exists already; name a new file or remove it")
    require_folder(file)
    try:
        create_tables(target, has_comments=has_comments)
        with open_duckdb(target, read_only=False) as connection:
            copy_tables(connection, url, INPUTS)
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    return target


@contextmanager
def rated_into(url: URL, file: Path | None) -> Iterator[URL]:
    """The database of a URL, or a copy of it in a new file, which goes where the block raises."""
    if file is None:
        yield url
        return
    copy = copy_store(url, file)
    try:
        yield copy
    except BaseException:
        database_file(copy).unlink(missing_ok=True)
        raise


def tables_of(*schemas: str) -> list[Table]:
    """The tables of some schemas, those referred to first."""
    return [table for table in Base.metadata.sorted_tables if table.schema in schemas]


# What was loaded, and what of it was rejected.
INPUTS = [*tables_of(TARIFF, PORTFOLIO), Base.metadata.tables[f"{RATING}.rejected_row"]]


def copy_tables(connection: duckdb.DuckDBPyConnection, url: URL, tables: Iterable[Table]) -> None:
    """Copy tables from the database of a URL; raises `RatebookError`."""
    with attached(connection, url), _taking(connection, url):
        for table in tables:
            columns = _columns(table)
            connection.execute(
                f"insert into {table.fullname} ({columns})"
                f" select {columns} from store.{table.fullname}"
            )


def copy_inputs(connection: duckdb.DuckDBPyConnection, url: URL, *, has_portfolio: bool) -> None:
    """Make tables of the tariffs and the portfolio in the catalog `store`, or of no portfolio.

    They have no constraints: keeping those takes longer than all else. Raises `RatebookError`.
    """
    with _taking(connection, url):
        for schema, rows in ((TARIFF, True), (PORTFOLIO, has_portfolio)):
            connection.execute(f"create schema {schema}")
            for table in Base.metadata.sorted_tables:
                if table.schema == schema:
                    connection.execute(
                        f"create table {table.fullname} as"
                        f" select {_columns(table)} from store.{table.fullname} where {rows}"
                    )


def _columns(table: Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.columns)


@contextmanager
def _taking(connection: duckdb.DuckDBPyConnection, url: URL) -> Iterator[None]:
    """All that the block copies from a URL, as it is at one moment, or nothing."""
    try:
        with transaction(connection):
            yield
    except duckdb.Error as error:
        raise RatebookError(f"{database_name(url)} could not be read: {told(error)}") from None


@contextmanager
def local_copy(url: URL) -> Iterator[URL]:
    """A file with the tariffs and the portfolio, removed at the end; what killed runs left, too."""
    _remove_what_the_killed_left()
    with tempfile.TemporaryDirectory(prefix=PREFIX) as folder, _held(Path(folder)):
        yield copy_store(url, Path(folder) / "ratebook.duckdb", has_comments=False)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """A lock on a folder for as long as this process lives; raises `BlockingIOError`."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def _remove_what_the_killed_left() -> None:
    """Remove the copies that no process holds; one that was just made may not be held yet."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):  # held, another user's, or gone meanwhile
            if time.time() - folder.stat().st_mtime > SECONDS_TO_MAKE_ONE:
                with _held(folder):
                    shutil.rmtree(folder)
