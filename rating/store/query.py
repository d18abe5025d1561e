"""What a query answers, as dicts."""

from collections.abc import Sequence
from typing import Any

import duckdb

Row = dict[str, Any]


def query_rows(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: Sequence[Any] = ()
) -> list[Row]:
    """The rows of a query in its order, each by the names of its columns."""
    result = connection.execute(query, list(parameters))
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
