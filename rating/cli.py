"""The command `ratebook`: every command prints, and turns errors into sentences and exit codes.

Exit codes: 0 success, 1 a failed check, 2 bad usage or input.
"""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import duckdb
import typer
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from rating import run, setup, show, summary
from rating.cli_options import (
    Database,
    Json,
    SeedFolders,
    console,
    errors,
    parse_month,
    print_json,
    progress_line,
)
from rating.database import DEFAULT_URL, DEMO_URL, first_line, open_duckdb, parse_url
from rating.demo import demo as demonstrate
from rating.errors import RatebookError
from rating.explain import explain as explain_bill
from rating.export import export as export_relation
from rating.portfolio_load import load_folder
from rating.project import code_version
from rating.sample import write_sample

app = typer.Typer(
    name="ratebook",
    help="A relational tariff database with SQL-driven rating.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def version(
    show_version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """A relational tariff database with SQL-driven rating."""
    if show_version:
        console.print(f"ratebook {code_version()}", highlight=False)
        raise typer.Exit


@app.command()
def demo(
    database: Annotated[
        str, typer.Option("--database", help="The file to make; an old one is replaced.")
    ] = DEMO_URL,
    json: Json = False,
) -> None:
    """From nothing to reconciled bills of the sample portfolio."""
    url = parse_url(database)
    with progress_line("rating") as progress:
        done = demonstrate(url, progress)
    if not json:
        console.print(f"{done.schedules} schedules loaded into {database}", highlight=False)
        console.print(show.load_table(done.load))
    _print_run(url, done.run, json)
    if done.run.status != "published":
        raise typer.Exit(1)
    if not json:
        console.print(_next_steps(url), highlight=False, markup=False)


@app.command()
def init(database: Database = DEFAULT_URL, seeds: SeedFolders = None) -> None:
    """Create or migrate the database and load the tariffs of the seed folders."""
    schedules = setup.initialize(parse_url(database), seeds or [])
    console.print(f"the database holds {schedules} schedules", highlight=False)


@app.command()
def load(
    folder: Annotated[Path, typer.Argument(help="A portfolio folder of CSV or Parquet files.")],
    database: Database = DEFAULT_URL,
    replace: Annotated[bool, typer.Option("--replace", help="Empty the portfolio first.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 with rejected rows.")] = False,
    json: Json = False,
) -> None:
    """Load a portfolio folder: add its rows, and correct by key what was loaded before."""
    report = load_folder(parse_url(database), folder, replace=replace)
    if json:
        print_json({**asdict(report), "rows_rejected": report.rows_rejected})
    else:
        console.print(show.load_table(report))
    if strict and report.rows_rejected:
        raise typer.Exit(1)


@app.command()
def sample(
    folder: Annotated[Path, typer.Argument(help="The folder to write; an old sample is replaced.")],
    agreements: Annotated[int, typer.Option(min=1, help="How many agreements.")] = 1_000,
    months: Annotated[int, typer.Option(min=1, help="How many billing months.")] = 24,
    seed: Annotated[int, typer.Option(help="Another seed, other customers.")] = 1,
    parquet: Annotated[bool, typer.Option("--parquet", help="Parquet instead of CSV.")] = False,
    json: Json = False,
) -> None:
    """Write a portfolio of invented customers that looks like a municipal utility's."""
    report = write_sample(folder, agreements=agreements, months=months, seed=seed, parquet=parquet)
    if json:
        print_json(asdict(report))
        return
    for file, rows in report.rows.items():
        console.print(f"{rows:>10,} rows of {file}", highlight=False)
    console.print(
        f"planted: {len(report.planted_unbilled)} reads that cannot be billed,"
        f" {len(report.planted_rejected)} rows that cannot be loaded (planted.json lists them)",
        highlight=False,
    )


@app.command()
def rate(
    database: Database = DEFAULT_URL,
    engine: Annotated[str, typer.Option(help="Where the SQL runs: duckdb.")] = "duckdb",
    first: Annotated[
        str | None, typer.Option("--from", help="First billing month, YYYY-MM.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last billing month, YYYY-MM.")] = None,
    json: Json = False,
) -> None:
    """Rate the billing months: build, test, reconcile, publish."""
    if engine != "duckdb":
        raise RatebookError(f"--engine {engine} is not available; this release rates in duckdb")
    url = parse_url(database)
    first_month = parse_month(first) if first else None
    last_month = parse_month(last) if last else None
    if first_month and last_month and first_month > last_month:
        raise RatebookError(f"--from {first} lies after --to {last}; swap them")
    with progress_line("rating") as progress:
        report = run.rate(url, first_month=first_month, last_month=last_month, progress=progress)
    _print_run(url, report, json)
    if report.status != "published":
        raise typer.Exit(1)


@app.command()
def reconcile(
    run_id: Annotated[
        int | None, typer.Argument(metavar="[RUN]", help="Default: the last.")
    ] = None,
    database: Database = DEFAULT_URL,
    json: Json = False,
) -> None:
    """Show the reconciliation checks of a run."""
    with open_duckdb(parse_url(database)) as connection:
        run.require_tables(connection)
        found = connection.execute(
            "select max(run_id) from rating.reconciliation where ? is null or run_id = ?",
            [run_id, run_id],
        ).fetchone()
        if not found or found[0] is None:
            wanted = f"run {run_id} has" if run_id else "no run has"
            raise RatebookError(f"{wanted} reconciliation checks; run `ratebook rate` first")
        checks = run.checks_of(connection, found[0])
    if json:
        print_json([asdict(check) for check in checks])
    else:
        console.print(show.check_table(checks))
    if any(check.status != "pass" for check in checks):
        raise typer.Exit(1)


@app.command()
def explain(
    agreement: Annotated[str, typer.Argument(help="An agreement_id.")],
    month: Annotated[str, typer.Argument(help="A billing month, YYYY-MM.")],
    database: Database = DEFAULT_URL,
    json: Json = False,
) -> None:
    """Show a bill line by line: quantity × price, sheet, and how the demand came about."""
    billing_month = parse_month(month)
    with open_duckdb(parse_url(database)) as connection:
        run.require_tables(connection)
        found = explain_bill(connection, agreement, billing_month)
    if json:
        print_json(asdict(found))
    else:
        console.print(show.explanation(found))


@app.command()
def export(
    relation: Annotated[str, typer.Argument(help="A promised relation, such as bill.")],
    file: Annotated[Path, typer.Argument(help="A file that ends in .csv or .parquet.")],
    database: Database = DEFAULT_URL,
) -> None:
    """Write a promised relation to a CSV or Parquet file."""
    with open_duckdb(parse_url(database)) as connection:
        run.require_tables(connection)
        rows = export_relation(connection, relation, file)
    console.print(f"{rows:,} rows of {relation} written to {file}", highlight=False)


def _next_steps(url: URL) -> str:
    """Three commands to try on a rated database: a ratcheted bill, the checks, an export."""
    with open_duckdb(url) as connection:
        found = connection.execute(
            "select agreement_id, billing_month from rating.billing_demand"
            " where binding = 'ratchet' and demand_name = 'billing' order by 1, 2 limit 1"
        ).fetchone()
    commands = ["ratebook reconcile", "ratebook export bill_line_item lines.csv"]
    if found:
        commands.insert(0, f"ratebook explain {found[0]} {found[1]:%Y-%m}")
    target = f" --database {url.render_as_string()}"
    return "next:" + "".join(f"\n  {command}{target}" for command in commands)


def _print_run(url: URL, report: run.RunReport, json: bool) -> None:
    with open_duckdb(url) as connection:
        schedules = summary.by_schedule(connection)
        unbilled = summary.unbilled_by_reason(connection)
    if json:
        parts = asdict(report)
        parts["nodes"] = [asdict(node) for node in report.nodes if node.is_bad]
        print_json({**parts, "schedules": schedules, "unbilled_by_reason": unbilled})
        return
    if report.status != "published":
        for node in report.nodes:
            if node.is_bad:
                errors.print(f"{node.resource_type} {node.name}: {node.message}", markup=False)
        errors.print(show.run_lines(report))
        if report.failed_checks:
            errors.print(show.check_table(report.failed_checks))
        return
    console.print(show.schedule_table(schedules))
    for reason, count in unbilled.items():
        console.print(f"unbilled, {reason}: {count:,}", highlight=False)
    console.print(show.run_lines(report), highlight=False)


def main() -> None:
    """Run the command; errors become one sentence each on stderr and exit code 2."""
    try:
        app()
    except RatebookError as error:
        _complain(*error.messages)
    except (duckdb.Error, SQLAlchemyError, OSError) as error:
        _complain(first_line(error))


def _complain(*messages: str) -> None:
    for message in messages:
        errors.print(f"ratebook: {message}", markup=False)
    sys.exit(2)
