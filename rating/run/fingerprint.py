"""Hashes of the tariffs and of the portfolio that a run was made from."""

import hashlib

import duckdb

from models.base import PORTFOLIO, TARIFF, Base

LEDGER = {"load", "load_file", "replaced_row", "change"}
# Too many rows to be written out as text first.
LARGE = {"interval_read"}


def schema_hash(connection: duckdb.DuckDBPyConnection, schema: str) -> str:
    """A hash of all rows of a schema's tables, whatever order they lie in; 16 hex digits."""
    digest = hashlib.sha256()
    for table in Base.metadata.sorted_tables:
        if table.schema != schema or table.name in LEDGER:
            continue
        names = [column.name for column in table.columns]
        texts = ", ".join(f"coalesce(cast({name} as varchar), '~')" for name in names)
        row = f"md5_number_lower(concat_ws('|', {texts}))"
        if table.name in LARGE:
            row = f"hash({', '.join(names)})"
        found = connection.execute(
            f"select count(*), bit_xor({row}) from {schema}.{table.name}"
        ).fetchone()
        digest.update(f"{table.name}:{found}".encode())
    return digest.hexdigest()[:16]


def tariff_hash(connection: duckdb.DuckDBPyConnection) -> str:
    """The hash of the tariff rows."""
    return schema_hash(connection, TARIFF)


def portfolio_hash(connection: duckdb.DuckDBPyConnection) -> str:
    """The hash of the portfolio rows."""
    return schema_hash(connection, PORTFOLIO)
