"""The commands `ratebook study neutral` and `ratebook study ratchet`: prices sought, and asked."""

import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from rating.cli_options import (
    Database,
    FirstMonth,
    Json,
    LastMonth,
    console,
    parse_months,
    progress_line,
)
from rating.cli_study import Output, Relation, Schedules, _chosen, _show
from rating.database import DEFAULT_URL, parse_url
from rating.errors import RatebookError
from rating.explain import plain
from rating.study_marginal import RELATIONS as MARGINAL
from rating.study_marginal import marginal as price_next
from rating.study_neutral import RELATIONS as NEUTRAL
from rating.study_neutral import Aim, Neutral, Scaled
from rating.study_neutral import neutral as solve_neutral
from rating.study_ratchet import RELATIONS as RATCHET
from rating.study_ratchet import ratchet as ask_ratchets

Texts = list[str] | None


def register(group: typer.Typer) -> None:
    """Add the commands to the studies."""
    group.command()(neutral)
    group.command()(ratchet)


def neutral(
    scenario: Annotated[
        Path | None, typer.Argument(help="A scenario, YAML; without one the adopted tariffs.")
    ] = None,
    database: Database = DEFAULT_URL,
    target: Annotated[
        str | None, typer.Option(metavar="USD", help="Revenue; default: that of the present bills.")
    ] = None,
    change_percent: Annotated[
        str | None, typer.Option(metavar="PERCENT", help="Of the present revenue, as the target.")
    ] = None,
    schedule: Annotated[
        Texts,
        typer.Option(help="Whose prices are scaled; default: the scenario's; repeatable."),
    ] = None,
    component: Annotated[
        Texts, typer.Option(help="Only its prices are scaled; repeatable.")
    ] = None,
    charge: Annotated[Texts, typer.Option(help="Only its prices are scaled; repeatable.")] = None,
    effective_from: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Without a scenario: its day.")
    ] = None,
    decimals: Annotated[
        int | None, typer.Option(min=0, max=8, help="Of the prices; default: as printed.")
    ] = None,
    write: Annotated[
        Path | None, typer.Option(metavar="FILE.yaml", help="Write the solved scenario.")
    ] = None,
    first: FirstMonth = None,
    last: LastMonth = None,
    relation: Relation = None,
    output: Output = None,
    json: Json = False,
) -> None:
    """Scale chosen prices until the bills come to a target revenue."""
    chosen = _chosen(relation, NEUTRAL, output)
    with (
        progress_line("solving") as progress,
        solve_neutral(
            parse_url(database),
            scenario,
            scaled=Scaled(schedule or [], component or [], charge or []),
            aim=Aim(_number("--target", target), _number("--change-percent", change_percent)),
            effective_from=_day("--effective-from", effective_from),
            decimals=decimals,
            output=write,
            months=parse_months(first, last),
            progress=progress,
        ) as found,
    ):
        _show(found.connection, chosen, output, json)
        if not json:
            console.print(_found(found), highlight=False)


def ratchet(
    database: Database = DEFAULT_URL,
    schedule: Schedules = None,
    percent: Annotated[
        Texts, typer.Option(metavar="N", help="Another percentage of the ratchets; repeatable.")
    ] = None,
    window: Annotated[
        list[int] | None,
        typer.Option(metavar="MONTHS", help="Another window of the ratchets; repeatable."),
    ] = None,
    demand: Annotated[
        str, typer.Option(help="The demand whose ratchets --percent and --window change.")
    ] = "billing",
    kwh: Annotated[str, typer.Option(help="Added to a read for the next kWh.")] = "100",
    kw: Annotated[str, typer.Option(help="Added to a read for the next kW.")] = "1",
    first: FirstMonth = None,
    last: LastMonth = None,
    relation: Relation = None,
    output: Output = None,
    json: Json = False,
) -> None:
    """What ratchets and minimums bring, what other ratchets would, and what the next kW costs."""
    chosen = _chosen(relation, (*RATCHET, *MARGINAL), output)
    months, url = parse_months(first, last), parse_url(database)
    with progress_line("rating") as progress:
        if chosen in MARGINAL:
            steps = (_required("--kwh", kwh), _required("--kw", kw))
            study = price_next(
                url, step_kwh=steps[0], step_kw=steps[1], months=months, progress=progress
            )
        else:
            study = ask_ratchets(
                url,
                percents=[_required("--percent", one) for one in percent or []],
                windows=window or [],
                demand=demand,
                schedules=schedule or [],
                months=months,
                progress=progress,
            )
        with study as connection:
            _show(connection, chosen, output, json)


def _found(found: Neutral) -> str:
    revenue = found.target + found.difference
    return (
        f"prices × {plain(found.factor)}, rounded: ${revenue:,.2f},"
        f" {found.difference:+,.2f} from the target of ${found.target:,.2f}"
    )


def _required(option: str, text: str) -> Decimal:
    """A number that is given; raises `RatebookError`."""
    number = _number(option, text)
    assert number is not None
    return number


def _number(option: str, text: str | None) -> Decimal | None:
    """A number such as 1250000.50; raises `RatebookError`."""
    if text is None:
        return None
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise RatebookError(f"{option} {text} is not a number; write one such as 1250000.50")
    return number


def _day(option: str, text: str | None) -> datetime.date | None:
    """A day YYYY-MM-DD; raises `RatebookError`."""
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        raise RatebookError(
            f"{option} {text} is not a day; write YYYY-MM-DD, such as 2015-06-01"
        ) from None
