"""The options of every study that write a report of it."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from rating.cli.options import console
from rating.errors import RatebookError
from rating.memory.database import Months
from rating.report.facts import Facts, ReportFiles
from rating.study.scenario import read_scenario

Html = Annotated[
    Path | None, typer.Option("--html", help="Write a report to FILE.html: charts and tables.")
]
Charts = Annotated[
    Path | None, typer.Option("--charts", help="Write each chart to FOLDER, as SVG and PNG.")
]
Tables = Annotated[
    Path | None, typer.Option("--tables", help="Write each result to FOLDER, as CSV and Parquet.")
]


def facts_of(
    command: Callable[..., None],
    relations: Sequence[str],
    months: Months = (None, None),
    scenario: Path | None = None,
    *,
    settings: Mapping[str, str] | None = None,
) -> Facts:
    """The facts of a study's command, which asks what its help says; raises `RatebookError`."""
    question = (command.__doc__ or "").strip()
    text, asked = None, dict(settings or {})
    if scenario:
        asked["Scenario"] = read_scenario(scenario).scenario
        text = scenario.read_text("utf-8")
    return Facts(command.__name__, question, relations, months, text, asked)


def require_no_charts(study: str, files: ReportFiles) -> None:
    """Raise `RatebookError` where charts are wanted of a study that draws none."""
    if files.charts:
        raise RatebookError(
            f"study {study} draws no charts; leave --charts out; study propose has them"
        )


def report(
    connection: duckdb.DuckDBPyConnection, facts: Facts, files: ReportFiles, json: bool
) -> None:
    """Write what is wanted of a study; says so, unless JSON is printed."""
    if files == ReportFiles():
        return
    from rating.report.page import write_report  # the library that draws takes a second to import

    for sentence in write_report(connection, facts, files):
        if not json:
            console.print(sentence, highlight=False, markup=False)
