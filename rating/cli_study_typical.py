"""The command `ratebook study typical`: bills of a grid of kW and kWh."""

import re
from pathlib import Path
from typing import Annotated

import typer

from rating.cli_options import Database, Json, console, parse_month, progress_line
from rating.cli_study import Output, Relation, Schedules, _chosen, _show
from rating.database import DEFAULT_URL, parse_url
from rating.errors import RatebookError
from rating.show_study import typical_bills
from rating.study import rows_of
from rating.study_typical import RELATIONS, TypicalBills
from rating.study_typical import typical as bill_points
from rating.study_typical_grid import grid_of
from rating.trial_texts import assigned, factor_of

_LIST = "; repeatable, or with commas."
Texts = list[str] | None


def register(group: typer.Typer) -> None:
    """Add the command to the studies."""
    group.command()(typical)


def typical(
    database: Database = DEFAULT_URL,
    schedule: Schedules = None,
    utility: Annotated[str | None, typer.Option(help="Only this utility's schedules.")] = None,
    month: Annotated[
        str | None,
        typer.Option(
            metavar="YYYY-MM", help="The last of the twelve months; default: of the last read."
        ),
    ] = None,
    point: Annotated[
        Texts, typer.Option(metavar="KW:KWH", help="A point; :KWH without kW; repeatable.")
    ] = None,
    kwh: Annotated[Texts, typer.Option(metavar="N", help=f"Points without kW{_LIST}")] = None,
    kw: Annotated[Texts, typer.Option(metavar="N", help=f"Points of these sizes{_LIST}")] = None,
    hours_use: Annotated[
        Texts, typer.Option(metavar="N", help=f"Points of so many kWh per kW{_LIST}")
    ] = None,
    on_peak: Annotated[
        str | None,
        typer.Option(metavar="PERCENT", help="Of the kWh; kW on and off peak are then the kW."),
    ] = None,
    set_: Annotated[
        Texts,
        typer.Option(
            "--set", metavar="NAME=VALUE", help="An attribute or further quantity; repeatable."
        ),
    ] = None,
    factor: Annotated[
        Texts,
        typer.Option(
            metavar="RIDER=PRICE", help="A clause's factor in dollars, every month; repeatable."
        ),
    ] = None,
    against: Annotated[
        str | None, typer.Option(metavar="SCHEDULE", help="Where each --schedule breaks even with.")
    ] = None,
    relation: Relation = None,
    output: Output = None,
    json: Json = False,
) -> None:
    """Bills of customary points of kW and kWh by schedule and season, and where two cross."""
    chosen = _chosen(relation or ("break_even" if against else None), RELATIONS, output)
    if chosen == "break_even" and not against:
        raise RatebookError("break_even needs a second schedule; give --against SCHEDULE")
    wanted = TypicalBills(
        grid_of(point or [], kwh or [], kw or [], hours_use or []),
        schedules=schedule or [],
        utility=utility,
        month=parse_month(month) if month else None,
        values=dict(assigned("--set", text, "NAME=VALUE") for text in set_ or []),
        factors=dict(factor_of(text) for text in factor or []),
        on_peak_percent=_percent(on_peak),
        against=against,
    )
    with (
        progress_line("billing") as progress,
        bill_points(parse_url(database), wanted, progress) as connection,
    ):
        if chosen == "typical" and not (output or json):
            bills = rows_of(connection, chosen), rows_of(connection, "typical_unbilled")
            console.print(typical_bills(*bills), highlight=False)
        else:
            _show(connection, chosen, output, json)


def _percent(text: str | None) -> str | None:
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,3}(\.\d{1,4})?", text) or float(text) > 100:
        raise RatebookError(f"--on-peak {text} is no share of the kWh; write 0 to 100")
    return text
