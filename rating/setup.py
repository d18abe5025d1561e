"""A database created or brought up to date, with the tariffs of the seed folders in it."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
from sqlalchemy import Connection, inspect, select, union
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from models import tariff
from models.base import PORTFOLIO, Base
from rating.errors import RatebookError, first_line
from rating.project import SEEDS
from rating.seed.load import TableRows, put_tariffs, table_of, tariff_rows_of
from rating.seed.price_list import publish_price_list
from rating.store.database import another_release, engine_for, require_format
from rating.store.migrate import migrate
from rating.store.postgres import told
from rating.store.urls import database_file, database_name, is_postgres
from rating.store.writing import writing

# The oldest DuckDB that can open a new file: its compression of text is written in half the time.
FORMAT = "v1.3.0"
UTILITY = table_of(tariff.Utility).c.utility


def initialize(url: URL, seed_folders: Sequence[Path] = (), *, has_comments: bool = True) -> int:
    """Create the tables that are missing and load the tariffs; returns how many schedules.

    What a portfolio load or a rating run put into the database stays. `has_comments` is as in
    `create_tables`. Raises `RatebookError`.
    """
    rows = tariff_rows_of([SEEDS, *seed_folders])
    with writing(url, "init") as target:
        if is_postgres(target):
            migrate(target)
        else:
            create_tables(target, has_comments=has_comments)
        try:
            with engine_for(target).begin() as connection:
                _require_utilities(connection, rows)
                schedules = put_tariffs(connection, rows)
                publish_price_list(connection)
        except DBAPIError as error:
            raise RatebookError(f"{database_name(url)}: {told(error)}") from None
    return schedules


def _require_utilities(connection: Connection, rows: TableRows) -> None:
    """Refuse tariffs without a utility that the portfolio has rows of."""
    named = union(
        *(select(column) for table in Base.metadata.sorted_tables if table.schema == PORTFOLIO
          for column in table.columns if column.references(UTILITY))
    )  # fmt: skip
    known = {row["utility"] for row in rows[UTILITY.table]}
    missing: list[str] = sorted(set(connection.scalars(named)) - known)
    if missing:
        raise RatebookError(
            f"the portfolio has rows of {' and '.join(missing)}, and no seed folder has that"
            " utility; name its folder by --seeds"
        )


def create_tables(url: URL, *, has_comments: bool = True) -> None:
    """Create the tables that a DuckDB file lacks; refuse a file of another release.

    Without comments it takes half the time, for a file that nobody will look into.
    """
    file = database_file(url)
    name, is_new = file.name, not file.exists()
    engine = engine_for(url)
    engine.dialect.supports_comments = has_comments
    try:
        if is_new:
            duckdb.connect(str(file), config={"storage_compatibility_version": FORMAT}).close()
        else:
            require_format(file)
        with engine.begin() as connection:
            Base.metadata.create_all(connection, checkfirst=not is_new)
            if not is_new:
                _require_current(connection, name)
    except (duckdb.Error, DBAPIError) as error:
        raise RatebookError(f"{name} cannot be written: {first_line(error)}") from None


def _require_current(connection: Connection, name: str) -> None:
    """Refuse a file whose tables another release of Ratebook made."""
    inspector = inspect(connection)
    for table in Base.metadata.sorted_tables:
        found = {column["name"] for column in inspector.get_columns(table.name, table.schema)}
        if found != {column.name for column in table.columns}:
            raise RatebookError(another_release(table, name))
