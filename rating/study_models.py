"""The models that studies ask for, compiled by dbt once and run as often as a study asks.

dbt takes some 30 ms a model beside the query itself, and publishing copies every line. A study's
bills are looked at once and thrown away: it runs the compiled queries itself. They are the same, in
the same order. What dbt compiled is kept for the next study: it hangs on the project's files and
these variables alone, not on what a database holds.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import duckdb
from sqlalchemy.engine import URL

from rating.changes import EVERYTHING, Base
from rating.dbt_build import NodeResult, Progress, cache_folder, dbt_build
from rating.errors import RatebookError, first_line
from rating.project import DBT_PROJECT
from rating.publish import BUILD
from rating.run import DUCKDB
from rating.run_row import FIRST_MONTH, LAST_MONTH, Asked
from rating.study import Months

BILLS = ("bill", "unbilled_read")
BILLS_AND_LINES = (*BILLS, "bill_line_item")
CHECKED_BILLS = (*BILLS_AND_LINES, "reconciliation")
ELIGIBILITY = ("eligibility",)
COMPILE = (
    "compile", "--select", *(f"+{name}" for name in (*CHECKED_BILLS, *ELIGIBILITY)),
    "--exclude", "resource_type:test", "resource_type:unit_test",
)  # fmt: skip
# A relation as compiled queries name it: "database"."schema"."name".
RELATION = re.compile(r'"\w+"\.("\w+"\."\w+")')


def compile_models(
    url: URL,
    wanted: Iterable[str],
    months: Months = (None, None),
    *,
    since_load: int = EVERYTHING,
    progress: Progress | None = None,
) -> Sequence[NodeResult]:
    """The `wanted` models and all that they hang on, in their order, for these billing months.

    With `since_load` only agreements are rated that later loads name. No connection to the database
    may be open meanwhile. Raises `RatebookError`.
    """
    asked = (months[0] or FIRST_MONTH, months[1] or LAST_MONTH)
    variables = Asked(DUCKDB, asked, Base(None, since_load)).variables(run_id=0)
    file, key = cache_folder(url) / "compiled.json", _key(variables)
    models = _kept(file, key)
    if not models:
        models = dbt_build(url, variables, arguments=COMPILE, progress=progress)
        bad = [one for one in models if one.is_bad]
        if bad or not models:
            said = bad[0].message if bad else "none"
            raise RatebookError(f"the models cannot be compiled: {said}")
        file.parent.mkdir(parents=True, exist_ok=True)
        content = {"key": key, "models": [asdict(one) for one in models]}
        file.write_text(json.dumps(content), "utf-8")
    return _up_to(models, wanted)


def models_of(models: Iterable[NodeResult], tables: Collection[str]) -> list[NodeResult]:
    """The models that hang on any of these tariff tables."""
    moved = {f'"tariff"."{name}"' for name in tables}
    found = []
    for model in models:
        if not moved.isdisjoint(RELATION.findall(model.sql)):
            moved.add(_relation(model.name))
            found.append(model)
    return found


def make(
    connection: duckdb.DuckDBPyConnection,
    models: Iterable[NodeResult],
    progress: Progress | None = None,
) -> None:
    """Make the models of what the database holds; raises `RatebookError` where one fails."""
    connection.execute(f"create schema if not exists {BUILD}")
    for number, model in enumerate(models, start=1):
        kind = "view" if model.materialized == "view" else "table"
        try:
            connection.execute(f"create or replace {kind} {BUILD}.{model.name} as {model.sql}")
        except duckdb.Error as error:
            raise RatebookError(
                f"the study cannot be rated: model {model.name}: {first_line(error)}"
            ) from None
        if progress:
            progress(model.name, number)


def _up_to(models: Sequence[NodeResult], wanted: Iterable[str]) -> list[NodeResult]:
    needed = {_relation(name) for name in wanted}
    found = []
    for model in reversed(models):
        if _relation(model.name) in needed:
            needed.update(RELATION.findall(model.sql))
            found.append(model)
    return found[::-1]


def _relation(model: str) -> str:
    return f'"{BUILD}"."{model}"'


def _key(variables: Mapping[str, str]) -> str:
    """What compiled models are known by: dbt, what it is told, and the text of the project."""
    found = hashlib.sha256(json.dumps([COMPILE, *variables.items()]).encode())
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
