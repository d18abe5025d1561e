"""What DuckDB may use of the machine: its memory and its threads, by the environment."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import duckdb

from rating.errors import RatebookError, first_line

MEMORY_LIMIT = "RATEBOOK_MEMORY_LIMIT"
THREADS = "RATEBOOK_THREADS"
MOST_THREADS = 1024


@contextmanager
def limited(connection: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection within the limits, closed at the end; raises `RatebookError`."""
    try:
        limit_threads(connection)
        _limit_memory(connection)
        connection.execute("set enable_progress_bar = false")  # it would stand in the output
        yield connection
    finally:
        connection.close()


def limit_threads(connection: duckdb.DuckDBPyConnection) -> None:
    """Have a connection use no more threads than asked for; raises `RatebookError`."""
    asked = _threads_asked()
    if asked:
        connection.execute(f"set threads = {asked}")


def threads() -> int:
    """How many threads DuckDB uses, all cores unless said; raises `RatebookError`."""
    return _threads_asked() or _cores()


def _threads_asked() -> int | None:
    asked = os.environ.get(THREADS)
    if not asked:
        return None
    if not re.fullmatch("[0-9]{1,9}", asked) or not 1 <= int(asked) <= MOST_THREADS:
        raise RatebookError(
            f"{THREADS} is {asked}, not a number of threads; write one from 1 to {MOST_THREADS},"
            " or leave it away for all cores"
        )
    return int(asked)


@cache
def _cores() -> int:
    """What DuckDB takes by itself, which minds the limits of a container."""
    with duckdb.connect() as connection:
        found = connection.execute("select current_setting('threads')").fetchone()
    assert found is not None
    return int(found[0])


def _limit_memory(connection: duckdb.DuckDBPyConnection) -> None:
    asked = os.environ.get(MEMORY_LIMIT) or "4GB"
    try:
        connection.execute("set memory_limit = ?", [asked])
    except duckdb.Error as error:
        raise RatebookError(
            f"{MEMORY_LIMIT} is {asked}, not an amount of memory ({first_line(error)});"
            " write it such as 4GB"
        ) from None
