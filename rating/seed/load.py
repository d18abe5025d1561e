"""The tariffs of seed folders put into the database."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, delete, insert
from sqlalchemy.orm import DeclarativeBase

from models.base import TARIFF, Base
from rating.seed.read import read_books
from rating.seed.rows import tariff_rows

TableRows = Mapping[Table, Sequence[Mapping[str, Any]]]


def tariff_tables() -> list[Table]:
    """The tariff tables, parents first."""
    return [table for table in Base.metadata.sorted_tables if table.schema == TARIFF]


def tariff_rows_of(folders: Sequence[Path]) -> TableRows:
    """The rows of the seed folders by table; raises `RatebookError` with all that is wrong."""
    return {table_of(model): found for model, found in tariff_rows(read_books(folders)).items()}


def put_tariffs(connection: Connection, rows: TableRows) -> int:
    """Replace all tariff rows by these; returns how many schedules."""
    for table in reversed(tariff_tables()):
        connection.execute(delete(table))
    for table in tariff_tables():
        if rows.get(table):
            connection.execute(insert(table), list(rows[table]))
    return sum(len(found) for table, found in rows.items() if table.name == "schedule")


def table_of(model: type[DeclarativeBase]) -> Table:
    """The table of a model."""
    table = model.__table__
    assert isinstance(table, Table)
    return table
