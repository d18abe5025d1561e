"""The rows as DuckDB sees them: those of its own file, or of a PostgreSQL database."""

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import duckdb
from sqlalchemy import Engine, Table, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from models.base import Base
from rating.errors import RatebookError, first_line
from rating.store.limits import limit_threads, limited
from rating.store.migrate import require_current
from rating.store.quoting import literal
from rating.store.scanner import attach, libpq_environment
from rating.store.urls import database_file, is_postgres

# A PostgreSQL database says by its revision whether it is of this release.
COLUMNS = """
    select schema_name, table_name, column_name
    from duckdb_columns()
    where database_name = coalesce($1, current_database())
        and database_name in (select database_name from duckdb_databases() where type = 'duckdb')
"""
# For every value that it is given, DuckDB looks through all of the path for pandas: a third of the
# time of `init`. Where it is not installed, Python shall say so at once.
if find_spec("pandas") is None:
    sys.modules.setdefault("pandas", None)  # type: ignore[arg-type]

DEFAULT_URL = "duckdb:///ratebook.duckdb"
DEMO_URL = "duckdb:///ratebook-demo.duckdb"


def engine_for(url: URL, *, read_only: bool = False) -> Engine:
    """A SQLAlchemy engine that keeps no connection, so that a file is free after each use."""
    arguments = {"read_only": True} if read_only and not is_postgres(url) else {}
    engine = create_engine(url, poolclass=NullPool, connect_args=arguments)
    if not is_postgres(url):
        event.listen(engine, "connect", lambda connection, _: limit_threads(connection))
    return engine


@contextmanager
def open_duckdb(url: URL, *, read_only: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB connection that sees the tables as `schema.table`, closed at the end.

    Those of PostgreSQL are reached through the scanner. To write, open what
    `rating.writing.writing` gives. Raises `RatebookError`.
    """
    if not is_postgres(url):
        with limited(_connect(database_file(url), read_only)) as connection:
            yield connection
        return
    with in_memory() as connection, attached(connection, url, read_only=read_only):
        connection.execute("use store")
        yield connection


@contextmanager
def open_database(url: URL) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that reads an initialized database of this release; raises `RatebookError`."""
    with open_duckdb(url) as connection:
        require_tables(connection)
        yield connection


@contextmanager
def in_memory() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a new DuckDB database in memory, which may spill to temporary files.

    They lie in a folder of its own: DuckDB names them alike in all processes, and locks none.
    """
    with (
        tempfile.TemporaryDirectory(prefix="ratebook-spilled-") as folder,
        limited(duckdb.connect()) as connection,
    ):
        connection.execute("set temp_directory = ?", [folder])
        yield connection


@contextmanager
def attached(
    connection: duckdb.DuckDBPyConnection, url: URL, *, read_only: bool = True
) -> Iterator[None]:
    """The database of a URL as the catalog `store` of a connection, for the time of the block."""
    if is_postgres(url):
        require_current(url)
        with libpq_environment(url):
            attach(connection, read_only=read_only)
            yield
    else:
        file = database_file(url)
        with _opening(file):
            connection.execute(f"attach {literal(str(file))} as store (read_only)")
        yield


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All that the block does, or nothing.

    It is undone before the connection closes: DuckDB would end the process where that has to undo
    something in a server that is gone.
    """
    connection.begin()
    try:
        yield
        connection.commit()
    except BaseException:
        with suppress(duckdb.Error):
            connection.rollback()
        raise


def require_tables(connection: duckdb.DuckDBPyConnection, *, catalog: str | None = None) -> None:
    """Raise `RatebookError` unless the database has been initialized, by this release."""
    prefix = f"{catalog}." if catalog else ""
    try:
        connection.execute(f"select 1 from {prefix}rating.rating_run limit 0")
    except duckdb.CatalogException:
        raise RatebookError(
            "the database holds no Ratebook tables; run `ratebook init` first"
        ) from None
    found = set(connection.execute(COLUMNS, [catalog]).fetchall())
    for table in Base.metadata.sorted_tables if found else ():
        if not {(table.schema, table.name, name) for name in table.c.keys()} <= found:  # noqa: SIM118
            raise RatebookError(another_release(table))


def require_reads(connection: duckdb.DuckDBPyConnection, *, catalog: str | None = None) -> None:
    """Raise `RatebookError` unless the database has been initialized and meter reads are loaded."""
    require_tables(connection, catalog=catalog)
    prefix = f"{catalog}." if catalog else ""
    if not connection.execute(f"select 1 from {prefix}portfolio.meter_read limit 1").fetchone():
        raise RatebookError("there are no meter reads; run `ratebook load FOLDER` first")


def another_release(table: Table, name: str = "the database") -> str:
    """What is said of a DuckDB file with a table of another release."""
    return (
        f"{name} was made by another release (table {table.fullname} differs); name a new file and"
        " load the portfolio again"
    )


def require_format(file: Path) -> None:
    """Raise `RatebookError` unless a file is DuckDB's: for others it would fetch an extension."""
    with suppress(OSError):  # what cannot be read, DuckDB says better
        with file.open("rb") as stream:
            if stream.read(12)[8:] == b"DUCK":
                return
        raise RatebookError(f"{file.name} is no DuckDB file; name another one by --database")


def _connect(file: Path, read_only: bool) -> duckdb.DuckDBPyConnection:
    with _opening(file):
        return duckdb.connect(str(file), read_only=read_only)


@contextmanager
def _opening(file: Path) -> Iterator[None]:
    """Say in one sentence why DuckDB cannot open a file."""
    if not file.exists():
        named = file.name if file.parent.is_dir() else file
        raise RatebookError(f"{named} does not exist; run `ratebook init` first")
    require_format(file)
    try:
        yield
    except duckdb.Error as error:
        held = re.search(r"held in (.+? \(PID \d+\))", str(error))
        if isinstance(error, duckdb.IOException) and "lock" in str(error):
            by = f" ({held.group(1)})" if held else ""
            raise RatebookError(
                f"{file.name} is open in another process{by}; close it there and try again"
            ) from None
        raise RatebookError(f"{file.name} cannot be opened: {first_line(error)}") from None
