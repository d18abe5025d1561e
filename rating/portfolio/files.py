"""Reads the files of a portfolio folder, as text and whole, into temporary DuckDB tables."""

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from models.portfolio import NOT_OF_READS
from rating.errors import RatebookError, first_line
from rating.green_button.load import read_green_button_folder
from rating.portfolio.csv_file import csv_shape, read_csv
from rating.portfolio.parquet import can_stay, parquet_names, parquet_scan
from rating.portfolio.relations import INTERVAL_READS, RELATIONS, Kind, Relation

ENDINGS = (".csv", ".parquet")


@dataclass(frozen=True)
class SourceFile:
    """A file that lies in temporary table `table`: row_no, fields, c0, c1 … as text.

    `row_no` 1 is the first data row; a row with more fields than `header` goes on in x0, x1 …
    Of a folder, each row has its `file`, its `number` there and what is known to be wrong with it,
    `given`. Rows that are `still_in_file` lie in no table yet.
    """

    relation: Relation
    path: Path
    header: tuple[str, ...]
    extra_fields: int
    is_folder: bool = False
    still_in_file: bool = False

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
        names = [relation.name + ending for ending in ENDINGS]
        if relation.name == INTERVAL_READS:
            names.append(INTERVAL_READS)
        paths = [entries.pop(name) for name in names if name in entries]
        if len(paths) > 1:
            both = " and ".join(path.name for path in paths)
            problems.append(f"{both} are both there; remove one")
        elif paths:
            found[relation.name] = paths[0]
        elif relation.is_required:
            problems.append(f"{relation.name}.csv is missing in {folder}; add it")
    return found, [_entry_note(name) for name in entries if not name.startswith(".")], problems


def _entry_note(name: str) -> str:
    """Why an entry of the folder is not loaded."""
    return f"{name} is not loaded: it is no file of a portfolio"


def read_file(connection: duckdb.DuckDBPyConnection, relation: Relation, path: Path) -> SourceFile:
    """Reads one file into its temporary table; raises `RatebookError`."""
    if path.name == INTERVAL_READS:
        return _read_green_button(connection, relation, path)
    before = _state(path)
    refusal = None
    try:
        source = _read_one(connection, relation, path)
    except RatebookError as error:
        refusal = error
    except (OSError, ValueError, duckdb.Error) as error:
        words = first_line(error).rstrip(".")
        advice = "" if isinstance(error, duckdb.OutOfMemoryException) else "; mend or replace it"
        refusal = RatebookError(f"{path.name} cannot be read: {words}{advice}")
    if _state(path) != before:
        refusal = RatebookError(f"{path.name} changed while it was read; load it again")
    if refusal:
        raise refusal
    return source


def _state(path: Path) -> tuple[int, int] | None:
    """The size of a file and when it was written; nothing where it is gone."""
    with suppress(OSError):
        state = path.stat()
        return state.st_size, state.st_mtime_ns
    return None


def _read_one(connection: duckdb.DuckDBPyConnection, relation: Relation, path: Path) -> SourceFile:
    """Reads a file that is CSV or Parquet."""
    if not path.is_file():
        raise RatebookError(f"{path.name} is not a file; replace it by one")
    if path.stat().st_size == 0:
        raise RatebookError(f"{path.name} is empty; it needs at least a header row")
    read = _read_csv if path.suffix == ".csv" else _read_parquet
    return read(connection, relation, path)


def check_header(relation: Relation, file: str, names: Iterable[str]) -> tuple[str, ...]:
    """The column names of a file, stripped; raises `RatebookError`."""
    header = tuple(name.strip() for name in names)
    problems = [
        f"{file} has {count} columns named {name}; keep one"
        for name, count in Counter(header).items()
        if name and count > 1
    ]
    problems += [
        f"{file} has a column {name}, which Ratebook takes from {NOT_OF_READS[name]};"
        " name it otherwise or leave it out"
        for name in header
        if relation.name == "meter_reads" and name in NOT_OF_READS
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
    """Reads a Parquet file, each value as the text that a CSV file would have.

    Interval reads of fitting types stay where they are, for `rating.portfolio.clean_days`.
    """
    header = check_header(relation, path.name, parquet_names(connection, path))
    types = _parquet_types(connection, path)
    if relation.name == INTERVAL_READS and can_stay(dict(zip(header, types, strict=True))):
        return SourceFile(relation, path, header, 0, still_in_file=True)
    source = SourceFile(relation, path, header, 0)
    read_rest(connection, source)
    return source


def _parquet_types(connection: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    """DuckDB's types of the columns of a Parquet file."""
    described = connection.execute(f"describe select * from {parquet_scan(path)}").fetchall()
    return [str(row[1]) for row in described[:-1]]


def read_rest(connection: duckdb.DuckDBPyConnection, source: SourceFile, which: str = "") -> None:
    """Makes the table of a Parquet file, of all its rows or of those that a join chooses."""
    types = _parquet_types(connection, source.path)
    kinds = {column.name: column.kind for column in source.relation.columns}
    names = ", ".join(f"c{i}" for i in range(len(source.header)))
    texts = ", ".join(
        f"{_as_text(f'c{i}', type_, kinds.get(source.header[i], 'text'))} as c{i}"
        for i, type_ in enumerate(types)
    )
    connection.execute(
        f"create temp table {source.table} as select file_row + 1 as row_no,"
        f" {len(source.header)} as fields, {texts} from {parquet_scan(source.path)}"
        f" as source ({names}, file_row) {which}"
    )


def _read_green_button(
    connection: duckdb.DuckDBPyConnection, relation: Relation, folder: Path
) -> SourceFile:
    """Reads a folder of Green Button files; raises `RatebookError` with all that is wrong."""
    header = tuple(column.name for column in relation.columns)
    source = SourceFile(relation, folder, header, 0, is_folder=True)
    read_green_button_folder(connection, folder, source.table)
    return source


def _as_text(column: str, type_: str, kind: Kind) -> str:
    """SQL for a Parquet value as text: midnights as dates, firsts of a month as months.

    An instant without a time zone is one of UTC.
    """
    text = f"cast({column} as varchar)"
    if kind == "instant" and type_.startswith("TIMESTAMP"):
        moment = f"make_timestamp(epoch_us({column}))"
        return f"strftime({moment}, '%Y-%m-%dT%H:%M:%S.%fZ')"
    if type_ == "TIMESTAMP WITH TIME ZONE":
        column = f"({column} at time zone 'UTC')"
    elif type_ != "DATE" and not type_.startswith("TIMESTAMP"):
        return text
    day = f"strftime({column}, '%Y-%m-%d')"
    if kind == "month":
        day = f"case when day({column}) = 1 then strftime({column}, '%Y-%m') else {day} end"
    return f"case when {column} = date_trunc('day', {column}) then {day} else {text} end"
