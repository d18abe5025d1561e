"""The URL of a database: read, checked, and shown without its secrets."""

import re
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from models.base import BUILD, SCHEMAS
from rating.errors import CONTROL, RatebookError

# DuckDB names the database by its file, and looks a name up among schemas and its own databases.
RESERVED_STEMS = frozenset({*SCHEMAS, BUILD, "main", "system", "temp"})
UNFIT = re.compile(f"[\"'#:;?]|{CONTROL.pattern}")
FORMS = "duckdb:///FILE or postgresql+psycopg://USER@HOST/DATABASE"
SECRETS = ("password", "sslpassword")


def parse_url(url: str) -> URL:
    """A SQLAlchemy URL of an engine that Ratebook stores in; raises `RatebookError`.

    What is wrong is told without the URL where a password might stand in it.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise RatebookError(f"--database is not a database URL; write {FORMS}") from None
    backend = parsed.get_backend_name()
    if backend == "postgresql" and parsed.database:
        return _postgres_url(parsed)
    if backend != "duckdb" or not parsed.database or parsed.database == ":memory:":
        raise RatebookError(
            f"--database {shown(parsed)} names neither a DuckDB file nor a PostgreSQL database;"
            f" write {FORMS}"
        )
    if parsed.query:
        raise RatebookError(
            f"--database {shown(parsed)}: the URL of a DuckDB file takes no options; leave away"
            " what follows the ?"
        )
    _require_fit_name(Path(parsed.database))
    return parsed


def file_url(file: Path) -> URL:
    """The URL of a DuckDB file; raises `RatebookError` where it cannot be called so."""
    _require_fit_name(file)
    return URL.create("duckdb", database=str(file.absolute()))


def _require_fit_name(file: Path) -> None:
    if file.stem.lower() in RESERVED_STEMS:
        raise RatebookError(
            f"a database file cannot be called {file.name}: DuckDB would take its name for"
            " something of its own; choose another"
        )
    if found := UNFIT.search(file.name):
        raise RatebookError(
            f"a database file cannot be called {file.name}: DuckDB and dbt cannot work with"
            f" {found.group()} in its name; choose another"
        )


def _postgres_url(url: URL) -> URL:
    """The URL with the driver that Ratebook has, its secrets where SQLAlchemy hides them."""
    if "@" in (url.host or ""):
        raise RatebookError("--database: write an @ in a user or password as %40")
    given = url.query.get("password", url.password)
    password = given if isinstance(given, str) else None
    return url.difference_update_query(["password"]).set(
        drivername="postgresql+psycopg", password=password
    )


def is_postgres(url: URL) -> bool:
    """Whether the URL names a PostgreSQL database, not a DuckDB file."""
    return url.get_backend_name() == "postgresql"


def shown(url: URL) -> str:
    """The URL as it may be printed and copied: without its secrets."""
    return url.set(password=None).difference_update_query(SECRETS).render_as_string()


def database_name(url: URL) -> str:
    """How a message names the database: the file's name, or database and host."""
    if not is_postgres(url):
        return database_file(url).name
    host = url.host or url.query.get("host")
    return f"database {url.database}" + (f" on {host}" if host else "")


def database_file(url: URL) -> Path:
    """The DuckDB file that a URL names."""
    return Path(url.database or "").absolute()
