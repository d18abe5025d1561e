"""A rate study as one page: tables, charts, scenario, run and sheets; nothing from elsewhere."""

import datetime
from collections.abc import Sequence
from pathlib import Path

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from rating.errors import RatebookError
from rating.project import code_version
from rating.report import data
from rating.report.chart import Drawing, Sides
from rating.report.charts import drawings
from rating.report.facts import Facts, ReportFiles
from rating.report.layouts import Layout
from rating.report.sources import run_table, sheet_table
from rating.report.tables import make_table, result_table
from rating.store.export import FORMATS
from rating.store.query import query_rows
from rating.study.database import month_range, write_result

TEMPLATES = Path(__file__).parent / "templates"


def write_report(
    connection: duckdb.DuckDBPyConnection, facts: Facts, files: ReportFiles
) -> list[str]:
    """Write what is wanted of a study, from the connection that it gave.

    Returns a sentence for each; raises `RatebookError` where a file cannot be written.
    """
    written = []
    try:
        drawn = drawings(connection, facts.months) if files.html or files.charts else []
        if files.html:
            files.html.write_text(page(connection, facts, drawn), "utf-8")
            written.append(f"report written to {files.html}")
        if files.charts:
            _write_charts(drawn, files.charts)
            written.append(f"{len(drawn)} charts written to {files.charts}, as SVG and PNG")
        if files.tables:
            _write_tables(connection, facts.relations, files.tables)
            number = len(facts.relations)
            written.append(f"{number} results written to {files.tables}, as CSV and Parquet")
    except OSError as error:
        raise RatebookError(f"{error.filename} cannot be written: {error.strerror}") from None
    return written


def page(connection: duckdb.DuckDBPyConnection, facts: Facts, drawn: Sequence[Drawing]) -> str:
    """The page, HTML; `drawn` are the charts of the same connection."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    summary = query_rows(connection, data.BY_SCHEDULE)
    sides = Sides(*data.side_names(connection)).words
    by_schedule = Layout("The bills by schedule", ["utility"], sides=sides)
    return environment.get_template("report.html.j2").render(
        title=f"Rate study: {facts.study}",
        facts=facts,
        about=_about(facts),
        summary=make_table("summary", by_schedule, summary, len(summary)),
        drawings=[(one, one.svg()) for one in drawn],
        tables=[result_table(connection, relation) for relation in facts.relations],
        runs=run_table(connection),
        sheets=sheet_table(connection, facts.months),
        version=code_version(),
        made_at=datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
    )


def _about(facts: Facts) -> dict[str, str]:
    return {"Billing months": month_range(facts.months), **facts.settings}


def _write_charts(drawn: Sequence[Drawing], folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for one in drawn:
        (folder / f"{one.name}.svg").write_text(one.svg(), "utf-8")
        (folder / f"{one.name}.png").write_bytes(one.png())


def _write_tables(
    connection: duckdb.DuckDBPyConnection, relations: Sequence[str], folder: Path
) -> None:
    folder.mkdir(exist_ok=True)
    for relation in relations:
        for ending in FORMATS:
            write_result(connection, relation, folder / f"{relation}{ending}")
