"""Takes loads back: the portfolio as it was before them, from what `replaced_row` keeps.

The form of its keys and rows is told in `rating.portfolio.merge` and in `interval_changes`.
"""

import duckdb

from rating.portfolio.checks import key_of, same_key
from rating.portfolio.interval_changes import remove_new_days
from rating.portfolio.relations import RELATIONS, Column, Further, Relation
from rating.portfolio.values import MACROS, TYPES, parsed
from rating.store.quoting import identifier, literal


def undo_loads(connection: duckdb.DuckDBPyConnection, after: int) -> int:
    """Takes back the loads after the load `after`, the last one first; returns how many.

    Which intervals a load had several times, and which it now has once, is not taken back. The
    caller compares the portfolio's hash.
    """
    connection.execute(MACROS)
    loads = connection.execute(
        "select load_id, is_replacing from portfolio.load where load_id > ? order by load_id desc",
        [after],
    ).fetchall()
    for load_id, is_replacing in loads:
        for relation in RELATIONS:
            _undo(connection, relation, load_id, is_replacing)
        remove_new_days(connection, load_id)
        if is_replacing:
            connection.execute("delete from portfolio.interval_duplicate")
    return len(loads)


def _undo(
    connection: duckdb.DuckDBPyConnection, relation: Relation, load_id: int, is_replacing: bool
) -> None:
    """Takes what a load did to a relation back."""
    keys = ", ".join(
        _value(f"json_extract_string(row_key, '$[{place}]')", column)
        for place, column in enumerate(relation.key)
    )
    connection.execute(
        f"create or replace temp table undone as select {keys},"
        " cast(cast(row_data as json) as map(varchar, varchar)) as fields"
        f" from portfolio.replaced_row where load_id = {load_id}"
        f" and file = {literal(relation.name)} and json_type(row_data) in ('OBJECT', 'NULL')"
    )
    tables = [relation.table, *([relation.further.table] if relation.further else [])]
    for table in tables:
        of_load = f" using undone where {same_key(relation, 'present', 'undone')}"
        connection.execute(f"delete from {table} as present{'' if is_replacing else of_load}")
    _put_back(connection, relation)
    if relation.further:
        _put_back_further(connection, relation, relation.further)


def _value(text: str, column: Column) -> str:
    """SQL for the value of a column from its text in a portfolio file."""
    return f"{parsed(text, column.kind)} as {identifier(column.name)}"


def _put_back(connection: duckdb.DuckDBPyConnection, relation: Relation) -> None:
    """Writes the old rows of `undone` as they were."""
    names = ", ".join(identifier(column.name) for column in relation.columns)
    values = ", ".join(
        _value(f"fields[{literal(column.name)}]", column) for column in relation.columns
    )
    connection.execute(
        f"insert into {relation.table} ({names}) select {values} from undone"
        " where fields is not null"
    )


def _put_back_further(
    connection: duckdb.DuckDBPyConnection, relation: Relation, further: Further
) -> None:
    """Writes the further columns of the old rows of `undone` as they were."""
    own = ", ".join(literal(column.name) for column in relation.columns)
    key = ", ".join(identifier(column.name) for column in relation.key)
    connection.execute(
        f"insert into {further.table} ({key}, {further.name_column}, {further.value_column})"
        f" select {key_of(relation, 'old')}, field.key, cast(field.value as {TYPES[further.kind]})"
        " from (select *, unnest(map_entries(fields)) as field from undone"
        f" where fields is not null) as old where field.key not in ({own})"
    )
