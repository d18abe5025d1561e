"""Whose tariffs a database holds."""

import duckdb

from rating.errors import RatebookError


def require_utility(connection: duckdb.DuckDBPyConnection, utility: str | None) -> None:
    """Raise `RatebookError` where a utility is named that no tariff is of."""
    rows = connection.execute("select utility from tariff.utility order by utility").fetchall()
    known = [name for (name,) in rows]
    if utility is not None and utility not in known:
        names = ", ".join(known) or "none: run `ratebook init` first"
        raise RatebookError(f"utility {utility} is unknown; choose one of {names}")
