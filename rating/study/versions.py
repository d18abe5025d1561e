"""A version cut in two on a day, so that a scenario's changes hold from there on."""

import datetime
from collections.abc import Iterator, Mapping

import duckdb
from sqlalchemy import Integer, Table

from models.base import TARIFF, Base

# The ids of a copied version's rows are the original ones plus this.
OFFSET = 1_000_000
SHARED = {"schedule_id", "rider_schedule_id", "sheet_id"}


def split_versions(
    connection: duckdb.DuckDBPyConnection, schedule_id: int, day: datetime.date | None
) -> list[int]:
    """The ids of a schedule's versions from a day on, or all; one in force before is cut there."""
    if day is not None:
        cut = connection.execute(
            "select version_id from tariff.version where schedule_id = ?"
            " and effective_from < ? and coalesce(effective_to, date 'infinity') > ?",
            [schedule_id, day, day],
        ).fetchall()
        for (version_id,) in cut:
            cut_version(connection, version_id, day)
    rows = connection.execute(
        "select version_id from tariff.version where schedule_id = $1"
        " and effective_from >= coalesce(cast($2 as date), effective_from) order by effective_from",
        [schedule_id, day],
    ).fetchall()
    return [version_id for (version_id,) in rows]


def cut_version(connection: duckdb.DuckDBPyConnection, version_id: int, day: datetime.date) -> None:
    """Cut a version in two: a copy of it, of other ids, begins on the day on which it ends."""
    version = Base.metadata.tables[f"{TARIFF}.version"]
    _copy(connection, version, f"version_id = {version_id:d}", f"date '{day}'")
    for table, column, parent, parent_column in _parts():
        _copy(
            connection,
            table,
            f"{column} in (select {parent_column} - {OFFSET} from {parent}"
            f" where {parent_column} >= {OFFSET})"
            f" and {column} + {OFFSET} not in (select {column} from {table.fullname})",
        )
    connection.execute(
        "update tariff.version set effective_to = ? where version_id = ?", [day, version_id]
    )


def remove_versions(
    connection: duckdb.DuckDBPyConnection, condition: str, values: Mapping[str, object]
) -> None:
    """Remove the versions of which a condition holds, and all that hangs on them."""
    connection.execute(f"delete from tariff.version where {condition}", dict(values))
    for table, column, parent, parent_column in _parts():
        connection.execute(
            f"delete from {table.fullname}"
            f" where {column} not in (select {parent_column} from {parent})"
        )


def _parts() -> Iterator[tuple[Table, str, str, str]]:
    """The tables whose rows are parts of a version, each with its column of a parent's id."""
    owned = {f"{TARIFF}.version"}
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            parents = [key.column for key in column.foreign_keys]
            found = [one for one in parents if one.table.fullname in owned]
            if found and not column.nullable and column.name not in SHARED:
                owned.add(table.fullname)
                yield table, column.name, found[0].table.fullname, found[0].name
                break


def _copy(
    connection: duckdb.DuckDBPyConnection, table: Table, rows: str, start: str | None = None
) -> None:
    names = [column.name for column in table.columns]
    values = [
        start
        if start and column.name == "effective_from"
        else f"{column.name} + {OFFSET}"
        if isinstance(column.type, Integer)
        and column.name.endswith("_id")
        and column.name not in SHARED
        else column.name
        for column in table.columns
    ]
    connection.execute(
        f"insert into {table.fullname} ({', '.join(names)})"
        f" select {', '.join(values)} from {table.fullname} where {rows}"
    )
