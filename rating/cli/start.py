"""The commands to begin with: a demonstration, and a sample portfolio."""

import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.engine import URL

from rating.cli.options import Json, console, print_json, print_whole, progress_line
from rating.cli.run import print_run
from rating.demo import demo as demonstrate
from rating.sample.portfolio import WHOLE, write_sample
from rating.show.results import load_table
from rating.store.database import DEMO_URL, open_duckdb
from rating.store.urls import parse_url, shown


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(demo)
    app.command()(sample)


def demo(
    database: Annotated[
        str,
        typer.Option(
            "--database",
            help="The file to make, an old one is replaced; or a PostgreSQL database"
            " without a portfolio.",
        ),
    ] = DEMO_URL,
    json: Json = False,
) -> None:
    """From nothing to reconciled bills of the sample portfolio."""
    url = parse_url(database)
    with progress_line("rating") as progress:
        done = demonstrate(url, progress)
    if not json:
        console.print(f"{done.schedules} schedules loaded into {shown(url)}", highlight=False)
        print_whole(load_table(done.load))
    print_run(url, done.run, json)
    if done.run.status != "published":
        raise typer.Exit(1)
    if not json:
        console.print(_next_steps(url), highlight=False, markup=False)


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
    if agreements < WHOLE:
        console.print(
            f"fewer than {WHOLE} agreements do not show every step of every schedule",
            highlight=False,
        )


def _next_steps(url: URL) -> str:
    """Three commands to try on a rated database: a ratcheted bill, the checks, an export."""
    with open_duckdb(url) as connection:
        found = connection.execute(
            "select agreement_id, billing_month from rating.billing_demand"
            " where binding = 'ratchet' and demand_name = 'billing' order by 1, 2 limit 1"
        ).fetchone()
    commands = ["reconcile", "export bill_line_item lines.csv"]
    if found:
        commands.insert(0, f"explain {found[0]} {found[1]:%Y-%m}")
    target = f" --database {shown(url)}"
    return "next:" + "".join(f"\n  {_program()} {command}{target}" for command in commands)


def _program() -> str:
    """How the command is called here: by its name where the shell finds it."""
    called = Path(sys.argv[0])
    if shutil.which("ratebook") or not called.is_relative_to(Path.cwd()):
        return "ratebook"
    return str(called.relative_to(Path.cwd()))
