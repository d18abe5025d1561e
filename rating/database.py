"""Where the rows live: a DuckDB file by default, named by a SQLAlchemy URL."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from rating.errors import RatebookError

DEFAULT_URL = "duckdb:///ratebook.duckdb"
RESERVED_STEMS = frozenset({"tariff", "portfolio", "rating", "rating_build"})
MEMORY_LIMIT = "RATEBOOK_MEMORY_LIMIT"
DEMO_URL = "duckdb:///ratebook-demo.duckdb"


def parse_url(url: str) -> URL:
    """A SQLAlchemy URL of an engine that Ratebook stores in; raises `RatebookError`."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise RatebookError(
            f"--database {url!r} is not a database URL; write duckdb:///FILE"
        ) from None
    if (
        parsed.get_backend_name() != "duckdb"
        or not parsed.database
        or parsed.database == ":memory:"
    ):
        raise RatebookError(
            f"--database {parsed.render_as_string(hide_password=True)} names no DuckDB file;"
            " write duckdb:///FILE"
        )
    if Path(parsed.database).stem in RESERVED_STEMS:
        raise RatebookError(
            f"a database file cannot be called {Path(parsed.database).name}: DuckDB would take its"
            " name for a schema; choose another"
        )
    return parsed


def database_file(url: URL) -> Path:
    """The DuckDB file that a URL names."""
    return Path(url.database or "").absolute()


def engine_for(url: URL) -> Engine:
    """A SQLAlchemy engine; the caller disposes of it before another process opens the file."""
    return create_engine(url)


@contextmanager
def open_duckdb(
    url: URL, *, must_exist: bool = True, read_only: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the DuckDB file, closed at the end; raises `RatebookError`.

    Any number of processes may read a file at once, but none while another writes it.
    """
    file = database_file(url)
    if must_exist and not file.exists():
        raise RatebookError(f"{file.name} does not exist; run `ratebook init` first")
    try:
        connection = duckdb.connect(str(file), read_only=read_only)
    except duckdb.IOException as error:
        if "lock" not in str(error):
            raise RatebookError(f"{file.name} cannot be opened: {first_line(error)}") from None
        raise RatebookError(
            f"{file.name} is open in another process; close it there and try again"
        ) from None
    except duckdb.Error as error:
        raise RatebookError(f"{file.name} cannot be opened: {first_line(error)}") from None
    connection.execute("set memory_limit = ?", [os.environ.get(MEMORY_LIMIT, "4GB")])
    try:
        yield connection
    finally:
        connection.close()


def first_line(error: Exception) -> str:
    """The first line of an error's message."""
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
