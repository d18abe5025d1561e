"""A scenario: a small YAML overlay on the tariffs of a study database."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from pydantic import Field, model_validator

from rating.errors import RatebookError
from rating.seed_parts import Number, Part
from rating.seed_read import place, read_seed
from rating.study_versions import split_versions

ACTIONS = ("price", "percent", "ratchet_percent", "block_limit")
STEPS = """
    select step.charge_id, step.step_no, charge.code, step.price, step.amount, step.from_quantity,
        step.to_quantity
    from tariff.charge as charge
    inner join tariff.charge_step as step using (charge_id)
    where charge.version_id = any($versions)
        and charge.code = coalesce($charge, charge.code)
        and charge.component = coalesce($component, charge.component)
        and charge.season is not distinct from coalesce($season, charge.season)
        and step.step_no = coalesce($step, step.step_no)
    order by step.charge_id, step.step_no
"""
RATCHETS = """
    select demand_term_id
    from tariff.demand_term
    inner join tariff.demand_group using (demand_group_id)
    inner join tariff.demand_rule using (demand_rule_id)
    where kind = 'ratchet' and version_id = any($versions)
"""


class Change(Part):
    """One change of a schedule's prices, ratchets or blocks."""

    utility: str | None = None
    schedule: str
    charge: str | None = None
    component: str | None = None
    season: str | None = None
    step: int | None = Field(None, ge=1)
    price: Number | None = None
    percent: Number | None = None
    ratchet_percent: Number | None = None
    block_limit: Number | None = None

    @model_validator(mode="after")
    def _one_action(self) -> "Change":
        given = [name for name in ACTIONS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"gives {' and '.join(given) or 'no change'}; give one of {ACTIONS}")
        if given[0] in ("price", "block_limit") and self.charge is None:
            raise ValueError(f"{given[0]} needs a charge; add its code")
        if given[0] == "block_limit" and self.step is None:
            raise ValueError("block_limit needs the step that ends there; add step")
        return self

    @property
    def target(self) -> str:
        """What is changed, in words."""
        parts = (self.charge, self.component, self.season, self.step and f"step {self.step}")
        return " ".join(str(part) for part in (self.schedule, *parts) if part)


class Scenario(Part):
    """Changes from a day on; without one, in every version."""

    scenario: str
    effective_from: datetime.date | None = None
    decimals: int = Field(8, ge=0, le=8, description="that percentages round prices to")
    changes: list[Change] = Field(min_length=1)


def read_scenario(file: Path) -> Scenario:
    """The scenario of a file; raises `RatebookError` with file, line and field."""
    if not file.is_file():
        raise RatebookError(f"{file} is not there; name a scenario file")
    return read_seed(file, Scenario)


class Overlay:
    """Applies a scenario to the tariffs of a study database."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, scenario: Scenario, file: Path
    ) -> None:
        self._connection = connection
        self._scenario = scenario
        self._file = place(file)
        self._touched: set[tuple[Any, ...]] = set()
        self._where = ""

    def apply(self) -> None:
        """Make the changes; raises `RatebookError` with every one that cannot be made."""
        problems: list[str] = []
        for number, change in enumerate(self._scenario.changes, start=1):
            self._where = f"{self._file}: changes no. {number}"
            try:
                self._change(change)
            except RatebookError as error:
                problems.extend(error.messages)
        if problems:
            raise RatebookError(*problems)

    def _refuse(self, words: str) -> RatebookError:
        return RatebookError(f"{self._where}: {words}")

    def _rows(self, query: str, values: Any) -> list[tuple[Any, ...]]:
        return self._connection.execute(query, values).fetchall()

    def _touch(self, change: Change, *key: Any) -> None:
        if key in self._touched:
            raise self._refuse(f"{change.target} is changed twice; keep one of the two")
        self._touched.add(key)

    def _change(self, change: Change) -> None:
        versions = self._versions(change)
        if change.ratchet_percent is not None:
            self._set_ratchets(change, versions)
            return
        values = {
            "versions": versions, "charge": change.charge, "component": change.component,
            "season": change.season, "step": change.step,
        }  # fmt: skip
        steps = self._rows(STEPS, values)
        if not steps:
            raise self._refuse(f"there is no price of {change.target}; see relation rate_price")
        for step in steps:
            if change.block_limit is not None:
                self._set_limit(change, change.block_limit, *step)
            else:
                self._set_price(change, *step)

    def _versions(self, change: Change) -> Sequence[int]:
        """The versions from the scenario's day on; one that has begun by then is cut in two."""
        found = self._rows(
            "select schedule_id from tariff.schedule"
            " where schedule = $schedule and utility = coalesce($utility, utility)",
            {"schedule": change.schedule, "utility": change.utility},
        )
        if not found:
            raise self._refuse(f"schedule {change.schedule} is unknown; check its name")
        if len(found) > 1:
            raise self._refuse(f"several utilities have a schedule {change.schedule}; add utility")
        versions = split_versions(self._connection, found[0][0], self._scenario.effective_from)
        if not versions:
            day = self._scenario.effective_from
            raise self._refuse(f"{change.schedule} is not in force from {day} on; give another day")
        return versions

    def _set_ratchets(self, change: Change, versions: Sequence[int]) -> None:
        assert change.ratchet_percent is not None
        terms = self._rows(RATCHETS, {"versions": versions})
        if not terms:
            raise self._refuse(f"{change.schedule} has no ratchet; leave ratchet_percent out")
        if change.ratchet_percent < 0:
            raise self._refuse("ratchet_percent is negative; give 0 or more")
        for (term,) in terms:
            self._touch(change, "ratchet", term)
            self._connection.execute(
                "update tariff.demand_term set percent = ? where demand_term_id = ?",
                [change.ratchet_percent, term],
            )

    def _set_price(
        self, change: Change, charge: int, step: int, code: str, price: Any, amount: Any, *_: Any
    ) -> None:
        self._touch(change, "price", charge, step)
        new = change.price
        if new is None:
            assert change.percent is not None
            old = amount if price is None else price
            new = (old * (100 + change.percent) / 100).quantize(
                Decimal(1).scaleb(-self._scenario.decimals), "ROUND_HALF_UP"
            )
        if new < 0:
            raise self._refuse(f"the price of {code} step {step} becomes negative ({new})")
        column = "amount" if price is None else "price"
        self._connection.execute(
            f"update tariff.charge_step set {column} = ? where charge_id = ? and step_no = ?",
            [new, charge, step],
        )

    def _set_limit(
        self, change: Change, limit: Decimal, charge: int, step: int, code: str,
        _price: Any, _amount: Any, start: Decimal, end: Decimal | None,
    ) -> None:  # fmt: skip
        """Move the edge between a block and the next."""
        if end is None:
            raise self._refuse(f"{code} step {step} is the last and stays open; limit one before")
        self._touch(change, "limit", charge, end)
        ((after,),) = self._rows(
            "select min(coalesce(to_quantity, 1e12)) from tariff.charge_step"
            " where charge_id = ? and from_quantity = ?",
            [charge, end],
        )
        if after is None:
            raise self._refuse(f"nothing follows {code} step {step}; its block would stay open")
        if not start < limit < Decimal(str(after)):
            raise self._refuse(f"{code} step {step} must end over {start:f}, before the next")
        for column in ("to_quantity", "from_quantity"):
            self._connection.execute(
                f"update tariff.charge_step set {column} = ? where charge_id = ? and {column} = ?",
                [limit, charge, end],
            )
