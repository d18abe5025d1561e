"""The commands `ratebook study`: rate studies over the whole portfolio."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from rating.cli.options import (
    Database,
    FirstMonth,
    Json,
    LastMonth,
    console,
    errors,
    parse_months,
    print_json,
    progress_line,
)
from rating.cli.report import Charts, Html, Tables, facts_of, report
from rating.database import DEFAULT_URL
from rating.errors import RatebookError
from rating.export import require_format_and_folder
from rating.report.facts import Facts, ReportFiles
from rating.show.study import first_columns, proof_exhibit
from rating.study.compare import RELATIONS as COMPARE
from rating.study.compare import compare as compare_schedules
from rating.study.database import changed_since, count_of, rows_of, write_result
from rating.study.frequency import RELATIONS as FREQUENCY
from rating.study.frequency import frequency as count_frequency
from rating.study.proof import RELATIONS as PROOF
from rating.study.proof import proof as prove_revenue
from rating.study.propose import IMPACT_RELATIONS, PROPOSAL_RELATIONS
from rating.study.propose import propose as propose_scenario
from rating.urls import parse_url

MOST_LISTED = 20

study = typer.Typer(
    help="Rate studies over the whole portfolio; the database is only read.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Output = Annotated[
    Path | None, typer.Option("--output", help="Write the result to FILE.csv or FILE.parquet.")
]
Relation = Annotated[
    str | None, typer.Option("--relation", help="Which of the study's results; default the first.")
]
ScenarioFile = Annotated[Path, typer.Argument(help="A scenario, YAML.")]
Schedules = Annotated[
    list[str] | None, typer.Option("--schedule", help="Only this schedule; repeatable.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.add_typer(study, name="study")


@study.command()
def compare(
    database: Database = DEFAULT_URL,
    schedule: Schedules = None,
    first: FirstMonth = None,
    last: LastMonth = None,
    relation: Relation = None,
    output: Output = None,
    html: Html = None,
    charts: Charts = None,
    tables: Tables = None,
    json: Json = False,
) -> None:
    """Every agreement on every schedule it is eligible for, beside its actual bills."""
    chosen = chosen_relation(relation, COMPARE, output)
    files = ReportFiles(html, charts, tables).check()
    months = parse_months(first, last)
    with (
        progress_line("comparing") as progress,
        compare_schedules(
            parse_url(database),
            schedules=schedule or [],
            months=months,
            progress=progress,
            break_even=chosen == "break_even",
        ) as connection,
    ):
        show_result(connection, chosen, output, json)
        asked = {"Schedules": ", ".join(schedule)} if schedule else {}
        relations = [one for one in COMPARE if one != "break_even" or one == chosen]
        report(connection, facts_of(compare, relations, months, settings=asked), files, json)


@study.command()
def propose(
    scenario: ScenarioFile,
    database: Database = DEFAULT_URL,
    first: FirstMonth = None,
    last: LastMonth = None,
    relation: Relation = None,
    output: Output = None,
    html: Html = None,
    charts: Charts = None,
    tables: Tables = None,
    json: Json = False,
) -> None:
    """Every bill now and under a scenario, by component."""
    chosen = chosen_relation(relation, PROPOSAL_RELATIONS, output)
    files = ReportFiles(html, charts, tables).check()
    facts = facts_of(propose, PROPOSAL_RELATIONS, parse_months(first, last), scenario)
    _propose(scenario, database, facts, chosen, output, files, json)


@study.command()
def impact(
    scenario: ScenarioFile,
    database: Database = DEFAULT_URL,
    first: FirstMonth = None,
    last: LastMonth = None,
    relation: Relation = None,
    output: Output = None,
    html: Html = None,
    charts: Charts = None,
    tables: Tables = None,
    json: Json = False,
) -> None:
    """How a scenario's changes fall, by class, size and per cent; the largest with its reason."""
    chosen = chosen_relation(relation, IMPACT_RELATIONS, output)
    files = ReportFiles(html, charts, tables).check()
    facts = facts_of(impact, IMPACT_RELATIONS, parse_months(first, last), scenario)
    _propose(scenario, database, facts, chosen, output, files, json)


@study.command()
def frequency(
    database: Database = DEFAULT_URL,
    width: Annotated[int, typer.Option("--width", help="Of a use block, kWh.")] = 500,
    first: FirstMonth = None,
    last: LastMonth = None,
    relation: Relation = None,
    output: Output = None,
    html: Html = None,
    charts: Charts = None,
    tables: Tables = None,
    json: Json = False,
) -> None:
    """Bills and kWh by use block, and what is priced in each step."""
    chosen = chosen_relation(relation, FREQUENCY, output)
    files = ReportFiles(html, charts, tables).check()
    months = parse_months(first, last)
    with count_frequency(parse_url(database), width=width, months=months) as connection:
        show_result(connection, chosen, output, json)
        asked = {"Use blocks": f"{width:,} kWh"}
        report(connection, facts_of(frequency, FREQUENCY, months, settings=asked), files, json)


@study.command()
def proof(
    scenario: Annotated[Path | None, typer.Argument(help="A scenario, YAML.")] = None,
    database: Database = DEFAULT_URL,
    first: FirstMonth = None,
    last: LastMonth = None,
    relation: Relation = None,
    output: Output = None,
    html: Html = None,
    charts: Charts = None,
    tables: Tables = None,
    json: Json = False,
) -> None:
    """Proof of revenue: determinants × present and proposed prices, footing to the bills."""
    chosen = chosen_relation(relation, PROOF, output)
    files = ReportFiles(html, charts, tables).check()
    facts = facts_of(proof, PROOF, parse_months(first, last), scenario)
    with (
        progress_line("proving") as progress,
        prove_revenue(
            parse_url(database), scenario, months=facts.months, progress=progress
        ) as connection,
    ):
        show_result(connection, chosen, output, json)
        report(connection, facts, files, json)


def _propose(
    scenario: Path,
    database: str,
    facts: Facts,
    chosen: str,
    output: Path | None,
    files: ReportFiles,
    json: bool,
) -> None:
    with (
        progress_line("proposing") as progress,
        propose_scenario(
            parse_url(database), scenario, months=facts.months, progress=progress
        ) as connection,
    ):
        show_result(connection, chosen, output, json)
        report(connection, facts, files, json)


def chosen_relation(relation: str | None, relations: Sequence[str], output: Path | None) -> str:
    """The result to show; raises `RatebookError` before anything is rated."""
    if relation and relation not in relations:
        raise RatebookError(
            f"--relation {relation} is unknown; choose one of {', '.join(relations)}"
        )
    if output:
        require_format_and_folder(output)
    return relation or relations[0]


def show_result(
    connection: duckdb.DuckDBPyConnection, relation: str, output: Path | None, json: bool
) -> None:
    """Print or write a result, and say on stderr where it is of other inputs than the bills."""
    run_id = changed_since(connection)
    if run_id is not None:
        errors.print(
            f"ratebook: what is loaded has changed since run {run_id}; run `ratebook rate` first,"
            " or the changes that a study shows hold those of tariffs and portfolio too"
        )
    if output:
        rows = write_result(connection, relation, output)
        console.print(f"{rows:,} rows of {relation} written to {output}", highlight=False)
    elif json:
        print_json(rows_of(connection, relation))
    elif relation == "proof":
        console.print(proof_exhibit(rows_of(connection, relation)), highlight=False)
    else:
        _print_table(connection, relation)


def _print_table(connection: duckdb.DuckDBPyConnection, relation: str) -> None:
    rows = rows_of(connection, relation, MOST_LISTED)
    total = count_of(connection, relation)
    table, hidden = first_columns(f"{relation}: {total:,} rows", rows, console.width)
    console.print(table)
    if total > len(rows):
        console.print(f"… and {total - len(rows):,} more; --output FILE writes all of them")
    if hidden:
        console.print(f"… and the columns {', '.join(hidden)}", highlight=False)
