"""A version of a schedule in the making, as the seed document that a URDB rate comes to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rating.seed.quantities import DEMAND_SUFFIX
from rating.urdb.reading import Reading
from rating.urdb.times import Season

Part = dict[str, Any]
WHOLE_YEAR: Sequence[Season] = (Season(None, tuple(range(12))),)


@dataclass
class Draft:
    """The parts of a version, filled by the readers of a rate's fields."""

    reading: Reading
    seasons: Sequence[Season] = WHOLE_YEAR
    time_of_use: Part | None = None
    determinants: list[Part] = field(default_factory=list)
    demands: list[Part] = field(default_factory=list)
    splits: list[Part] = field(default_factory=list)
    charges: list[Part] = field(default_factory=list)
    ratchets: list[Part] = field(default_factory=list)
    read_determinants: set[str] = field(default_factory=set)
    agreement_determinants: set[str] = field(default_factory=set)

    def determinant(self, name: str, sheet: str, **operation: Any) -> str:
        """Define a derived quantity, once; returns its name."""
        if all(one["name"] != name for one in self.determinants):
            self.determinants.append({"name": name, "sheet": sheet, **operation})
        return name

    def demand_of(self, unit: str, sheet: str) -> str:
        """The operand of the demand that is billed in a unit: kw, kva or hp.

        Demand in kW is always determined by a rule, so that it shows; in another unit only where
        a ratchet works on it.
        """
        if unit != "kw":
            self.read_determinants.add(unit)
            if not self.ratchets:
                return unit
        name = "billing" if unit == "kw" else unit
        if all(one["name"] != name for one in self.demands):
            terms = [{"measured": unit}, *({"ratchet": unit, **one} for one in self.ratchets)]
            rule = {"name": name, "measured": unit, "sheet": sheet, "greatest_of": terms}
            self.demands.append(rule)
        return f"{name}{DEMAND_SUFFIX}"

    def days_of(self, operand: str, sheet: str) -> str:
        """A quantity times the days of the period, for prices by the day."""
        return self.determinant(f"{operand}_days", sheet, product=[operand, "days"])

    def version(self) -> Part:
        """What the seed document has of it; empty parts are left out."""
        named = {one.name: [month + 1 for month in one.months] for one in self.seasons if one.name}
        parts: Part = {
            "seasons": {"sheet": "schedules", "months": named} if named else None,
            "time_of_use": self.time_of_use,
            "determinants": self.determinants,
            "demands": self.demands,
            "splits": self.splits,
            "charges": self.charges,
        }
        return {name: part for name, part in parts.items() if part}


def of_season(season: Season) -> Part:
    """The field of a charge that holds in one season only."""
    return {"season": season.name} if season.name else {}


def in_season(season: Season) -> Part:
    """The clause of a split or determinant that holds in one season only."""
    return {"when": {"season": season.name}} if season.name else {}
