"""How DuckDB reaches PostgreSQL: its scanner extension, from its wheel, and libpq's environment.

No password stands in a connection string: a failed connection would print it.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import duckdb
from sqlalchemy.engine import URL

from rating.errors import RatebookError

PACKAGE = "duckdb_extension_postgres_scanner"


def attach(connection: duckdb.DuckDBPyConnection, *, read_only: bool) -> None:
    """Attach the database that libpq's environment names as the catalog `store`."""
    connection.load_extension(str(_extension()))
    mode = ", read_only" if read_only else ""
    connection.execute(f"attach '' as store (type postgres{mode})")


def _extension() -> Path:
    spec = find_spec(PACKAGE)
    found = Path(spec.origin).parent if spec and spec.origin else Path()
    file = found / "extensions" / f"v{duckdb.__version__}" / "postgres_scanner.duckdb_extension"
    if not file.exists():
        raise RatebookError(
            f"the package {PACKAGE.replace('_', '-')} {duckdb.__version__} is not installed;"
            " install Ratebook from its lock file"
        )
    return file


@contextmanager
def libpq_environment(url: URL) -> Iterator[None]:
    """What the URL says as the variables that libpq reads, while connections are made."""
    variables = _variables()
    options = connection_options(url)
    with set_environment({variables[name]: value for name, value in options.items()}):
        yield


@cache
def _variables() -> Mapping[str, str]:
    """The variable that libpq reads for each of its options."""
    from psycopg.pq import Conninfo  # only where PostgreSQL is asked for

    return {
        option.keyword.decode(): option.envvar.decode()
        for option in Conninfo.get_defaults()
        if option.envvar
    }


@contextmanager
def set_environment(values: Mapping[str, str]) -> Iterator[None]:
    """Variables of this process, set for the time of the block."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def connection_options(url: URL) -> dict[str, str]:
    """The options of a PostgreSQL URL by libpq's names; raises `RatebookError`."""
    from sqlalchemy.dialects.postgresql.psycopg import dialect as psycopg_dialect

    _, options = psycopg_dialect().create_connect_args(url)  # type: ignore[no-untyped-call]
    options.pop("context", None)
    unknown = [name for name in options if name not in _variables()]
    if unknown:
        raise RatebookError(f"--database: the option {unknown[0]} is not supported; leave it away")
    return {name: str(value) for name, value in options.items()}
