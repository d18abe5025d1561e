"""Hashes of the tariffs and of the portfolio that a run was made from."""

import hashlib

import duckdb

from models.base import PORTFOLIO, TARIFF, Base

LEDGER = {"load", "load_file", "replaced_row", "change"}


def schema_hash(connection: duckdb.DuckDBPyConnection, schema: str) -> str:
    """A hash of all rows of a schema's tables, whatever order they lie in; 16 hex digits."""
    digest = hashlib.sha256()
    for table in Base.metadata.sorted_tables:
        if table.schema != schema or table.name in LEDGER:
            continue
        row = (
            "concat_ws('|', "
            + ", ".join(
                f"coalesce(cast({column.name} as varchar), '~')" for column in table.columns
            )
            + ")"
        )
        found = connection.execute(
            f"select count(*), bit_xor(md5_number_lower({row})) from {schema}.{table.name}"
        ).fetchone()
        digest.update(f"{table.name}:{found}".encode())
    return digest.hexdigest()[:16]


def tariff_hash(connection: duckdb.DuckDBPyConnection) -> str:
    """The hash of the tariff rows."""
    return schema_hash(connection, TARIFF)


def portfolio_hash(connection: duckdb.DuckDBPyConnection) -> str:
    """The hash of the portfolio rows."""
    return schema_hash(connection, PORTFOLIO)
