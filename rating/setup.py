"""A database created or brought up to date, with the tariffs of the seed folders in it."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
from sqlalchemy import Engine, inspect
from sqlalchemy.engine import URL

from models.base import Base
from rating.database import database_file, engine_for, first_line
from rating.errors import RatebookError
from rating.project import SEEDS
from rating.tariff_load import load_tariffs


def initialize(url: URL, seed_folders: Sequence[Path] = ()) -> int:
    """Create the tables that are missing and load the tariffs; returns how many schedules.

    What a portfolio load or a rating run put into the database stays. Raises `RatebookError`.
    """
    file = database_file(url)
    if not file.parent.is_dir():
        raise RatebookError(f"the folder {file.parent} does not exist; create it first")
    engine = engine_for(url)
    try:
        Base.metadata.create_all(engine)
        _require_current(engine, file.name)
        return load_tariffs(engine, [SEEDS, *seed_folders])
    except duckdb.Error as error:
        raise RatebookError(f"{file.name} cannot be written: {first_line(error)}") from None
    finally:
        engine.dispose()


def _require_current(engine: Engine, name: str) -> None:
    """Refuse a file whose tables another release of Ratebook made."""
    inspector = inspect(engine)
    for table in Base.metadata.sorted_tables:
        found = {column["name"] for column in inspector.get_columns(table.name, table.schema)}
        if found != {column.name for column in table.columns}:
            raise RatebookError(
                f"{name} was made by another release (table {table.fullname} differs);"
                " name a new file and load the portfolio again"
            )
