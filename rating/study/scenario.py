"""A scenario: a small YAML overlay on the tariffs of a study database."""

import datetime
from decimal import Decimal
from pathlib import Path

from pydantic import Field, model_validator

from rating.errors import RatebookError
from rating.seed.format import VersionSeed
from rating.seed.parts import Month, Number, Part
from rating.seed.read import read_seed

ACTIONS = ("price", "percent", "percentage", "block_limit", "version")
RATCHET = ("ratchet_percent", "ratchet_window", "ratchet_months")


class WholeVersion(VersionSeed):
    """A version as a seed file has it; it begins on the scenario's day."""

    effective_from: datetime.date = datetime.date.min

    @model_validator(mode="after")
    def _holds_from_the_day_on(self) -> "WholeVersion":
        dates = sorted(self.model_fields_set & {"effective_from", "effective_to"})
        if dates:
            raise ValueError(f"has {dates[0]}; leave it out, the scenario says from when it holds")
        return self


class Change(Part):
    """One change of a schedule's prices, ratchets or blocks, or a whole version in its place."""

    utility: str | None = None
    schedule: str
    version_effective_from: datetime.date | None = None
    charge: str | None = None
    component: str | None = None
    season: str | None = None
    step: int | None = Field(None, ge=1)
    demand: str | None = None
    price: Number | None = None
    percent: Number | None = None
    percentage: Number | None = None
    block_limit: Number | None = None
    ratchet_percent: Number | None = None
    ratchet_window: int | None = Field(None, ge=1, le=60)
    ratchet_months: list[Month] | None = Field(None, min_length=1)
    version: WholeVersion | None = None

    @model_validator(mode="after")
    def _one_action(self) -> "Change":
        given = [name for name in (*ACTIONS, *RATCHET) if getattr(self, name) is not None]
        if not given or (len(given) > 1 and not {*given} <= {*RATCHET}):
            raise ValueError(
                f"gives {' and '.join(given) or 'no change'};"
                f" give one of {', '.join((*ACTIONS, *RATCHET))}"
            )
        if given[0] in ("price", "percentage", "block_limit") and self.charge is None:
            raise ValueError(f"{given[0]} needs a charge; add its code")
        if given[0] == "block_limit" and self.step is None:
            raise ValueError("block_limit needs the step that ends there; add step")
        if self.demand is not None and given[0] not in RATCHET:
            raise ValueError("demand goes with the change of a ratchet; leave it out")
        return self

    @property
    def is_of_ratchets(self) -> bool:
        """Whether it changes ratchets."""
        return any(getattr(self, name) is not None for name in RATCHET)

    @property
    def target(self) -> str:
        """What is changed, in words."""
        step = self.step and f"step {self.step}"
        parts = (self.charge, self.component, self.season, step, self.demand)
        return " ".join(str(part) for part in (self.schedule, *parts) if part)


class Scenario(Part):
    """Changes from a day on; without one, in every version."""

    scenario: str
    effective_from: datetime.date | None = None
    decimals: int = Field(8, ge=0, le=8, description="that percentages round prices to")
    changes: list[Change] = Field(min_length=1)

    @model_validator(mode="after")
    def _a_version_has_a_day(self) -> "Scenario":
        if self.effective_from is None and any(change.version for change in self.changes):
            raise ValueError(
                "a whole version needs the day from which it holds; add effective_from"
            )
        return self

    def rounded(self, price: Decimal) -> Decimal:
        """A price with the scenario's decimals, half away from zero."""
        return price.quantize(Decimal(1).scaleb(-self.decimals), "ROUND_HALF_UP")


def read_scenario(file: Path) -> Scenario:
    """The scenario of a file; raises `RatebookError` with file, line and field."""
    if file.is_dir():
        raise RatebookError(f"{file} is a folder; name a scenario file")
    if not file.is_file():
        raise RatebookError(f"{file} is not there; name a scenario file")
    return read_seed(file, Scenario, "docs/rate-study.md", str(file))
