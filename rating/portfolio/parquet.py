"""Parquet files of a portfolio folder: how they are scanned, and whose rows need no reading."""

import re
from collections.abc import Mapping
from pathlib import Path

import duckdb

from rating.store.quoting import literal

WHOLE = re.compile(r"U?(TINY|SMALL|BIG)?INT(EGER)?")
DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
PLACES, DIGITS = 6, 12


def can_stay(types: Mapping[str, str]) -> bool:
    """Whether the columns of a file have types that can be checked without their text."""
    quantities = [types[name] for name in ("kwh", "kwh_received") if name in types]
    return (
        types["agreement_id"] == "VARCHAR"
        and types["interval_start"].startswith("TIMESTAMP")
        and WHOLE.fullmatch(types.get("interval_minutes", "")) is not None
        and all(map(_is_exact, quantities))
    )


def _is_exact(type_: str) -> bool:
    """Whether every value of a type that fits a quantity is told by comparing it with that."""
    decimal = DECIMAL.fullmatch(type_)
    if decimal:
        digits, places = int(decimal[1]), int(decimal[2])
        return places <= PLACES and digits - places <= DIGITS
    return type_ == "DOUBLE" or WHOLE.fullmatch(type_) is not None


def parquet_scan(path: Path) -> str:
    """SQL that scans a Parquet file: its columns, then the number of the row from 0."""
    return (
        f"read_parquet({literal(str(path.absolute()))}, binary_as_string = true,"
        " hive_partitioning = false, file_row_number = true)"
    )


def parquet_names(connection: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    """The names of the top-level columns as the file has them, duplicates included."""
    schema = f"parquet_schema({literal(str(path.absolute()))})"
    rows = connection.execute(f"select name, num_children from {schema}").fetchall()
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
