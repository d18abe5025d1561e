"""The commands `ratebook urdb`: OpenEI rates in and out."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from rating.cli.options import Database, Json, console, print_json
from rating.store.database import DEFAULT_URL
from rating.store.urls import parse_url
from rating.urdb.export import export_schedule
from rating.urdb.importer import ImportReport, RateReport, import_files, reasons
from rating.urdb.reading import KINDS, Kind

SPOKEN_OF: Sequence[Kind] = ("unratable", "not rated", "read as")

urdb = typer.Typer(
    help="OpenEI Utility Rate Database: rates in and out.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.add_typer(urdb, name="urdb")


@urdb.command("import")
def import_(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="JSON: a rate, a list, a rate a line.")
    ],
    database: Database = DEFAULT_URL,
    seeds_to: Annotated[
        Path | None,
        typer.Option("--seeds-to", help="Write the rates as seed files too, for `init --seeds`."),
    ] = None,
    time_zone: Annotated[
        str | None,
        typer.Option("--time-zone", help="Of the utilities; URDB has none. Default: UTC."),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit 1 with a price that cannot be rated.")
    ] = False,
    json: Json = False,
) -> None:
    """Add the rates of URDB files to the tariffs, and say of each field that is not rated why."""
    report = import_files(parse_url(database), files, seeds_to=seeds_to, time_zone=time_zone)
    if json:
        statuses = {"rates": len(report.rates), **report.by_status}
        print_json({**statuses, "reasons": reasons(report.rates), "report": report.rates_as_dicts})
    else:
        console.print(_report(report))
    if strict and not report.is_complete:
        raise typer.Exit(1)


@urdb.command()
def export(
    schedule: Annotated[str, typer.Argument(help="The code of a schedule.")],
    file: Annotated[Path, typer.Argument(help="The JSON file to write.")],
    utility: Annotated[
        str | None, typer.Option("--utility", help="Where several have such a schedule.")
    ] = None,
    database: Database = DEFAULT_URL,
    json: Json = False,
) -> None:
    """Write the versions of a schedule as URDB rates, and list what URDB cannot say."""
    written = export_schedule(parse_url(database), schedule, file, utility)
    if json:
        print_json([asdict(one) for one in written])
        return
    for one in written:
        if one.remarks:
            rows = [(remark.what, remark.why) for remark in one.remarks]
            console.print(_listed(f"{one.label} from {one.effective_from}", rows))
    remarks = sum(len(one.remarks) for one in written)
    console.print(
        f"written to {file}: {len(written)}; that URDB cannot say: {remarks}",
        highlight=False,
    )


def _listed(title: str, rows: Sequence[Sequence[str]]) -> RenderableType:
    """Lines below a title, in columns."""
    table = Table(box=None, padding=(0, 1), show_header=False)
    for row in rows:
        table.add_row(*(Text(words) for words in row))
    return Group(Text(title, style="bold"), table)


def _report(report: ImportReport) -> RenderableType:
    parts = [found for rate in report.rates if (found := _rate(rate))]
    counts = ", ".join(f"{count:,} {status}" for status, count in report.by_status.items())
    rates = "rate" if len(report.rates) == 1 else "rates"
    parts.append(Text(f"{len(report.rates):,} {rates} imported: {counts}"))
    parts += [Text(f"{count:>6,} × {reason}") for reason, count in reasons(report.rates).items()]
    told = {one.kind for rate in report.rates for one in rate.findings}
    parts += [Text(f"{kind}: {KINDS[kind]}") for kind in SPOKEN_OF if kind in told]
    return Group(*parts)


def _rate(rate: RateReport) -> RenderableType | None:
    """What is said of a rate's fields, the worst first; nothing where all is rated."""
    rows = [
        (kind, one.field, one.reason if one.value is None else f"{one.value}: {one.reason}")
        for kind in SPOKEN_OF
        for one in rate.findings
        if one.kind == kind
    ]
    title = f"{rate.utility} {rate.schedule} from {rate.effective_from}: {rate.name}"
    return _listed(f"{title} ({rate.status})", rows) if rows else None
