"""Turns the text of a portfolio file into typed rows, each with what is wrong with it.

Everything is set-based SQL in DuckDB. `staged_<relation>` has row_no, the typed columns and
`problem`: null where the row can be loaded, else one sentence per problem. `further_<relation>`
has the non-blank values of the columns that the relation itself does not have.
"""

import difflib
from collections.abc import Iterator

import duckdb

from rating.portfolio.bounds import OTHER, beyond, beyond_column, negative, separators
from rating.portfolio.files import SourceFile
from rating.portfolio.looked_at import attributes_looked_at, quantities_looked_at
from rating.portfolio.relations import Column, Relation
from rating.portfolio.values import TYPES, off_clock, parsed, unread
from rating.store.quoting import identifier, literal

ALIKE = 0.8  # of the similarity of two names, of which 1 is sameness
NUMBER_LIKE = r"[+-]?(nan|inf|infinity|[0-9.,]+(e[+-]?[0-9]+)?)"


def stage(connection: duckdb.DuckDBPyConnection, source: SourceFile) -> list[str]:
    """Makes `staged_` and `further_` of a file, checked row by row; returns notes.

    A row of the wrong width is staged with blank columns and that one problem.
    """
    relation, width = source.relation, len(source.header)
    texts = ", ".join(
        f"{_text(source, column.name)} as t{i}" for i, column in enumerate(relation.columns)
    )
    values = ", ".join(
        f"{_value(source, f't{i}', column)} as {identifier(column.name)}"
        for i, column in enumerate(relation.columns)
    )
    names = ", ".join(identifier(column.name) for column in relation.columns)
    given = "given" if source.is_folder else "cast(null as varchar)"
    problems = ", ".join(["given", *_value_problems(source), *_row_problems(relation)])
    connection.execute(
        f"create temp table staged_{relation.name} as"
        f" with texts as (select row_no, {given} as given, {texts} from {source.table}"
        f" where fields = {width}),"
        f" parsed as (select *, {values} from texts)"
        f" select row_no, {names}, nullif(concat_ws('; ', {problems}), '') as problem from parsed"
        f" union all by name select row_no, 'the row has ' || fields || ' fields where the header"
        f" has {width}: give it as many' as problem from {source.table} where fields <> {width}"
    )
    notes = _absent(source) + _stage_further(connection, source)
    _reject_duplicates(connection, source)
    return notes


def add_problems(connection: duckdb.DuckDBPyConnection, relation: Relation, found: str) -> None:
    """Adds the problems that a query finds: row_no, reason; at most one row each."""
    staged = f"staged_{relation.name}"
    connection.execute(
        f"update {staged} set problem = concat_ws('; ', {staged}.problem, found.reason)"
        f" from ({found}) as found where {staged}.row_no = found.row_no"
    )


def key_of(relation: Relation, alias: str) -> str:
    """The key columns of an alias, separated by commas."""
    return ", ".join(f"{alias}.{identifier(column.name)}" for column in relation.key)


def same_key(relation: Relation, one: str, other: str) -> str:
    """The condition that two aliases have the same key."""
    names = [identifier(column.name) for column in relation.key]
    return " and ".join(f"{one}.{name} = {other}.{name}" for name in names)


def _text(source: SourceFile, column: str) -> str:
    """SQL for the trimmed text of a column of the file; null where blank or absent."""
    if column not in source.header:
        return "cast(null as varchar)"
    return f"trimmed(c{source.header.index(column)})"


def _value(source: SourceFile, text: str, column: Column) -> str:
    """SQL for a typed value; blank is null, false, or 0 where a number is part of the key."""
    blank = "null"
    if column.kind == "boolean":
        blank = "false"
    elif column.is_key and not column.is_needed:
        blank = "0"
    if column.name not in source.header:
        return f"cast({blank} as {TYPES[column.kind]})"
    return parsed(text, column.kind, blank)


def _value_problems(source: SourceFile) -> list[str]:
    """SQL for what is wrong with each value by itself; an absent column is blank."""
    relation, problems = source.relation, []
    for i, column in enumerate(relation.columns):
        name, value = literal(column.name), identifier(column.name)
        if column.is_needed:
            problems.append(f"case when t{i} is null then {name} || ' is blank: fill it in' end")
        if column.name not in source.header:
            continue
        if column.kind != "text":
            problems.append(unread(name, f"t{i}", value, column.kind))
        if column.name in relation.not_negative:
            problems.append(negative(name, value, f"t{i}"))
        problems += beyond_column(relation, column.name, value, f"t{i}")
        if column.kind == "text":
            problems.append(separators(name, f"t{i}"))
        if column.kind == "instant":
            problems.append(off_clock(name, value))
        if column.kind == "quantity" and relation.too_much:
            problems.append(
                f"case when {value} >= {relation.too_much} then {name} || ' ' || shown(t{i}) ||"
                f" ' is more than an interval can have: correct it' end"
            )
        if column.name in relation.fractions:
            problems.append(
                f"case when {value} <= 0 or {value} > 1 then {name} || ' ' || shown(t{i}) ||"
                f" ' is not above 0 and at most 1: write it as a fraction such as 0.84' end"
            )
    return problems


def _row_problems(relation: Relation) -> list[str]:
    """SQL for what is wrong with the values of one row together."""
    if relation.period is None:
        return []
    start, end = relation.period
    return [
        f"case when {end} <= {start}"
        f" then '{end} ' || {end} || ' is not after {start} ' || {start} || ': correct one' end"
    ]


def _reject_duplicates(connection: duckdb.DuckDBPyConnection, source: SourceFile) -> None:
    """Rejects every row whose key another row of the file, or of the folder, has too."""
    relation = source.relation
    rows = "'rows ' || array_to_string(row_nos, ', ') || if(row_count > 5, ' …', '')"
    if source.is_folder:
        rows = "row_count || ' readings'"
    key = key_of(relation, "staged")
    complete = " and ".join(f"staged.{identifier(c.name)} is not null" for c in relation.key)
    names = ", ".join(column.name for column in relation.key)
    add_problems(
        connection,
        relation,
        f"with repeated as (select {key} from staged_{relation.name} as staged where {complete}"
        f" group by {key} having count(*) > 1),"
        f" listed as (select {key}, min(row_no, 5) as row_nos, count(*) as row_count"
        f" from staged_{relation.name} as staged join repeated"
        f" on {same_key(relation, 'staged', 'repeated')} group by {key})"
        f" select staged.row_no, {rows} || ' have the same {names}: keep one of them'"
        f" as reason from staged_{relation.name} as staged join listed"
        f" on {same_key(relation, 'staged', 'listed')}",
    )


def _stage_further(connection: duckdb.DuckDBPyConnection, source: SourceFile) -> list[str]:
    """Makes `further_<relation>` (row_no, name, value as text); returns notes."""
    relation, table = source.relation, f"further_{source.relation.name}"
    columns = source.further_columns if relation.further else {}
    items = ", ".join(
        f"{{'position': {i}, 'name': {literal(name)}, 'text': {_text(source, name)}}}"
        for name, i in columns.items()
    )
    listed = f"unnest([{items}])" if items else "{'position': 0, 'name': '', 'text': null::varchar}"
    connection.execute(
        f"create temp table {table} as select row_no, item.position as position,"
        f" item.name as name, item.text as value from (select row_no, {listed} as item"
        f" from {source.table} where fields = {len(source.header)}) where item.text is not null"
    )
    if relation.further is None:
        return [f"{source.path.name}: column {n} is not loaded" for n in source.further_columns]
    notes = [*_near_names(connection, source)]
    if relation.further.kind == "quantity":
        notes += _check_quantities(connection, source)
    else:
        add_problems(
            connection,
            relation,
            f"select row_no, string_agg({separators('name', 'value')}, '; ' order by position)"
            f" as reason from {table} group by row_no having reason is not null",
        )
    return notes


def _absent(source: SourceFile) -> list[str]:
    """Notes on columns that are not there, and that a row says little without."""
    return [
        f"{source.path.name}: there is no column {column.name}; it counts as blank"
        for column in source.relation.columns
        if column.name in source.relation.expected - set(source.header)
    ]


def _near_names(connection: duckdb.DuckDBPyConnection, source: SourceFile) -> Iterator[str]:
    """Notes on further columns that no tariff looks at and whose names are almost a known one."""
    if not source.further_columns:
        return
    quantities = source.relation.further and source.relation.further.kind == "quantity"
    looked_at = (quantities_looked_at if quantities else attributes_looked_at)(connection)
    known = looked_at.union(source.relation.names)
    for name in source.further_columns:
        if name.lower() in source.relation.names:
            yield (
                f"{source.path.name}: column {name} is taken as a further column, for the"
                f" contract's is written {name.lower()}"
            )
        elif name not in looked_at:
            for like in difflib.get_close_matches(name.lower(), known, n=1, cutoff=ALIKE):
                yield f"{source.path.name}: no tariff looks at column {name}; did you mean {like}?"


def _check_quantities(connection: duckdb.DuckDBPyConnection, source: SourceFile) -> list[str]:
    """Rejects rows whose further values are no numbers; notes columns that hold none at all."""
    table = f"further_{source.relation.name}"
    words = connection.execute(
        f"select name from {table} group by name, position having bool_and(not regexp_full_match("
        f"lower(value), '{NUMBER_LIKE}')) and not regexp_matches(lower(name), '^k[wv]')"
        " order by position"
    ).fetchall()
    connection.execute(
        f"create or replace temp table {table} as select row_no, position, name, value as text,"
        f" {parsed('value', 'quantity')} as value from {table}"
        " where not list_contains(?, name)",
        [[name for (name,) in words]],
    )
    unreadable = unread("name", "text", "value", "quantity")
    add_problems(
        connection,
        source.relation,
        f"select row_no, string_agg(reason, '; ' order by position) as reason"
        f" from (select row_no, position, coalesce({unreadable}, case when lower(name) like 'kw%'"
        f" then {negative('name', 'value', 'text')} end, {beyond('name', 'value', 'text', OTHER)})"
        f" as reason from {table})"
        f" where reason is not null group by row_no",
    )
    return [
        f"{source.path.name}: column {name} is not loaded: it has no numbers" for (name,) in words
    ]
