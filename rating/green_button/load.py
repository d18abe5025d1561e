"""A folder of Green Button files put into a DuckDB table, as text, each row with its place."""

import csv
import tempfile
from dataclasses import astuple, fields
from pathlib import Path

import duckdb

from rating.errors import RatebookError
from rating.green_button.read import IntervalRow, read_green_button
from rating.store.quoting import literal

VALUES = ("agreement_id", "interval_start", "interval_minutes", "kwh", "kwh_received")


def read_green_button_folder(
    connection: duckdb.DuckDBPyConnection, folder: Path, table: str
) -> None:
    """Makes temporary table `table` of the *.xml files of a folder.

    Its columns are row_no (from 1, over all files), fields, c0 … c4 in the order of `VALUES`, the
    `file`, the `number` of the reading in it, and what is `given` to be wrong with it, or null.
    Raises `RatebookError` with a sentence for every file that cannot be read.
    """
    entries = sorted(folder.iterdir()) if folder.is_dir() else []
    files = [entry for entry in entries if entry.suffix.lower() == ".xml"]
    if not files:
        raise RatebookError(f"{folder.name} is no folder with Green Button files (*.xml)")
    with tempfile.TemporaryDirectory() as desk:
        rows = Path(desk) / "rows.csv"
        _write(files, rows)
        names = [field.name for field in fields(IntervalRow)]
        columns = ", ".join(f"{literal(name)}: 'varchar'" for name in ["file", *names])
        texts = ", ".join(f"{name} as c{i}" for i, name in enumerate(VALUES))
        connection.execute(
            f"create temp table {table} as select row_number() over () as row_no,"
            f" {len(VALUES)} as fields, {texts}, file, cast(number as integer) as number,"
            f" nullif(problem, '') as given from read_csv({literal(str(rows))}, header = false,"
            f" auto_detect = false, columns = {{{columns}}}, quote = '\"', escape = '\"',"
            " nullstr = '\x01', parallel = false)"
        )


def _write(files: list[Path], target: Path) -> None:
    """Writes the rows of the files as CSV, each behind its file's name."""
    problems: list[str] = []
    with target.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, quoting=csv.QUOTE_ALL)
        for file in files:
            try:
                found = read_green_button(file)
            except RatebookError as error:
                problems.extend(error.messages)
                continue
            name = f"{file.parent.name}/{file.name}"
            writer.writerows((name, *astuple(row)) for row in found)
    if problems:
        raise RatebookError(*problems)
