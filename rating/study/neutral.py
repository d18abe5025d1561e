"""Revenue-neutral prices: chosen prices times one factor, until the bills come to a target."""

import datetime
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb
from sqlalchemy.engine import URL

from models.rating import COMPONENTS
from rating.errors import RatebookError
from rating.memory.build import build_bills
from rating.memory.database import Months
from rating.run.dbt_build import Progress
from rating.study.database import require_schedules, study_of
from rating.study.neutral_results import REVENUE, note_results, note_revenue
from rating.study.neutral_words import unreachable, why_missed
from rating.study.overlay import Overlay
from rating.study.prices import TABLES, Price, printed_decimals, put_price
from rating.study.scaled import (
    Scaled,
    changed_schedules,
    choose_prices,
    cut_versions,
    named_schedules,
    require_charges,
    scaled_revenue,
)
from rating.study.scenario import Scenario, read_scenario
from rating.study.solve import Solution, solve
from rating.study.written import require_new_file, write_scenario

RELATIONS = ("neutral_price", "neutral_revenue", "neutral_trial")
# Near enough, as a part of the target; nearer would be no news, and each trial is a rating.
NEAR = Decimal(1) / 100_000
ADOPTED = "Scaled prices"
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Aim:
    """What is looked for: dollars, or a change of the present revenue in percent."""

    target: Decimal | None = None
    change_percent: Decimal | None = None

    def of(self, present: Decimal) -> Decimal:
        """The target in dollars."""
        if self.target is not None:
            return self.target
        change = self.change_percent or Decimal(0)
        return (present * (100 + change) / 100).quantize(CENT, ROUND_HALF_UP)

    def check(self) -> None:
        """Raise `RatebookError` where no bills can come to it."""
        if self.target is not None and self.change_percent is not None:
            raise RatebookError("--target and --change-percent are both given; keep one of the two")
        if self.target is not None and self.target < 0:
            raise RatebookError(f"--target {self.target} is negative; give dollars, 0 or more")
        if self.change_percent is not None and self.change_percent < -100:
            raise RatebookError(
                f"--change-percent {self.change_percent} is less than all; give -100 or more"
            )


@dataclass(frozen=True)
class Neutral:
    """What a study came to: `connection` has the results `RELATIONS`; amounts in dollars.

    `missed` says in a sentence why a difference remains that matters.
    """

    connection: duckdb.DuckDBPyConnection
    factor: Decimal
    target: Decimal
    difference: Decimal
    missed: str | None


@contextmanager
def neutral(
    source: URL,
    file: Path | None = None,
    *,
    scaled: Scaled,
    aim: Aim,
    effective_from: datetime.date | None = None,
    decimals: int | None = None,
    output: Path | None = None,
    months: Months = (None, None),
    progress: Progress | None = None,
) -> Iterator[Neutral]:
    """Scale prices, those of a scenario if a file names one, and write the scenario to `output`.

    Prices are rounded to `decimals`, or as they are printed. Raises `RatebookError`, also where
    the target cannot be reached.
    """
    _require(aim, scaled, output)
    scenario = _scenario(file, effective_from)
    with study_of(source, months) as connection:
        overlay, prices = _apply(connection, scenario, file, scaled, months, progress)
        counted = _counted(scenario, scaled, connection)
        trials = _Trials(connection, prices, decimals, counted, months)
        found = trials.run(aim, progress)
        best = found.trials[found.best]
        trials.put(best.factor)
        note_results(connection, found.trials, found.best, prices, trials.target)
        if output:
            write_scenario(connection, output, scenario, file, overlay, prices)
        yield Neutral(connection, best.factor, trials.target, best.difference, trials.missed)


def _apply(
    connection: duckdb.DuckDBPyConnection,
    scenario: Scenario,
    file: Path | None,
    scaled: Scaled,
    months: Months,
    progress: Progress | None,
) -> tuple[Overlay, list[Price]]:
    """The scenario put over the tariffs and rated once; returns it and the prices to scale."""
    require_schedules(connection, scaled.schedules)
    overlay = Overlay(connection, scenario, file or Path(ADOPTED))
    overlay.apply()
    require_charges(connection, scaled)
    cut_versions(connection, scenario, scaled)
    build_bills(connection, months, progress=progress)
    return overlay, choose_prices(connection, scenario, scaled)


def _require(aim: Aim, scaled: Scaled, output: Path | None) -> None:
    """Raise `RatebookError` for what is wrong without looking at the tariffs."""
    aim.check()
    if scaled.utility and not scaled.schedules:
        raise RatebookError(f"--utility {scaled.utility} says whose schedules; give --schedule too")
    if output:
        require_new_file(output)
    for component in scaled.components:
        if component not in COMPONENTS:
            raise RatebookError(
                f"component {component} is unknown; choose one of {', '.join(COMPONENTS)}"
            )


def _scenario(file: Path | None, effective_from: datetime.date | None) -> Scenario:
    """The scenario of a file, or one that changes nothing; raises `RatebookError`."""
    if file is None:
        return Scenario.model_construct(scenario=ADOPTED, effective_from=effective_from, changes=[])
    if effective_from:
        raise RatebookError("the scenario says from when it holds; leave --effective-from out")
    return read_scenario(file)


def _counted(
    scenario: Scenario, scaled: Scaled, connection: duckdb.DuckDBPyConnection
) -> list[int] | None:
    """The ids of the schedules whose bills count; none: all, as where a rider is changed."""
    if not scaled.schedules:
        return None
    changed = changed_schedules(connection, scenario)
    ((riders,),) = connection.execute(
        "select count(*) from tariff.schedule"
        " where schedule_id = any($changed) and kind in ('rider', 'adjustment')",
        {"changed": changed},
    ).fetchall()
    return None if riders else [*changed, *named_schedules(connection, scaled)]


class _Trials:
    """Trials of factors by the engine; the bills of factor 1 are there."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        prices: Sequence[Price],
        decimals: int | None,
        counted: Sequence[int] | None,
        months: Months,
    ) -> None:
        self._connection, self._prices, self._months = connection, prices, months
        printed = printed_decimals(prices)
        self._decimals = [
            printed[price.version_id, price.unit, price.place] if decimals is None else decimals
            for price in prices
        ]
        self._counted = counted
        self._number = 0
        self.target = Decimal(0)
        self.missed: str | None = None

    def run(self, aim: Aim, progress: Progress | None) -> Solution:
        """Look for the factor; raises `RatebookError` where there is none."""
        self._connection.execute(REVENUE)
        present, revenue = note_revenue(self._connection, 1, self._counted)
        of_prices = scaled_revenue(self._connection, self._prices)
        self.target = aim.of(present)
        if of_prices == 0:
            raise RatebookError(
                "no bill has a line of the prices to be scaled; scale other prices, or other months"
            )
        changed = sorted({TABLES[price.place] for price in self._prices})

        def difference(factor: Decimal) -> Decimal:
            self._number += 1
            if self._number == 1:
                return revenue - self.target
            self.put(factor)
            build_bills(self._connection, self._months, changed=changed, progress=progress)
            return note_revenue(self._connection, self._number, self._counted)[1] - self.target

        guess = 1 + (self.target - revenue) / of_prices
        found = solve(difference, self.outcome, guess, max(CENT / 2, self.target * NEAR))
        if not found.is_reached:
            raise RatebookError(unreachable(found, self.target))
        self.missed = why_missed(found, self.target, self._prices, self.outcome)
        return found

    def put(self, factor: Decimal) -> None:
        """Write the prices × a factor into the tariffs."""
        for price, value in zip(self._prices, self.outcome(factor), strict=True):
            put_price(self._connection, price, value)

    def outcome(self, factor: Decimal) -> tuple[Decimal, ...]:
        """The prices × a factor, rounded; 1 leaves them as they are."""
        if factor == 1:
            return tuple(price.value for price in self._prices)
        return tuple(
            (price.value * factor).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
            for price, places in zip(self._prices, self._decimals, strict=True)
        )
