"""Reads a CSV file into a DuckDB table, whole or not at all.

Python's parser counts rows, fields and characters, DuckDB's reads them. Where the two disagree,
and where a carriage return stands alone (DuckDB drops the character after it), the file is
written anew with every value quoted and read from there; if they still disagree it is refused.
"""

import csv
import re
import tempfile
from collections import Counter
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import duckdb

from rating.errors import RatebookError
from rating.store.quoting import literal

NO_VALUE = "\x01\x02"
CHUNK = 1 << 20
BATCH = 20_000
GROUP = 100
LONE_RETURN = re.compile(rb"\r[^\n]")


@dataclass(frozen=True)
class CsvShape:
    """The header of a CSV file, and of its data rows: number by fields, and characters.

    Blank lines are no rows; blanks before an unquoted value do not count.
    """

    header: list[str]
    widths: dict[int, int]
    characters: int
    has_lone_return: bool

    @property
    def widest(self) -> int:
        """The largest number of fields, header included."""
        return max([len(self.header), *self.widths])


def csv_shape(path: Path) -> CsvShape:
    """What a CSV file holds; raises `RatebookError` where it is no UTF-8 or no CSV."""
    has_lone_return = _has_lone_return(path)
    with path.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.reader(text, strict=True, skipinitialspace=True)
        header: list[str] | None = None
        widths: Counter[int] = Counter()
        characters = 0
        try:
            header = next((row for row in reader if row), None)
            while rows := list(islice(reader, BATCH)):
                widths.update(map(len, rows))
                characters += sum(map(len, chain.from_iterable(rows)))
        except UnicodeDecodeError:
            raise RatebookError(
                f"{path.name} line {_undecodable_line(path)} is not UTF-8; save it as UTF-8"
            ) from None
        except csv.Error as error:
            raise RatebookError(
                f"{path.name} line {reader.line_num} cannot be read as CSV: {error};"
                " check the quotes there"
            ) from None
    if header is None:
        raise RatebookError(f"{path.name} is empty; it needs at least a header row")
    del widths[0]
    return CsvShape(header, dict(widths), characters, has_lone_return)


def read_csv(
    connection: duckdb.DuckDBPyConnection, path: Path, shape: CsvShape, table: str
) -> None:
    """Makes temporary table `table`: row_no (from 1), fields, then each field as text.

    The fields are c0, c1 … under the header and x0, x1 … beyond it; a missing one is null, a
    blank one ''. Raises `RatebookError` or `duckdb.Error`.
    """
    if not shape.has_lone_return:
        try:
            if _read_once(connection, path, shape, table, "ltrim"):
                return
        except duckdb.Error:
            pass
    with tempfile.TemporaryDirectory() as folder:
        quoted = _quoted_copy(path, Path(folder))
        if not _read_once(connection, quoted, shape, table, ""):
            raise RatebookError(
                f"{path.name} cannot be read as CSV without doubt; check its quotes and line ends"
            )


def _read_once(
    connection: duckdb.DuckDBPyConnection, path: Path, shape: CsvShape, table: str, counted_as: str
) -> bool:
    """Reads a file by DuckDB's parser; returns whether all that Python's saw is there."""
    extra = shape.widest - len(shape.header)
    names = [f"c{i}" for i in range(len(shape.header))] + [f"x{i}" for i in range(extra)]
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    texts = ", ".join(f"{counted_as}({name})" for name in names)
    connection.execute(
        f"create or replace temp table {table} as"
        f" select row_number() over () - 1 as row_no, {_fields(names)} as fields, *"
        f" from read_csv({literal(str(path.absolute()))}, columns = {{{columns}}},"
        f" auto_detect = false, header = false, delim = ',', quote = '\"', escape = '\"',"
        f" nullstr = {literal(NO_VALUE)}, null_padding = true, strict_mode = false,"
        f" parallel = false, hive_partitioning = false, compression = 'none')"
    )
    connection.execute(f"delete from {table} where row_no = 0")
    counted = connection.execute(
        f"select fields, count(*), sum(length(concat({texts}))) from {table} group by fields"
    ).fetchall()
    widths = {int(width): int(rows) for width, rows, _ in counted}
    return widths == shape.widths and sum(row[2] for row in counted) == shape.characters


def _fields(names: list[str]) -> str:
    """SQL for the number of fields that are there, nested so that a wide file is not too deep."""
    present = [f"cast({name} is not null as integer)" for name in names]
    sums = [" + ".join(present[i : i + GROUP]) for i in range(0, len(present), GROUP)]
    return " + ".join(f"({part})" for part in sums)


def _has_lone_return(path: Path) -> bool:
    """Whether a carriage return is no part of a line end; raises `RatebookError` on a NUL."""
    lone, last = False, b""
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(CHUNK), b""):
            if b"\0" in chunk:
                raise RatebookError(f"{path.name} is not UTF-8 text; save it as CSV in UTF-8")
            lone = lone or LONE_RETURN.search(last + chunk) is not None
            last = chunk[-1:]
    return lone or last == b"\r"


def _quoted_copy(path: Path, folder: Path) -> Path:
    """A copy of a CSV file with every value quoted and one kind of line end."""
    copy = folder / path.name
    with (
        path.open(encoding="utf-8-sig", newline="") as text,
        copy.open("w", encoding="utf-8", newline="") as target,
    ):
        rows = csv.reader(text, strict=True, skipinitialspace=True)
        csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return copy


def _undecodable_line(path: Path) -> int:
    """The line of the first byte that is not UTF-8."""
    data = path.read_bytes()
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return data.count(b"\n", 0, error.start) + 1
    return 1
