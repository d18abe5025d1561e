"""The first rows that a check or a test of the build found wrong: what a failure names."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import duckdb
from sqlalchemy.engine import URL

from models.base import BUILD
from rating.run.dbt_build import DECLARED_TESTS, OF_ELIGIBILITY, NodeResult
from rating.store.query import Row, query_rows
from rating.store.quoting import literal
from rating.store.urls import is_postgres

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
        rows = query_rows(connection, OF_CHECKS.format(build=build, shown=SHOWN), [run_id])
    except (duckdb.CatalogException, duckdb.BinderException):
        return []
    for row in rows:
        name = row.pop("check_name")
        found.setdefault(name, []).append(row)
    return [FailingRows(name, rows) for name, rows in found.items()]


def with_declared_tests(
    connection: duckdb.DuckDBPyConnection, url: URL, nodes: Iterable[NodeResult]
) -> list[NodeResult]:
    """The results, with each declared test that failed in the place of the one that asked them."""
    found = []
    for node in nodes:
        if node.name not in (DECLARED_TESTS, OF_ELIGIBILITY) or node.status != "fail":
            found.append(node)
            continue
        counts = f"select declared_test, count(*) as failing from ({node.sql}) as one group by 1"
        for row in query_rows(connection, f"from {_answer(url, counts)} order by 1"):
            name, count = row["declared_test"], row["failing"]
            rows = f"select failing_row from ({node.sql}) as one where declared_test = '{name}'"
            message = f"finds {count:,} {'row' if count == 1 else 'rows'} that must not be"
            found.append(replace(node, name=name, failures=count, message=message, sql=rows))
    return found


def rows_of_tests(
    connection: duckdb.DuckDBPyConnection, url: URL, nodes: Iterable[NodeResult]
) -> list[FailingRows]:
    """The rows that failed dbt tests return; those of declared tests come as JSON."""
    return [
        FailingRows(node.name, [_as_itself(row) for row in _first_rows(connection, url, node)])
        for node in nodes
        if node.resource_type == "test" and node.status == "fail" and node.sql
    ]


def _first_rows(connection: duckdb.DuckDBPyConnection, url: URL, node: NodeResult) -> list[Row]:
    return query_rows(connection, f"from {_answer(url, node.sql)} limit {SHOWN}")


def _answer(url: URL, query: str) -> str:
    """What a query of dbt answers, as a relation; it is in the words of its own database."""
    return f"postgres_query('store', {literal(query)})" if is_postgres(url) else f"({query})"


def _as_itself(row: Mapping[str, Any]) -> Mapping[str, Any]:
    if row.keys() != {"failing_row"}:
        return row
    values: dict[str, Any] = json.loads(row["failing_row"], parse_float=Decimal)
    return values
