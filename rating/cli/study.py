"""The commands `ratebook study`: rate studies over the whole portfolio."""

from pathlib import Path
from typing import Annotated

import typer

from rating.cli.options import Database, progress_line
from rating.cli.report import facts_of
from rating.cli.study_results import Asked, show_result, with_results
from rating.report.facts import Facts
from rating.store.database import DEFAULT_URL
from rating.store.urls import parse_url
from rating.study.compare import RELATIONS as COMPARE
from rating.study.compare import compare as compare_schedules
from rating.study.frequency import RELATIONS as FREQUENCY
from rating.study.frequency import frequency as count_frequency
from rating.study.proof import RELATIONS as PROOF
from rating.study.proof import proof as prove_revenue
from rating.study.propose import IMPACT_RELATIONS, PROPOSAL_RELATIONS
from rating.study.propose import propose as propose_scenario

study = typer.Typer(
    help="Rate studies over the whole portfolio; the database is only read.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
ScenarioFile = Annotated[Path, typer.Argument(help="A scenario, YAML.")]
Schedules = Annotated[
    list[str] | None, typer.Option("--schedule", help="Only this schedule; repeatable.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.add_typer(study, name="study")


@study.command()
@with_results(COMPARE)
def compare(asked: Asked, database: Database = DEFAULT_URL, schedule: Schedules = None) -> None:
    """Every agreement on every schedule it is eligible for, beside its actual bills."""
    settings = {"Schedules": ", ".join(schedule)} if schedule else {}
    relations = [one for one in COMPARE if one != "break_even" or one == asked.chosen]
    with (
        progress_line("comparing") as progress,
        compare_schedules(
            parse_url(database),
            schedules=schedule or [],
            months=asked.months,
            progress=progress,
            break_even=asked.chosen == "break_even",
        ) as connection,
    ):
        facts = facts_of(compare, relations, asked.months, settings=settings)
        show_result(connection, asked, facts)


@study.command()
@with_results(PROPOSAL_RELATIONS)
def propose(asked: Asked, scenario: ScenarioFile, database: Database = DEFAULT_URL) -> None:
    """Every bill now and under a scenario, by component."""
    facts = facts_of(propose, PROPOSAL_RELATIONS, asked.months, scenario)
    _propose(scenario, database, asked, facts)


@study.command()
@with_results(IMPACT_RELATIONS)
def impact(asked: Asked, scenario: ScenarioFile, database: Database = DEFAULT_URL) -> None:
    """How a scenario's changes fall, by class, size and per cent; the largest with its reason."""
    facts = facts_of(impact, IMPACT_RELATIONS, asked.months, scenario)
    _propose(scenario, database, asked, facts)


def _propose(scenario: Path, database: str, asked: Asked, facts: Facts) -> None:
    with (
        progress_line("proposing") as progress,
        propose_scenario(
            parse_url(database), scenario, months=asked.months, progress=progress
        ) as connection,
    ):
        show_result(connection, asked, facts)


@study.command()
@with_results(FREQUENCY)
def frequency(
    asked: Asked,
    database: Database = DEFAULT_URL,
    width: Annotated[int, typer.Option("--width", help="Of a use block, kWh.")] = 500,
) -> None:
    """Bills and kWh by use block, and what is priced in each step."""
    settings = {"Use blocks": f"{width:,} kWh"}
    facts = facts_of(frequency, FREQUENCY, asked.months, settings=settings)
    with count_frequency(parse_url(database), width=width, months=asked.months) as connection:
        show_result(connection, asked, facts)


@study.command()
@with_results(PROOF)
def proof(
    asked: Asked,
    scenario: Annotated[Path | None, typer.Argument(help="A scenario, YAML.")] = None,
    database: Database = DEFAULT_URL,
) -> None:
    """Proof of revenue: determinants × present and proposed prices, footing to the bills."""
    facts = facts_of(proof, PROOF, asked.months, scenario)
    with (
        progress_line("proving") as progress,
        prove_revenue(
            parse_url(database), scenario, months=asked.months, progress=progress
        ) as connection,
    ):
        show_result(connection, asked, facts)
