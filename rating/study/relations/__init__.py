"""The relations of studies: each is a query in a file of its own, in the folder of its study."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb


def make_relation(
    connection: duckdb.DuckDBPyConnection, file: str, parameters: Mapping[str, Any] | None = None
) -> None:
    """Make a table of the schema `study`, named as the file (STUDY/NAME) that holds its query."""
    path = Path(__file__).parent / f"{file}.sql"
    query = path.read_text(encoding="utf-8")
    connection.execute(f"create or replace table study.{path.stem} as\n{query}", parameters or {})
