"""The commands `ratebook study neutral` and `ratebook study ratchet`: prices sought, and asked."""

import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, TypedDict

import typer

from rating.cli.options import Database, Texts, console, progress_line
from rating.cli.report import facts_of, report, require_no_charts
from rating.cli.study import Schedules
from rating.cli.study_results import Asked, print_result, show_result, with_results
from rating.errors import RatebookError
from rating.explain.bill import plain
from rating.memory.database import Months
from rating.run.dbt_build import Progress
from rating.store.database import DEFAULT_URL
from rating.store.urls import parse_url
from rating.study.marginal import RELATIONS as MARGINAL
from rating.study.marginal import marginal as price_next
from rating.study.neutral import RELATIONS as NEUTRAL
from rating.study.neutral import Aim, Neutral
from rating.study.neutral import neutral as solve_neutral
from rating.study.ratchet import RELATIONS as RATCHET
from rating.study.ratchet import cases_of
from rating.study.ratchet import ratchet as ask_ratchets
from rating.study.ratchet_terms import DEMAND
from rating.study.scaled import Scaled

Adopted = Annotated[
    Path | None, typer.Argument(help="A scenario, YAML; without one the adopted tariffs.")
]
Target = Annotated[
    str | None, typer.Option(metavar="USD", help="Revenue; default: that of the present bills.")
]
ChangePercent = Annotated[
    str | None, typer.Option(metavar="PERCENT", help="Of the present revenue, as the target.")
]
Whose = Annotated[
    Texts, typer.Option(help="Whose prices are scaled; default: the scenario's; repeatable.")
]
Owner = Annotated[
    str | None, typer.Option(help="Whose schedules those are, where several have the name.")
]
Only = Annotated[Texts, typer.Option(help="Only its prices are scaled; repeatable.")]
Since = Annotated[
    str | None, typer.Option(metavar="YYYY-MM-DD", help="Without a scenario: its day.")
]
Decimals = Annotated[
    int | None, typer.Option(min=0, max=8, help="Of the prices; default: as printed.")
]
Write = Annotated[Path | None, typer.Option(metavar="FILE.yaml", help="Write the solved scenario.")]
Percent = Annotated[
    Texts, typer.Option(metavar="N", help="Another percentage of the ratchets; repeatable.")
]
Window = Annotated[
    list[int] | None,
    typer.Option(metavar="MONTHS", help="Another window of the ratchets; repeatable."),
]
Demand = Annotated[str, typer.Option(help="The demand whose ratchets are taken away or changed.")]
NextKwh = Annotated[str, typer.Option(help="Added to a read for the next kWh.")]
NextKw = Annotated[str, typer.Option(help="Added to a read for the next kW.")]


class Wanted(TypedDict):
    """What both studies of ratchets are told."""

    schedules: list[str]
    months: Months
    progress: Progress | None


def register(group: typer.Typer) -> None:
    """Add the commands to the studies."""
    group.command()(neutral)
    group.command()(ratchet)


@with_results(NEUTRAL)
def neutral(
    asked: Asked, scenario: Adopted = None, database: Database = DEFAULT_URL,
    target: Target = None, change_percent: ChangePercent = None,
    schedule: Whose = None, utility: Owner = None, component: Only = None, charge: Only = None,
    effective_from: Since = None, decimals: Decimals = None, write: Write = None,
) -> None:  # fmt: skip
    """Scale chosen prices until the bills come to a target revenue."""
    require_no_charts("neutral", asked.files)
    aim = Aim(_number("--target", target), _number("--change-percent", change_percent))
    since = _day("--effective-from", effective_from)
    scaled = Scaled(schedule or [], component or [], charge or [], utility)
    with (
        progress_line("solving") as progress,
        solve_neutral(
            parse_url(database), scenario, scaled=scaled, aim=aim, effective_from=since,
            decimals=decimals, output=write, months=asked.months, progress=progress,
        ) as found,
    ):  # fmt: skip
        print_result(found.connection, asked)
        if not asked.json:
            console.print(_found(found), highlight=False, soft_wrap=True)
        settings = {"Found": _found(found)}
        facts = facts_of(neutral, NEUTRAL, asked.months, scenario, settings=settings)
        report(found.connection, facts, asked.files, asked.json)


@with_results((*RATCHET, *MARGINAL))
def ratchet(
    asked: Asked, database: Database = DEFAULT_URL, schedule: Schedules = None,
    percent: Percent = None, window: Window = None, demand: Demand = DEMAND,
    kwh: NextKwh = "100", kw: NextKw = "1",
) -> None:  # fmt: skip
    """What ratchets and minimums bring, what other ratchets would, and what the next kW costs."""
    require_no_charts("ratchet", asked.files)
    url = parse_url(database)
    relations = MARGINAL if asked.chosen in MARGINAL else RATCHET
    settings = {"Schedules": ", ".join(schedule)} if schedule else {}
    with progress_line("rating") as progress:
        wanted: Wanted = {
            "schedules": schedule or [], "months": asked.months, "progress": progress
        }  # fmt: skip
        if relations is MARGINAL:
            _refuse_with_marginal(percent, window)
            steps = (_required("--kwh", kwh), _required("--kw", kw))
            study = price_next(url, *steps, **wanted)
        else:
            percents = [_required("--percent", one) for one in percent or []]
            study = ask_ratchets(url, cases_of(percents, window or [], demand), **wanted)
        with study as connection:
            facts = facts_of(ratchet, relations, asked.months, settings=settings)
            show_result(connection, asked, facts)


def _refuse_with_marginal(percent: Texts, window: list[int] | None) -> None:
    for option, given in (("--percent", percent), ("--window", window)):
        if given:
            raise RatebookError(
                f"{option} asks for other ratchets, --relation marginal for the bills as they are;"
                " leave one of the two out"
            )


def _found(found: Neutral) -> str:
    """What was found, and on a line of its own why a difference remains."""
    revenue = found.target + found.difference
    words = (
        f"prices × {plain(found.factor)}, rounded: ${revenue:,.2f},"
        f" {found.difference:+,.2f} from the target of ${found.target:,.2f}"
    )
    return f"{words}\n{found.missed}" if found.missed else words


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
