"""The command about a PostgreSQL server: grant."""

from typing import Annotated

import typer

from rating.cli.options import Database, console
from rating.store.database import DEFAULT_URL
from rating.store.grant import Roles
from rating.store.grant import grant as give
from rating.store.urls import parse_url


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(grant)


def grant(
    owner: Annotated[
        str | None, typer.Option(help="The role that migrates and loads tariffs.")
    ] = None,
    writer: Annotated[
        str | None, typer.Option(help="The role that loads portfolios and rates.")
    ] = None,
    analyst: Annotated[
        str | None, typer.Option(help="The role that reads, and does nothing else.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; else it is only shown.")] = False,
    database: Database = DEFAULT_URL,
) -> None:
    """Give roles that exist their rights in a PostgreSQL database, or show the statements."""
    statements = give(parse_url(database), Roles(owner, writer, analyst), execute=yes)
    for statement in statements:
        console.print(f"{statement};", highlight=False, markup=False, soft_wrap=True)
    done = "done" if yes else "nothing was done; add --yes to do it"
    console.print(f"-- {len(statements)} statements: {done}", highlight=False)
