"""Any promised relation written to a CSV or Parquet file."""

from pathlib import Path

import duckdb

from models.base import RATING, Base
from rating.database import first_line
from rating.errors import RatebookError

FORMATS = {".csv": "format csv, header", ".parquet": "format parquet"}


def promised_relations() -> list[str]:
    """The names of the promised relations."""
    return sorted(table.name for table in Base.metadata.sorted_tables if table.schema == RATING)


def export(connection: duckdb.DuckDBPyConnection, relation: str, file: Path) -> int:
    """Write a promised relation to FILE, by its ending; returns the number of rows.

    Rows come in the order of the relation's key. Raises `RatebookError`.
    """
    if relation not in promised_relations():
        raise RatebookError(
            f"there is no relation {relation}; choose one of {', '.join(promised_relations())}"
        )
    if file.suffix.lower() not in FORMATS:
        raise RatebookError(f"{file.name} ends neither in .csv nor in .parquet; rename it")
    if not file.parent.is_dir():
        raise RatebookError(f"the folder {file.parent} does not exist; create it first")
    key = ", ".join(
        column.name for column in Base.metadata.tables[f"{RATING}.{relation}"].primary_key
    )
    target = str(file).replace("'", "''")
    try:
        row = connection.execute(
            f"copy (select * from {RATING}.{relation} order by {key})"
            f" to '{target}' ({FORMATS[file.suffix.lower()]})"
        ).fetchone()
    except (duckdb.Error, OSError) as error:
        raise RatebookError(f"{file.name} cannot be written: {first_line(error)}") from None
    return int(row[0]) if row else 0
