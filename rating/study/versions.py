"""A version cut in two on a day, so that a scenario's changes hold from there on."""

import datetime
from collections.abc import Mapping

import duckdb
from sqlalchemy import Table

from models import tariff
from rating.memory.copies import copy_rows
from rating.seed.load import numbers, parts_of_versions, table_of


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
    """Cut a version in two: a copy of it, of new ids, begins on the day on which it ends."""
    version = table_of(tariff.Version)
    rows = {version: f"version_id = {version_id:d}"}
    for column, owner in parts_of_versions():
        parents = f"select {owner.name} from {owner.table.fullname} where {rows[owner.table]}"
        rows[column.table] = f"{column.name} in ({parents})"
    new = _new_ids(connection, rows)
    for table, condition in rows.items():
        begun = {"effective_from": f"date '{day}'"} if table is version else {}
        copy_rows(connection, table, {**new, **begun}, f"where {condition}", source="")
    connection.execute(
        "update tariff.version set effective_to = ? where version_id = ?", [day, version_id]
    )


def remove_versions(
    connection: duckdb.DuckDBPyConnection, condition: str, values: Mapping[str, object]
) -> None:
    """Remove the versions of which a condition holds, and all that hangs on them."""
    connection.execute(f"delete from tariff.version where {condition}", dict(values))
    for column, owner in parts_of_versions():
        connection.execute(
            f"delete from {column.table.fullname}"
            f" where {column.name} not in (select {owner.name} from {owner.table.fullname})"
        )


def _new_ids(connection: duckdb.DuckDBPyConnection, rows: Mapping[Table, str]) -> Mapping[str, str]:
    """SQL for the ids that copies of rows get, after the last of their table, by column."""
    new: dict[str, str] = {}
    for column in numbers().values():
        table, name = column.table, column.name
        if table in rows:
            ((further,),) = connection.execute(
                f"select (select max({name}) from {table.fullname}) - min({name}) + 1"
                f" from {table.fullname} where {rows[table]}"
            ).fetchall()
            new[name] = f"{name} + {further or 0}"
    return new
