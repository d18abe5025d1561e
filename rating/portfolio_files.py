"""Reads the files of a portfolio folder, as text and whole, into temporary DuckDB tables."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from rating.database import first_line
from rating.errors import RatebookError
from rating.portfolio_csv import csv_shape, read_csv
from rating.portfolio_relations import NOT_SUPPORTED, RELATIONS, Relation, literal

ENDINGS = (".csv", ".parquet")


@dataclass(frozen=True)
class SourceFile:
    """A file that lies in temporary table `table`: row_no, fields, c0, c1 … as text.

    `row_no` 1 is the first data row; a row with more fields than `header` goes on in x0, x1 …
    """

    relation: Relation
    path: Path
    header: tuple[str, ...]
    extra_fields: int

    @property
    def table(self) -> str:
        """The temporary table that holds its rows."""
        return f"raw_{self.relation.name}"

    @property
    def further_columns(self) -> dict[str, int]:
        """The columns that are not the relation's own: name to position."""
        return {n: i for i, n in enumerate(self.header) if n not in self.relation.names}


def read_folder(
    connection: duckdb.DuckDBPyConnection, folder: Path
) -> tuple[list[SourceFile], list[str]]:
    """The files of a folder, read, and notes on what is not loaded.

    Raises `RatebookError` with one sentence for everything that is wrong with the folder.
    """
    found, notes, problems = find_files(folder)
    sources = []
    for relation in RELATIONS:
        if relation.name in found:
            try:
                sources.append(read_file(connection, relation, found[relation.name]))
            except RatebookError as error:
                problems.extend(error.messages)
    if problems:
        raise RatebookError(*problems)
    return sources, notes


def find_files(folder: Path) -> tuple[dict[str, Path], list[str], list[str]]:
    """The file of each relation, notes on entries that are none, and what is wrong."""
    try:
        entries = {entry.name: entry for entry in sorted(folder.iterdir())}
    except FileNotFoundError:
        raise RatebookError(f"{folder} does not exist; name a portfolio folder") from None
    except NotADirectoryError:
        raise RatebookError(f"{folder} is not a folder; name a portfolio folder") from None
    except (OSError, ValueError) as error:
        raise RatebookError(f"{folder} cannot be read: {first_line(error)}") from None
    found: dict[str, Path] = {}
    problems = []
    for relation in RELATIONS:
        paths = [entries.pop(relation.name + e) for e in ENDINGS if relation.name + e in entries]
        if len(paths) > 1:
            problems.append(
                f"{relation.name}.csv and {relation.name}.parquet are both there; remove one"
            )
        elif paths:
            found[relation.name] = paths[0]
        elif relation.is_required:
            problems.append(f"{relation.name}.csv is missing in {folder}; add it")
    return found, [_entry_note(name) for name in entries if not name.startswith(".")], problems


def _entry_note(name: str) -> str:
    """Why an entry of the folder is not loaded."""
    if name in {NOT_SUPPORTED + ending for ending in ENDINGS}:
        return f"{name} is not loaded: interval reads are not supported yet"
    return f"{name} is not loaded: it is no file of a portfolio"


def read_file(connection: duckdb.DuckDBPyConnection, relation: Relation, path: Path) -> SourceFile:
    """Reads one file into its temporary table; raises `RatebookError`."""
    try:
        if not path.is_file():
            raise RatebookError(f"{path.name} is not a file; replace it by one")
        before = path.stat()
        if before.st_size == 0:
            raise RatebookError(f"{path.name} is empty; it needs at least a header row")
        read = _read_csv if path.suffix == ".csv" else _read_parquet
        source = read(connection, relation, path)
        after = path.stat()
    except (OSError, ValueError, duckdb.Error) as error:
        raise RatebookError(f"{path.name} cannot be read: {first_line(error)}") from None
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise RatebookError(f"{path.name} changed while it was read; load it again")
    return source


def check_header(relation: Relation, file: str, names: Iterable[str]) -> tuple[str, ...]:
    """The column names of a file, stripped; raises `RatebookError`."""
    header = tuple(name.strip() for name in names)
    problems = [
        f"{file} has {count} columns named {name}; keep one"
        for name, count in Counter(header).items()
        if name and count > 1
    ]
    unnamed = [str(number) for number, name in enumerate(header, 1) if not name]
    if unnamed:
        problems.append(f"{file} has no name for column {', '.join(unnamed)}; name or remove it")
    missing = [c.name for c in relation.columns if c.name in relation.header - set(header)]
    if missing:
        shown = ", ".join(name[:40] for name in header[:20])
        plural = len(missing) > 1
        problems.append(
            f"{file} lacks the column{'s' * plural} {', '.join(missing)};"
            f" add {'them' if plural else 'it'} (comma-separated, lower case; found: {shown})"
        )
    if problems:
        raise RatebookError(*problems)
    return header


def _read_csv(connection: duckdb.DuckDBPyConnection, relation: Relation, path: Path) -> SourceFile:
    """Reads a CSV file."""
    shape = csv_shape(path)
    header = check_header(relation, path.name, shape.header)
    source = SourceFile(relation, path, header, shape.widest - len(header))
    read_csv(connection, path, shape, source.table)
    return source


def _read_parquet(
    connection: duckdb.DuckDBPyConnection, relation: Relation, path: Path
) -> SourceFile:
    """Reads a Parquet file, each value as the text that a CSV file would have."""
    file = literal(str(path.absolute()))
    header = check_header(relation, path.name, _parquet_names(connection, file))
    scan = f"read_parquet({file}, binary_as_string = true, hive_partitioning = false)"
    types = [row[1] for row in connection.execute(f"describe select * from {scan}").fetchall()]
    source = SourceFile(relation, path, header, 0)
    names = ", ".join(f"c{i}" for i in range(len(header)))
    texts = ", ".join(
        f"{_as_text(f'c{i}', str(type_), header[i] == 'billing_month')} as c{i}"
        for i, type_ in enumerate(types)
    )
    connection.execute(
        f"create temp table {source.table} as select row_number() over () as row_no,"
        f" {len(header)} as fields, {texts} from {scan} as source ({names})"
    )
    return source


def _parquet_names(connection: duckdb.DuckDBPyConnection, file: str) -> list[str]:
    """The names of the top-level columns as the file has them, duplicates included."""
    rows = connection.execute(f"select name, num_children from parquet_schema({file})").fetchall()
    names: list[str] = []
    left: list[int] = []
    for name, children in rows[1:]:
        if not left:
            names.append(str(name))
        else:
            left[-1] -= 1
        left.append(children or 0)
        while left and left[-1] == 0:
            left.pop()
    return names


def _as_text(column: str, type_: str, is_month: bool) -> str:
    """SQL for a Parquet value as text: midnights as dates, firsts of a month as months."""
    text = f"cast({column} as varchar)"
    if type_ == "TIMESTAMP WITH TIME ZONE":
        column = f"({column} at time zone 'UTC')"
    elif type_ != "DATE" and not type_.startswith("TIMESTAMP"):
        return text
    day = f"strftime({column}, '%Y-%m-%d')"
    if is_month:
        day = f"case when day({column}) = 1 then strftime({column}, '%Y-%m') else {day} end"
    return f"case when {column} = date_trunc('day', {column}) then {day} else {text} end"
