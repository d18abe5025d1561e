"""The tariffs of seed folders put into the database."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Engine, Table, delete, insert
from sqlalchemy.orm import DeclarativeBase

from models.base import TARIFF, Base
from rating.seed_read import read_books
from rating.seed_rows import tariff_rows


def tariff_tables() -> list[Table]:
    """The tariff tables, parents first."""
    return [table for table in Base.metadata.sorted_tables if table.schema == TARIFF]


def load_tariffs(engine: Engine, folders: Sequence[Path]) -> int:
    """Replace all tariff rows by those of the seed folders; returns how many schedules.

    Nothing is written unless every seed file is in order; raises `RatebookError` if one is not.
    """
    rows = {_table(model): found for model, found in tariff_rows(read_books(folders)).items()}
    with engine.begin() as connection:
        for table in reversed(tariff_tables()):
            connection.execute(delete(table))
        for table in tariff_tables():
            if rows.get(table):
                connection.execute(insert(table), rows[table])
    return sum(len(found) for table, found in rows.items() if table.name == "schedule")


def _table(model: type[DeclarativeBase]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table
