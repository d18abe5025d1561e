"""The models of bills that are looked at once, compiled by dbt once and run as often as asked.

dbt takes some 30 ms a model beside the query itself, and publishing copies every line. A study, a
trial and a comparison throw their bills away: they run the compiled queries themselves. They are
the same, in the same order. What dbt compiled is kept for the next study, of any database and of
any months: these take the places of `STAND_INS` in it. Compiling opens no database.
"""

import datetime
import hashlib
import json
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path

import duckdb
from sqlalchemy.engine import URL

from models.base import BUILD
from rating.errors import RatebookError, first_line
from rating.memory.database import CATALOG, Months
from rating.project import user_cache
from rating.run.changes import EVERYTHING, Base
from rating.run.dbt_build import NodeResult, Progress, dbt_build
from rating.run.row import FIRST_MONTH, LAST_MONTH, Asked
from rating.run.run import DUCKDB
from rating.store.limits import threads

BILLS = ("bill", "unbilled_read")
BILLS_AND_LINES = (*BILLS, "bill_line_item")
CHECKED_BILLS = (*BILLS_AND_LINES, "reconciliation")
EXPLAINED_BILLS = (*CHECKED_BILLS, "billing_demand")
ELIGIBILITY = ("eligibility",)
COMPILE = (
    "compile", "--select", *(f"+{name}" for name in (*EXPLAINED_BILLS, *ELIGIBILITY)),
    "--exclude", "resource_type:test", "resource_type:unit_test", "--no-populate-cache",
)  # fmt: skip
# Months that models are compiled for, found in their text where those asked for belong.
STAND_INS = (datetime.date(1111, 11, 1), datetime.date(8888, 8, 1))
MOST_KEPT = 4  # of all agreements and of some, for this project and the one before; half a megabyte
# DuckDB shares out work by so many rows: fewer are one thread's, and to wake another only costs.
ROW_GROUP = 122_880
READS = """
select (select count(*) from portfolio.meter_read) + (select count(*) from portfolio.interval_read)
"""
# A relation as compiled queries name it: "database"."schema"."name".
RELATION = re.compile(r'"\w+"\.("\w+"\."\w+")')


def compile_models(
    wanted: Iterable[str],
    months: Months = (None, None),
    *,
    since_load: int = EVERYTHING,
    progress: Progress | None = None,
) -> Sequence[NodeResult]:
    """The `wanted` models and all that they hang on, in their order, for these billing months.

    With `since_load` only agreements are rated that later loads name. Raises `RatebookError`.
    """
    asked = (months[0] or FIRST_MONTH, months[1] or LAST_MONTH)
    return [_of_months(model, asked) for model in _up_to(_compiled(since_load, progress), wanted)]


def _compiled(since_load: int, progress: Progress | None) -> Sequence[NodeResult]:
    """All models for the months of `STAND_INS`, compiled now or before."""
    variables = Asked(DUCKDB, STAND_INS, Base(None, since_load)).variables(run_id=0)
    folder = user_cache() / "compiled"
    file = folder / f"{_key(variables)}.json"
    models = _kept(file)
    if not models:
        nowhere = URL.create("duckdb", database=str(folder / f"{CATALOG}.duckdb"))
        models = dbt_build(nowhere, variables, arguments=COMPILE, progress=progress)
        bad = [one for one in models if one.is_bad]
        if bad or not models:
            said = bad[0].message if bad else "none"
            raise RatebookError(f"the models cannot be compiled: {said}")
        _keep(models, file)
    return models


def _of_months(model: NodeResult, months: tuple[datetime.date, datetime.date]) -> NodeResult:
    sql = model.sql
    for stand_in, month in zip(STAND_INS, months, strict=True):
        sql = sql.replace(str(stand_in), str(month))
    return replace(model, sql=sql)


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
    """Make the models of what the database holds; raises `RatebookError` where one fails.

    Not in a transaction: of what it has not committed DuckDB knows no sizes, and joins it badly.
    """
    connection.execute(f"create schema if not exists {BUILD}")
    with _threads_for_reads(connection):
        for number, model in enumerate(models, start=1):
            kind = "view" if model.materialized == "view" else "table"
            try:
                connection.execute(f"create or replace {kind} {BUILD}.{model.name} as {model.sql}")
            except duckdb.Error as error:
                raise RatebookError(
                    f"the bills cannot be rated: model {model.name}: {first_line(error)}"
                ) from None
            if progress:
                progress(model.name, number)


@contextmanager
def _threads_for_reads(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """One thread for few reads, while the block lasts."""
    ((reads,),) = connection.execute(READS).fetchall()
    connection.execute(f"set threads = {1 if reads < ROW_GROUP else threads()}")
    try:
        yield
    finally:
        connection.execute(f"set threads = {threads()}")


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
    """What compiled models are known by: what dbt is told, the text of the project within it."""
    return hashlib.sha256(json.dumps([COMPILE, *variables.items()]).encode()).hexdigest()


def _kept(file: Path) -> Sequence[NodeResult]:
    """The models that were compiled before."""
    try:
        os.utime(file)  # the last that were used are kept
        return [NodeResult(**one) for one in json.loads(file.read_text("utf-8"))]
    except (OSError, ValueError, TypeError):
        return []  # none yet, or cut short


def _keep(models: Iterable[NodeResult], file: Path) -> None:
    """Write compiled models to a file of their folder, and remove the oldest of the others."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([asdict(one) for one in models]), "utf-8")
    with suppress(FileNotFoundError):  # another process has removed it
        found = sorted(file.parent.glob("*.json"), key=lambda one: one.stat().st_mtime)
        for old in found[:-MOST_KEPT]:
            old.unlink()
