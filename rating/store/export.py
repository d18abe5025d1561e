"""Any promised relation written to a CSV or Parquet file."""

from pathlib import Path

import duckdb
from sqlalchemy import Table

from models.base import RATING, Base
from rating.errors import RatebookError, first_line, require_folder
from rating.store.quoting import identifier, literal

FORMATS = {".csv": "format csv, header", ".parquet": "format parquet"}
# A spreadsheet takes a text that begins so for a formula.
FORMULA = "^[=+@\\t\\r-]"


def promised_relations() -> list[str]:
    """The names of the promised relations."""
    return sorted(table.name for table in Base.metadata.sorted_tables if table.schema == RATING)


def export(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    file: Path,
    *,
    load_id: int | None = None,
    for_spreadsheet: bool = False,
) -> int:
    """Write a promised relation to FILE, by its ending; returns the number of rows.

    Rows come in the order of the relation's key; with `load_id` those of one load. With
    `for_spreadsheet` a text that a spreadsheet would take for a formula begins with an
    apostrophe; else every value is written as it is. Raises `RatebookError`.
    """
    if relation not in promised_relations():
        raise RatebookError(
            f"there is no relation {relation}; choose one of {', '.join(promised_relations())}"
        )
    table = Base.metadata.tables[f"{RATING}.{relation}"]
    if load_id is not None:
        _require_load(connection, table, load_id)
    key = ", ".join(column.name for column in table.primary_key)
    rows = "" if load_id is None else f" where load_id = {load_id:d}"
    return write_query(
        connection,
        f"select * from {RATING}.{relation}{rows} order by {key}",
        file,
        for_spreadsheet=for_spreadsheet,
    )


def _require_load(connection: duckdb.DuckDBPyConnection, table: Table, load_id: int) -> None:
    if "load_id" not in table.columns:
        raise RatebookError(f"{table.name} has no loads; leave --load out")
    loads = [row[0] for row in connection.execute("select load_id from portfolio.load").fetchall()]
    if load_id not in loads:
        last = f"the last one is {max(loads)}" if loads else "there is none yet"
        raise RatebookError(f"there is no load {load_id}; {last}")


def write_query(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    file: Path,
    *,
    for_spreadsheet: bool = False,
) -> int:
    """Write the rows of a query to FILE, by its ending; returns their number.

    Raises `RatebookError`.
    """
    require_format_and_folder(file)
    if for_spreadsheet:
        query = f"select {_as_texts(connection, query)} from ({query})"
    try:
        row = connection.execute(
            f"copy ({query}) to {literal(str(file))} ({FORMATS[file.suffix.lower()]})"
        ).fetchone()
    except (duckdb.Error, OSError) as error:
        raise RatebookError(f"{file.name} cannot be written: {first_line(error)}") from None
    return int(row[0]) if row else 0


def require_format_and_folder(file: Path) -> None:
    """Raise `RatebookError` where FILE has another ending, or no folder to be written into."""
    if file.suffix.lower() not in FORMATS:
        raise RatebookError(f"{file.name or file} ends neither in .csv nor in .parquet; rename it")
    require_folder(file)


def _as_texts(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    """SQL for the columns of a query, texts with an apostrophe before what may be a formula."""
    columns = connection.execute(f"describe {query}").fetchall()
    return ", ".join(
        f"case when regexp_matches({name}, {literal(FORMULA)}) then '''' || {name}"
        f" else {name} end as {name}"
        if kind == "VARCHAR"
        else name
        for name, kind in ((identifier(column[0]), column[1]) for column in columns)
    )
