"""Merges checked rows into the portfolio by key; what they replace stays in `replaced_row`.

`replaced_row.file` is the name of the relation, `row_key` the key as a JSON array and `row_data`
the old row as a JSON object of text, further columns included, as a portfolio file has them. A row
that a later load adds leaves its key, with null in JSON; of interval reads, which are many, each
day does: see `rating.portfolio.interval_changes`.
"""

import duckdb

from rating.portfolio.checks import key_of, same_key
from rating.portfolio.files import SourceFile
from rating.portfolio.interval_changes import keep_new_days, months_of_days
from rating.portfolio.interval_duplicates import CHANGED_DUPLICATES
from rating.portfolio.relations import INTERVAL_READS, RELATIONS, Column, Further, Relation
from rating.portfolio.values import TYPES
from rating.store.quoting import identifier, literal

FORMATS = {"month": "%Y-%m", "instant": "%Y-%m-%dT%H:%M:%SZ"}


def empty_portfolio(connection: duckdb.DuckDBPyConnection, load_id: int) -> int:
    """Empties every relation into `replaced_row`; returns how many rows there were."""
    emptied = 0
    for relation in RELATIONS:
        emptied += _keep_old_rows(connection, relation, load_id, "")
        connection.execute(f"delete from {relation.table}")
        if relation.further:
            connection.execute(f"delete from {relation.further.table}")
    connection.execute("delete from portfolio.interval_duplicate")
    return emptied


def merge(connection: duckdb.DuckDBPyConnection, source: SourceFile, load_id: int) -> int:
    """Adds and corrects by key; returns how many rows were corrected.

    A row that is loaded already, in every column, is left as it is.
    """
    relation = source.relation
    changed = f"changed_{relation.name}"
    connection.execute(f"create temp table {changed} as {_changes(relation)}")
    of_changed = f" semi join {changed} as changed on {same_key(relation, 'old', 'changed')}"
    _note_changes(connection, source, load_id, of_changed)
    replaced = _keep_old_rows(connection, relation, load_id, of_changed)
    _keep_new_keys(connection, source, load_id)
    _delete(connection, relation, relation.table)
    names = ", ".join(identifier(column.name) for column in relation.columns)
    connection.execute(
        f"insert into {relation.table} ({names}) select {names} from staged_{relation.name}"
        f" semi join {changed} using (row_no) order by row_no"
    )
    if relation.further:
        _merge_further(connection, relation, relation.further)
    return replaced


def _note_changes(
    connection: duckdb.DuckDBPyConnection, source: SourceFile, load_id: int, of_changed: str
) -> None:
    """Notes whose bills the changed rows can move, and from which billing month on.

    An agreement's former partner, whose bill loses what was combined, is noted too.
    """
    relation = source.relation
    if relation.name == "billed_amounts":
        return
    kind = "agreement" if "agreement_id" in relation.names else "utility"
    subject = "agreement_id" if kind == "agreement" else "utility"
    month = "billing_month" if "billing_month" in relation.names else "date '0001-01-01'"
    touched = f"select {subject} as subject, {month} as first_month from changed_{relation.name}"
    if relation.name == INTERVAL_READS:
        changed = f"select agreement_id, interval_start from changed_{relation.name}"
        touched = months_of_days(
            f"({changed} union all {CHANGED_DUPLICATES})", put_directly=source.still_in_file
        )
    if "combined_with_agreement_id" in relation.names:
        touched += (
            f" union all select old.combined_with_agreement_id, {month}"
            f" from {relation.table} as old{of_changed}"
            " where old.combined_with_agreement_id is not null"
        )
    connection.execute(
        "insert into portfolio.change (load_id, file, kind, subject, first_month)"
        f" select {load_id}, {literal(relation.name)}, '{kind}', subject, min(first_month)"
        f" from ({touched}) group by subject"
    )


def _changes(relation: Relation) -> str:
    """The accepted rows of a file that are new or differ: row_no, is_new and key."""
    first_key = identifier(relation.key[0].name)
    values = [identifier(column.name) for column in relation.columns if not column.is_key]
    differing = " or ".join(
        [f"old.{first_key} is null"]
        + [f"old.{name} is distinct from new.{name}" for name in values]
    )
    if relation.further:
        differing += f" or new.row_no in ({_further_changes(relation, relation.further)})"
    return (
        f"select new.row_no, old.{first_key} is null as is_new, {key_of(relation, 'new')}"
        f" from staged_{relation.name} as new left join (from {relation.table} as loaded"
        f" semi join staged_{relation.name} as given"
        f" on {same_key(relation, 'loaded', 'given')}) as old on {same_key(relation, 'old', 'new')}"
        f" where new.problem is null and ({differing})"
    )


def _further_changes(relation: Relation, further: Further) -> str:
    """The accepted rows of a file whose further columns are not those that are loaded."""
    loaded = (
        f"select new.row_no, more.{further.name_column} as name,"
        f" cast(more.{further.value_column} as varchar) as value"
        f" from {further.table} as more join staged_{relation.name} as new"
        f" on {same_key(relation, 'more', 'new')} where new.problem is null"
    )
    given = f"select row_no, name, cast(value as varchar) as value from further_{relation.name}"
    return (
        f"select row_no from (({loaded}) except ({given}))"
        f" union all select row_no from (({given}) except ({loaded}))"
    )


def _old_further(relation: Relation, further: Further) -> str:
    """The further columns of each loaded row: key and JSON object of text."""
    return (
        f"select {key_of(relation, 'more')}, json_group_object(more.{further.name_column},"
        f" cast(more.{further.value_column} as varchar)) as further"
        f" from {further.table} as more group by {key_of(relation, 'more')}"
    )


def _keep_old_rows(
    connection: duckdb.DuckDBPyConnection, relation: Relation, load_id: int, of_changed: str
) -> int:
    """Puts loaded rows, those of a semi join or all, into `replaced_row`; returns how many."""
    columns = ", ".join(
        f"{literal(column.name)}, {_folder_text(column)}" for column in relation.columns
    )
    data, more = f"json_object({columns})", ""
    if relation.further:
        data = f"coalesce(json_merge_patch({data}, old_more.further), {data})"
        more = (
            f" left join ({_old_further(relation, relation.further)}) as old_more"
            f" on {same_key(relation, 'old_more', 'old')}"
        )
    result = connection.execute(
        "insert into portfolio.replaced_row (load_id, file, row_key, row_data)"
        f" select {load_id}, {literal(relation.name)}, {_row_key(relation)}, {data}"
        f" from {relation.table} as old{of_changed}{more}"
    ).fetchone()
    return int(result[0]) if result else 0


def _keep_new_keys(connection: duckdb.DuckDBPyConnection, source: SourceFile, load_id: int) -> None:
    """Notes which rows a load adds, unless it is the first or has emptied the portfolio."""
    is_noted = connection.execute(
        "select load_id > 1 and not is_replacing from portfolio.load where load_id = ?", [load_id]
    ).fetchone()
    if is_noted != (True,):
        return
    relation = source.relation
    if relation.name == INTERVAL_READS:
        keep_new_days(connection, load_id, put_directly=source.still_in_file)
        return
    connection.execute(
        "insert into portfolio.replaced_row (load_id, file, row_key, row_data)"
        f" select {load_id}, {literal(relation.name)}, {_row_key(relation)}, 'null'"
        f" from changed_{relation.name} as old where old.is_new"
    )


def _row_key(relation: Relation) -> str:
    """SQL for the key of a row of `old` as a JSON array of text."""
    return f"json_array({', '.join(_folder_text(column) for column in relation.key)})"


def _folder_text(column: Column) -> str:
    """SQL for a loaded value as a portfolio file has it."""
    name = f"old.{identifier(column.name)}"
    if column.kind in FORMATS:
        return f"strftime({name}, '{FORMATS[column.kind]}')"
    return f"cast({name} as varchar)"


def _delete(connection: duckdb.DuckDBPyConnection, relation: Relation, table: str) -> None:
    """Deletes the rows of a table whose key is to be written anew."""
    connection.execute(
        f"delete from {table} as old using changed_{relation.name} as changed"
        f" where {same_key(relation, 'old', 'changed')}"
    )


def _merge_further(
    connection: duckdb.DuckDBPyConnection, relation: Relation, further: Further
) -> None:
    """Writes the further columns of the changed rows anew."""
    _delete(connection, relation, further.table)
    key = ", ".join(identifier(column.name) for column in relation.key)
    connection.execute(
        f"insert into {further.table} ({key}, {further.name_column}, {further.value_column})"
        f" select {key}, name, cast(value as {TYPES[further.kind]}) from further_{relation.name}"
        f" join changed_{relation.name} using (row_no) order by row_no, position"
    )
