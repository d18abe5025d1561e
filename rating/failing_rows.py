"""The first rows that a check or a test of the build found wrong: what a failure names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from rating.dbt_build import NodeResult
from rating.publish import BUILD

SHOWN = 10

OF_CHECKS = """
select check_name, scope, agreement_id, billing_month, expected, actual
from {build}.reconciliation_compared
where
    expected is distinct from actual
    and (check_name, scope) in (
        select (check_name, scope) from {build}.reconciliation
        where run_id = $1 and status != 'pass'
    )
qualify row_number() over (
    partition by check_name order by abs(actual - expected) desc, agreement_id, billing_month
) <= {shown}
order by check_name, abs(actual - expected) desc, agreement_id, billing_month
"""


@dataclass(frozen=True)
class FailingRows:
    """The first rows that fail a check or a dbt test, each as column to value."""

    name: str
    rows: Sequence[Mapping[str, Any]]


def rows_of_checks(
    connection: duckdb.DuckDBPyConnection, run_id: int, build: str = BUILD
) -> list[FailingRows]:
    """The rows behind the failed checks of a run.

    None where the build is another run's, is gone, or was made under another name of the file.
    """
    found: dict[str, list[Mapping[str, Any]]] = {}
    try:
        rows = _rows(connection, OF_CHECKS.format(build=build, shown=SHOWN), [run_id])
    except (duckdb.CatalogException, duckdb.BinderException):
        return []
    for row in rows:
        name = row.pop("check_name")
        found.setdefault(name, []).append(row)
    return [FailingRows(name, rows) for name, rows in found.items()]


def rows_of_tests(
    connection: duckdb.DuckDBPyConnection, nodes: Iterable[NodeResult]
) -> list[FailingRows]:
    """The rows that failed dbt tests return."""
    return [
        FailingRows(node.name, _rows(connection, f"from ({node.sql}) limit {SHOWN}", []))
        for node in nodes
        if node.resource_type == "test" and node.status == "fail" and node.sql
    ]


def _rows(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: Sequence[Any]
) -> list[dict[str, Any]]:
    result = connection.execute(query, list(parameters))
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
