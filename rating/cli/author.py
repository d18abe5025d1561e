"""The commands for whoever transcribes a sheet: try, seed-schema."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from rating.cli.options import (
    Database,
    Json,
    SeedFolders,
    console,
    errors,
    print_json,
    print_whole,
    progress_line,
)
from rating.cli.trial import trial_of, with_trial_options
from rating.errors import writing_to
from rating.seed.schema import schedule_schema, utility_schema
from rating.show.results import as_json, check_table, explanation
from rating.store.database import DEFAULT_URL
from rating.store.urls import parse_url
from rating.trial.bill import Tried, try_bills


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("try")(try_)
    app.command("seed-schema")(seed_schema)


@with_trial_options
def try_(
    schedule: Annotated[str, typer.Argument(help="A schedule, such as R-1.")],
    month: Annotated[str, typer.Option("--month", help="The billing month, YYYY-MM.")],
    database: Database = DEFAULT_URL,
    seeds: SeedFolders = None,
    json: Json = False,
    **options: Any,
) -> None:
    """Rate one invented read and show its bill, without a portfolio.

    The tariffs are those of the database, which is only read; with --seeds, or where there is no
    database, the shipped ones and those of the folders. The period is the calendar month; with
    --days alone it ends with it. A month that cannot be billed exits 1 and says what to give.
    """
    trial = trial_of(schedule, month, options)
    with progress_line("rating") as progress:
        tried = try_bills(parse_url(database), seeds or [], trial, progress)
    if json:
        print_json(_as_json(tried))
    else:
        _print(tried)
    if tried.failed_checks or any(bill.sentence for bill in tried.bills):
        raise typer.Exit(1)


def _print(tried: Tried) -> None:
    if tried.failed_checks:
        errors.print(f"ratebook: the bills cannot be rated: {tried.message}", markup=False)
        errors.print(check_table(tried.failed_checks))
    for bill in tried.bills:
        if bill.sentence:
            errors.print(f"ratebook: {bill.sentence}", markup=False)
        else:
            print_whole(explanation(bill.explanation))
    if not all(bill.sentence for bill in tried.bills):
        console.print(f"with {tried.tariffs}", highlight=False, markup=False, soft_wrap=True)


def _as_json(tried: Tried) -> dict[str, Any] | Sequence[dict[str, Any]]:
    """The bill or, for several kWh, the list of bills."""
    if tried.failed_checks:
        failed = [asdict(check) for check in tried.failed_checks]
        return {"status": "failed", "message": tried.message, "failed_checks": failed}
    found = [
        {"tariffs": tried.tariffs, **bill.explanation.published, "advice": bill.sentence}
        for bill in tried.bills
    ]
    return found[0] if len(found) == 1 else found


def seed_schema(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Written there; default: printed.")
    ] = None,
    utility: Annotated[bool, typer.Option("--utility", help="That of utility.yaml.")] = False,
) -> None:
    """Print the JSON Schema of a schedule's seed file, for editors."""
    text = as_json(utility_schema() if utility else schedule_schema())
    if file is None:
        typer.echo(text)
        return
    with writing_to(file):
        file.write_text(text + "\n", "utf-8")
    console.print(f"the schema is written to {file}", highlight=False)
