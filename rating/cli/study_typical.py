"""The command `ratebook study typical`: bills of a grid of kW and kWh."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

import typer

from rating.cli.options import Database, Json, Texts, console, parse_month, progress_line
from rating.cli.report import Charts, Html, Tables, facts_of, report
from rating.cli.study import Schedules
from rating.cli.study_results import Asked, Output, Relation, asked_of, print_result
from rating.cli.trial_texts import assigned, factor_of
from rating.errors import RatebookError
from rating.show.study import typical_bills
from rating.store.database import DEFAULT_URL
from rating.store.urls import parse_url
from rating.study.database import rows_of
from rating.study.typical import RELATIONS, TypicalBills, require_result
from rating.study.typical import typical as bill_points
from rating.study.typical_grid import grid_of

LIST = "; repeatable, or with commas."
Text = str | None
Utility = Annotated[Text, typer.Option(help="Only this utility's schedules.")]
Month = Annotated[
    Text,
    typer.Option(
        metavar="YYYY-MM", help="The last of the twelve months; default: of the last read."
    ),
]
Point = Annotated[
    Texts, typer.Option(metavar="KW:KWH", help="A point; :KWH without kW; repeatable.")
]
Kwh = Annotated[Texts, typer.Option(metavar="N", help=f"Points without kW{LIST}")]
Kw = Annotated[Texts, typer.Option(metavar="N", help=f"Points of these sizes{LIST}")]
HoursUse = Annotated[Texts, typer.Option(metavar="N", help=f"Points of so many kWh per kW{LIST}")]
OnPeak = Annotated[
    Text, typer.Option(metavar="PERCENT", help="Of the kWh; kW on and off peak are then the kW.")
]
Values = Annotated[
    Texts,
    typer.Option(
        "--set", metavar="NAME=VALUE", help="An attribute or further quantity; repeatable."
    ),
]
Factor = Annotated[
    Texts,
    typer.Option(
        metavar="RIDER=PRICE", help="A clause's factor in dollars, every month; repeatable."
    ),
]
Against = Annotated[
    Text,
    typer.Option(metavar="SCHEDULE", help="Schedule to find each --schedule's break-even with."),
]


def register(group: typer.Typer) -> None:
    """Add the command to the studies."""
    group.command()(typical)


def typical(
    database: Database = DEFAULT_URL, schedule: Schedules = None, utility: Utility = None,
    month: Month = None, point: Point = None, kwh: Kwh = None, kw: Kw = None,
    hours_use: HoursUse = None, on_peak: OnPeak = None, set_: Values = None,
    factor: Factor = None, against: Against = None, relation: Relation = None,
    output: Output = None, html: Html = None, charts: Charts = None, tables: Tables = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Bills of customary points of kW and kWh by schedule and season, and where two cross."""
    relation = relation or ("break_even" if against else None)
    asked = asked_of(
        RELATIONS, relation=relation, output=output,
        html=html, charts=charts, tables=tables, json=json,
    )  # fmt: skip
    if asked.chosen == "break_even" and not against:
        raise RatebookError("break_even needs a second schedule; give --against SCHEDULE")
    grid = grid_of(point or [], kwh or [], kw or [], hours_use or [])
    last = parse_month(month) if month else None
    values = dict(assigned("--set", text, "NAME=VALUE") for text in set_ or [])
    factors = dict(factor_of(text) for text in factor or [])
    wanted = (schedule or [], utility, last, values, factors, _percent(on_peak), against)
    _bill(database, TypicalBills(grid, *wanted), asked)


def _bill(database: str, wanted: TypicalBills, asked: Asked) -> None:
    with (
        progress_line("billing") as progress,
        bill_points(parse_url(database), wanted, progress) as connection,
    ):
        require_result(connection, "typical" if asked.chosen == "typical_month" else asked.chosen)
        if asked.chosen == "typical" and not (asked.output or asked.json):
            bills = rows_of(connection, asked.chosen), rows_of(connection, "typical_unbilled")
            console.print(typical_bills(*bills), highlight=False)
        else:
            print_result(connection, asked)
        relations = [one for one in RELATIONS if one != "break_even" or wanted.against]
        facts = facts_of(typical, relations, settings=asked_for(wanted))
        report(connection, facts, asked.files, asked.json)


def asked_for(wanted: TypicalBills) -> dict[str, str]:
    """What was asked for besides the points, for a report."""
    last = f"{wanted.month:%Y-%m}" if wanted.month else "that of the last read"
    given = {
        "Billing months": f"the twelve up to {last}",
        "Utility": wanted.utility,
        "Schedules": ", ".join(wanted.schedules),
        "Compared with": wanted.against,
        "Attributes and quantities": _pairs(wanted.values),
        "Monthly factors, $": _pairs(wanted.factors),
        "Share of the kWh on peak, %": wanted.on_peak_percent,
    }
    return {name: value for name, value in given.items() if value}


def _pairs(values: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())


def _percent(text: str | None) -> str | None:
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,3}(\.\d{1,4})?", text) or Decimal(text) > 100:
        raise RatebookError(f"--on-peak {text} is no share of the kWh; write 0 to 100")
    return text
