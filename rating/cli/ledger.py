"""The commands about runs: runs, diff, reproduce, publish."""

from dataclasses import asdict
from typing import Annotated

import typer

from rating.cli.log_json import LogFormat, log
from rating.cli.options import Database, Json, parse_run, progress_line, show
from rating.cli.run import print_run
from rating.run.ledger import difference
from rating.run.ledger import runs as all_runs
from rating.run.publish_built import publish_built
from rating.run.reproduce import reproduce as reproduce_run
from rating.show.ledger import difference_table, reproduction, run_table
from rating.store.database import DEFAULT_URL, open_database
from rating.store.urls import parse_url


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(runs)
    app.command()(diff)
    app.command()(reproduce)
    app.command()(publish)


def runs(database: Database = DEFAULT_URL, json: Json = False) -> None:
    """List the rating runs, the latest first."""
    with open_database(parse_url(database)) as connection:
        found = all_runs(connection)
    show([asdict(one) for one in found], run_table(found), json)


def diff(
    before: Annotated[
        int, typer.Argument(metavar="RUN", parser=parse_run, help="The earlier run.")
    ],
    after: Annotated[int, typer.Argument(metavar="RUN", parser=parse_run, help="The later run.")],
    database: Database = DEFAULT_URL,
    json: Json = False,
) -> None:
    """Name every bill that changed between two runs, by how much and why."""
    with open_database(parse_url(database)) as connection:
        found = difference(connection, before, after)
    show(asdict(found), difference_table(found), json)


def reproduce(
    run: Annotated[int, typer.Argument(metavar="RUN", parser=parse_run, help="A published run.")],
    database: Database = DEFAULT_URL,
    json: Json = False,
) -> None:
    """Rate a published run again, from the history that loads keep, and compare its bills."""
    with progress_line("reproducing") as progress:
        found = reproduce_run(parse_url(database), run, progress)
    show(asdict(found), reproduction(found), json)
    if found.differing:
        raise typer.Exit(1)


def publish(
    database: Database = DEFAULT_URL, json: Json = False, log_format: LogFormat = "text"
) -> None:
    """Audit what dbt has built by itself, and publish it as a run."""
    url = parse_url(database)
    log("audit started")
    with progress_line("auditing") as progress:
        report = publish_built(url, progress=progress)
    print_run(url, report, json)
    if report.status == "failed":
        raise typer.Exit(1)
