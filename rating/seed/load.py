"""The tariffs of seed folders put into the database."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Integer, Table, delete, insert
from sqlalchemy.orm import DeclarativeBase

from models import tariff
from models.base import TARIFF, Base
from rating.seed.read import read_books
from rating.seed.rows import tariff_rows

TableRows = Mapping[Table, Sequence[Mapping[str, Any]]]


def tariff_tables() -> list[Table]:
    """The tariff tables, parents first."""
    return [table for table in Base.metadata.sorted_tables if table.schema == TARIFF]


def numbers() -> dict[type[Base], Column[int]]:
    """The columns in which tariff tables number their rows, by the table's model.

    A column that refers to such a number has its name.
    """
    tables = tariff_tables()
    models = [one.class_ for one in Base.registry.mappers if table_of(one.class_) in tables]
    keys = {model: next(iter(table_of(model).primary_key)) for model in models}
    return {
        model: key
        for model, key in keys.items()
        if isinstance(key.type, Integer) and not key.foreign_keys
    }


def parts_of_versions() -> list[tuple[Column[Any], Column[Any]]]:
    """Of each table whose rows hang on a version, the column that says on what, parents first.

    The second column is the one that the first refers to.
    """
    version = table_of(tariff.Version)
    found: dict[Table, tuple[Column[Any], Column[Any]]] = {}
    for table in tariff_tables():
        if table is version:
            continue
        if "version_id" in table.c:
            found[table] = (table.c.version_id, version.c.version_id)
            continue
        for constraint in table.foreign_key_constraints:
            # Of a key of several columns the first says whose it is, the others which of them.
            key = constraint.elements[0]
            # A clause that may be empty is only referred to.
            if key.column.table in found and not key.parent.nullable:
                found[table] = (key.parent, key.column)
    return list(found.values())


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
