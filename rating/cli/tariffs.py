"""The commands about the tariffs themselves: lint, coverage, explain-factor, eligibility."""

from dataclasses import asdict
from typing import Annotated

import typer

from rating.cli.options import Database, Json, parse_month, progress_line, show
from rating.explain.factor import explain_factor as explain_one
from rating.lint.coverage import coverage as cover
from rating.lint.coverage import markdown as as_markdown
from rating.lint.findings import lint as find
from rating.run import eligibility as eligibilities
from rating.show.tariffs import (
    agreement_eligibility,
    coverage_table,
    eligibility_table,
    factor,
    findings,
)
from rating.store.database import DEFAULT_URL, open_database
from rating.store.urls import parse_url

Utility = Annotated[
    str | None, typer.Option("--utility", help="A utility's tariffs only, such as ipl-mo.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(lint)
    app.command()(coverage)
    app.command("explain-factor")(explain_factor)
    app.command()(eligibility)


def lint(utility: Utility = None, database: Database = DEFAULT_URL, json: Json = False) -> None:
    """Check the tariffs themselves: gaps, overlaps, dangling references, contradictions.

    Findings that a seed file acknowledges with a reason are listed and do not fail; what only a
    reader can find is listed as a reader's note. Exits 1 with errors that nobody acknowledged.
    """
    with open_database(parse_url(database)) as connection:
        found = find(connection, utility)
    show([asdict(one) for one in found], findings(found), json)
    if any(one.fails for one in found):
        raise typer.Exit(1)


def coverage(
    utility: Utility = None,
    database: Database = DEFAULT_URL,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the page docs/coverage.md.")
    ] = False,
    json: Json = False,
) -> None:
    """Show what of the books is transcribed: schedule by version, status, last verification."""
    with open_database(parse_url(database)) as connection:
        entries = cover(connection, utility)
    if markdown and not json:
        typer.echo(as_markdown(entries), nl=False)
        return
    show([asdict(one) for one in entries], coverage_table(entries), json)


def explain_factor(
    utility: Annotated[str, typer.Argument(help="A utility, such as ipl-mo.")],
    rider: Annotated[str, typer.Argument(help="A rider or clause with a formula.")],
    month: Annotated[str, typer.Argument(help="A billing month, YYYY-MM.")],
    database: Database = DEFAULT_URL,
    json: Json = False,
) -> None:
    """Show how a monthly factor comes about: inputs, steps, result, sheet."""
    billing_month = parse_month(month)
    with open_database(parse_url(database)) as connection:
        found = explain_one(connection, utility, rider, billing_month)
    printed = [{**asdict(one), "agrees": one.agrees} for one in found.printed]
    show({**asdict(found), "printed": printed}, factor(found), json)


def eligibility(
    agreement: Annotated[
        str | None, typer.Argument(metavar="[AGREEMENT]", help="Default: counts of all.")
    ] = None,
    year: Annotated[int | None, typer.Option("--year", help="One calendar year only.")] = None,
    database: Database = DEFAULT_URL,
    json: Json = False,
) -> None:
    """Show which schedules agreements qualify for, and which are on one they do not qualify for."""
    with (
        progress_line("eligibility") as progress,
        eligibilities.built(parse_url(database), progress) as connection,
    ):
        rows = eligibilities.of_agreement(connection, agreement, year) if agreement else []
        schedules = eligibilities.by_schedule(connection, year)
        disagreeing = eligibilities.disagreements(connection, year)
    if agreement:
        show(rows, agreement_eligibility(rows), json)
        return
    found = {"schedules": schedules, "disagreements": disagreeing}
    show(found, eligibility_table(schedules, disagreeing), json)
