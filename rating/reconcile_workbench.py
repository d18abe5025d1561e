"""The scratch file that billed amounts are compared in, with the database beside it, read only.

Nothing is written to the database itself, so that others may read it meanwhile.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
from sqlalchemy import make_url
from sqlalchemy.engine import URL

from rating.database import attached, open_duckdb
from rating.dbt_build import cache_folder


@dataclass(frozen=True)
class Workbench:
    """A scratch file (schema `work`) and the database that it looks at (catalog `store`)."""

    url: URL
    source: URL

    @contextmanager
    def open(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection to the scratch file; closed before dbt opens it. Raises `RatebookError`."""
        with (
            open_duckdb(self.url, must_exist=False, read_only=False) as connection,
            attached(connection, self.source),
        ):
            connection.execute("create schema if not exists work")
            connection.execute("set preserve_insertion_order = false")
            yield connection


@contextmanager
def workbench(source: URL) -> Iterator[Workbench]:
    """A new scratch file for a database, removed in the end; raises `RatebookError`.

    Its path stays the same, for dbt reads its project anew wherever the path is another.
    """
    file = cache_folder(source) / "reconcile" / "ratebook.duckdb"
    file.parent.mkdir(parents=True, exist_ok=True)
    url = make_url(f"duckdb:///{file}")
    if file.exists():
        with open_duckdb(url, read_only=False):  # raises where another process compares now
            pass
        file.unlink()
    try:
        yield Workbench(url, source)
    finally:
        file.unlink(missing_ok=True)
        file.with_name(f"{file.name}.wal").unlink(missing_ok=True)
