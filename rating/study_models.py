"""The models up to the bills, compiled by dbt once and run as often as a study asks.

dbt takes some 30 ms a model beside the query itself. A study that rates a few thousand bills, and
these several times over, runs the compiled queries itself: they are the same, in the same order.
Neither dbt's tests nor the reconciliation are run. What dbt compiled is kept for the next study: it
hangs on the project's files and these variables alone, not on what a database holds.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import duckdb
from sqlalchemy.engine import URL

from rating.dbt_build import NodeResult, Progress, cache_folder, dbt_build
from rating.errors import RatebookError
from rating.project import DBT_PROJECT
from rating.run_row import FIRST_MONTH, LAST_MONTH
from rating.study import Months

BUILD = "rating_build"
COMPILE = (
    "compile", "--select", "+bill", "+unbilled_read",
    "--exclude", "resource_type:test", "resource_type:unit_test",
)  # fmt: skip


def compile_bills(
    url: URL, months: Months = (None, None), progress: Progress | None = None
) -> Sequence[NodeResult]:
    """The models of a rating of these billing months; raises `RatebookError`.

    No connection to the database may be open meanwhile.
    """
    first, last = months
    variables = {
        "RATEBOOK_RUN_ID": "0",
        "RATEBOOK_FROM_MONTH": str(first or FIRST_MONTH),
        "RATEBOOK_TO_MONTH": str(last or LAST_MONTH),
        "RATEBOOK_SINCE_LOAD": "-1",
    }
    file, key = cache_folder(url) / "compiled.json", _key(variables)
    kept = _kept(file, key)
    if kept:
        return kept
    models = dbt_build(url, variables, arguments=COMPILE, progress=progress)
    bad = [one for one in models if one.is_bad]
    if bad or not models:
        raise RatebookError(f"the models cannot be compiled: {bad[0].message if bad else 'none'}")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"key": key, "models": [asdict(one) for one in models]}), "utf-8")
    return models


def _key(variables: Mapping[str, str]) -> str:
    """What compiled models are known by: dbt, the variables, and the text of the project."""
    found = hashlib.sha256(json.dumps([*variables.items()]).encode())
    for package in ("dbt-core", "dbt-duckdb"):
        found.update(version(package).encode())
    for file in sorted(DBT_PROJECT.rglob("*")):
        if file.suffix in (".sql", ".yml"):
            found.update(f"{file.relative_to(DBT_PROJECT)}".encode() + file.read_bytes())
    return found.hexdigest()


def _kept(file: Path, key: str) -> Sequence[NodeResult]:
    """The models that were compiled last, where they have this key."""
    try:
        content = json.loads(file.read_text("utf-8"))
        return [NodeResult(**one) for one in content["models"] if content["key"] == key]
    except (OSError, ValueError, TypeError, KeyError):
        return []  # none yet, or cut short, or of another release


def make_bills(connection: duckdb.DuckDBPyConnection, models: Sequence[NodeResult]) -> None:
    """Rate what the database holds into the tables `bill` and `unbilled_read` of the build."""
    connection.execute(f"create schema if not exists {BUILD}")
    for model in models:
        kind = "view" if model.materialized == "view" else "table"
        connection.execute(f"create or replace {kind} {BUILD}.{model.name} as {model.sql}")
