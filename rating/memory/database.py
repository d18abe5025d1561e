"""A database in memory beside the stored one, with copies of its tariffs and its portfolio.

What is rated there may be changed first. The stored database, `store`, is only read.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import duckdb
from sqlalchemy.engine import URL

from models.base import PORTFOLIO, Base
from rating.run.local_copy import copy_inputs
from rating.store.database import attached, in_memory, require_tables

Months = tuple[date | None, date | None]

# What every such database is called: compiled queries name it.
CATALOG = "ratebook"


@contextmanager
def inputs_of(source: URL, *, has_portfolio: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a database with tariffs and portfolio of `source` (`store`), or no portfolio.

    Raises `RatebookError`.
    """
    with beside(source) as connection:
        require_tables(connection, catalog="store")
        copy_inputs(connection, source, has_portfolio=has_portfolio)
        connection.execute("create schema study")
        yield connection


@contextmanager
def beside(source: URL) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to an empty database in memory; `store` is the source, which is only read.

    Raises `RatebookError`.
    """
    with in_memory() as connection, attached(connection, source):
        connection.execute(f"attach ':memory:' as {CATALOG}")
        connection.execute(f"use {CATALOG}")
        connection.execute("set preserve_insertion_order = false")
        yield connection


@contextmanager
def in_store(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Have names without a database stand for those of `store`, while the block lasts.

    Not by a connection of its own: to close one lets go of the lock on the file.
    """
    connection.execute("use store")
    try:
        yield
    finally:
        connection.execute(f"use {CATALOG}")


def empty_portfolio(connection: duckdb.DuckDBPyConnection, *, keep: Sequence[str] = ()) -> None:
    """Delete the portfolio of the study database but for the tables of `keep`."""
    for table in reversed(Base.metadata.sorted_tables):
        if table.schema == PORTFOLIO and table.name not in keep:
            connection.execute(f"delete from {table.fullname}")
