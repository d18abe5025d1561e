"""Rows of `store` copied into the database beside it, with other values in some columns."""

from collections.abc import Mapping

import duckdb
from sqlalchemy import Table

from models.base import PORTFOLIO, Base

# What an agreement's bills are made of.
AGREEMENT_TABLES = [
    table
    for table in Base.metadata.sorted_tables
    if table.schema == PORTFOLIO and "agreement_id" in table.c and table.name != "billed_amount"
]


def copy_rows(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    replaced: Mapping[str, str],
    tail: str = "",
    *,
    source: str = "store.",
) -> None:
    """Copy the rows of a table, which SQL calls `source_row`.

    `replaced` is SQL for the columns that differ; `tail` follows the table: joins, a condition.
    """
    names = table.columns.keys()
    values = [replaced.get(name, f"source_row.{name}") for name in names]
    connection.execute(
        f"insert into {table.fullname} ({', '.join(names)})"
        f" select {', '.join(values)} from {source}{table.fullname} as source_row {tail}"
    )
