"""The command `ratebook`: every command prints, and turns errors into sentences and exit codes.

Exit codes: 0 success, 1 a failed check, 2 bad usage or input.
"""

import errno
import sys
from dataclasses import asdict
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, TextIO

import duckdb
import typer
from sqlalchemy.exc import SQLAlchemyError
from typer._click.exceptions import NoArgsIsHelpError, UsageError  # typer carries its own click

from rating import setup
from rating.cli import (
    author,
    ledger,
    reconcile,
    server,
    start,
    study,
    study_design,
    study_typical,
    tariffs,
    urdb,
)
from rating.cli.log_json import LogFormat, is_on, log, reset
from rating.cli.options import (
    Database,
    FirstMonth,
    Json,
    LastMonth,
    SeedFolders,
    console,
    errors,
    is_unicode,
    parse_month,
    parse_months,
    progress_line,
    show,
)
from rating.cli.run import print_run
from rating.errors import INTERRUPTED, RatebookError, first_line
from rating.explain.bill import explain as explain_bill
from rating.portfolio.load import load_folder
from rating.project import code_version
from rating.run import run
from rating.run.local_copy import rated_into
from rating.show.results import explanation, load_table
from rating.store.database import DEFAULT_URL, open_database
from rating.store.export import export as export_relation
from rating.store.postgres import told
from rating.store.urls import parse_url

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
def init(database: Database = DEFAULT_URL, seeds: SeedFolders = None) -> None:
    """Create or migrate the database; replace all its tariffs by those of the seed folders."""
    schedules = setup.initialize(parse_url(database), seeds or [])
    console.print(f"the database holds {schedules} schedules", highlight=False)


@app.command()
def load(
    folder: Annotated[Path, typer.Argument(help="A portfolio folder of CSV or Parquet files.")],
    database: Database = DEFAULT_URL,
    replace: Annotated[bool, typer.Option("--replace", help="Empty the portfolio first.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with status 1 if any row is rejected.")
    ] = False,
    json: Json = False,
    log_format: LogFormat = "text",
) -> None:
    """Load a portfolio folder: add its rows, and correct by key what was loaded before."""
    log("load started", folder=folder)
    report = load_folder(parse_url(database), folder, replace=replace)
    log("loaded", load_id=report.load_id, rows_rejected=report.rows_rejected)
    found = {**asdict(report), "rows_rejected": report.rows_rejected}
    show(found, load_table(report), json)
    if strict and report.rows_rejected:
        raise typer.Exit(1)


@app.command()
def rate(
    database: Database = DEFAULT_URL,
    engine: Annotated[str, typer.Option(help="What rates: duckdb or postgres.")] = run.DUCKDB,
    into: Annotated[
        Path | None, typer.Option(help="A new DuckDB file for the bills; the database stays as is.")
    ] = None,
    first: FirstMonth = None,
    last: LastMonth = None,
    changed: Annotated[
        bool, typer.Option("--changed", help="Only agreements changed by loads since the last run.")
    ] = False,
    json: Json = False,
    log_format: LogFormat = "text",
) -> None:
    """Rate the billing months: build, test, reconcile, publish."""
    first_month, last_month = parse_months(first, last)
    log("rating started", engine=engine)
    with rated_into(parse_url(database), into) as url, progress_line("rating") as progress:
        report = run.rate(
            url,
            engine=engine,
            first_month=first_month,
            last_month=last_month,
            changed_only=changed,
            progress=progress,
        )
    print_run(url, report, json)
    if report.status == "failed":
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
    with open_database(parse_url(database)) as connection:
        found = explain_bill(connection, agreement, billing_month)
    show(found.published, explanation(found), json)


@app.command()
def export(
    relation: Annotated[str, typer.Argument(help="A promised relation, such as bill.")],
    file: Annotated[Path, typer.Argument(help="A file that ends in .csv or .parquet.")],
    database: Database = DEFAULT_URL,
    load_id: Annotated[
        int | None, typer.Option("--load", help="Rejected rows of that load only.")
    ] = None,
    for_spreadsheet: Annotated[
        bool,
        typer.Option("--for-spreadsheet", help="Put ' before texts that look like a formula."),
    ] = False,
) -> None:
    """Write a promised relation to a CSV or Parquet file."""
    with open_database(parse_url(database)) as connection:
        rows = export_relation(
            connection, relation, file, load_id=load_id, for_spreadsheet=for_spreadsheet
        )
    console.print(f"{rows:,} rows of {relation} written to {file}", highlight=False)


ledger.register(app)
reconcile.register(app)
server.register(app)
start.register(app)
tariffs.register(app)
author.register(app)
study.register(app)
study_design.register(study.study)
study_typical.register(study.study)
urdb.register(app)


def main() -> None:
    """Run the command; errors become one sentence each on stderr and exit code 2."""
    reset()
    _show_what_fits(sys.stdout)
    try:
        code = app(standalone_mode=False, prog_name="ratebook")
    except RatebookError as error:
        _complain(*error.messages)
    except NoArgsIsHelpError as error:
        errors.print(error.format_message(), markup=False)
        sys.exit(2)
    except UsageError as error:
        message = error.format_message().rstrip(".")
        _complain(f"{message[:1].lower()}{message[1:]}; see `{_help_of(error)}`")
    except OSError as error:
        _complain(_of_system(error))
    except (duckdb.Error, SQLAlchemyError) as error:
        _complain(told(error))
    except RuntimeError as error:
        if str(error) != "Query interrupted":  # by the user, while DuckDB was at work
            raise
        sys.exit(INTERRUPTED)
    else:
        sys.exit(code if isinstance(code, int) else 0)


def _show_what_fits(stream: TextIO) -> None:
    """Have a question mark stand for a character that the screen's or file's encoding lacks."""
    if isinstance(stream, TextIOWrapper) and not is_unicode(stream):
        stream.reconfigure(errors="replace")


def _of_system(error: OSError) -> str:
    """What the system refused; only an output that is written has no name."""
    if error.filename is not None:
        return f"{error.filename} cannot be used ({error.strerror}); correct or name another"
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"the output cannot be written ({error.strerror})"
    return first_line(error)


def _help_of(error: UsageError) -> str:
    return f"{error.ctx.command_path if error.ctx else 'ratebook'} --help"


def _complain(*messages: str) -> None:
    for message in messages:
        log("refused", level="error", message=message)
        if not is_on():
            errors.print(f"ratebook: {message}", markup=False)
    sys.exit(2)
