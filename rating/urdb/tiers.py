"""Tiers of a URDB period: cumulative maxima in their units, as blocks of a charge.

A tier's `max` is the most that is used up to and with it, not the tier's own width.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from rating.urdb.draft import Draft, Part
from rating.urdb.fields import Path
from rating.urdb.numbers import LARGEST, decimal_of, text_of
from rating.urdb.reading import Reading

KWH = "kwh"
# The units of an energy tier's limit: what is multiplied by it, and how a bill calls it.
ENERGY_UNITS = {
    KWH: None,
    "kwh daily": "kWh a day",
    "kwh/kw": "hours use",
    "kwh/kva": "kWh per kVA",
    "kwh/hp": "kWh per hp",
    "kwh/kw daily": "kWh per kW and day",
}
DAILY = " daily"


@dataclass(frozen=True)
class Tier:
    """A price, and the cumulative quantity up to which it holds; None: without limit."""

    upto: Decimal | None
    unit: str
    price: Decimal


@dataclass(frozen=True)
class Ladder:
    """The tiers of a period from the bottom up."""

    tiers: Sequence[Tier]

    @property
    def units(self) -> list[str]:
        """The units of the limits, each once, in order."""
        return list(dict.fromkeys(tier.unit for tier in self.tiers if tier.upto is not None))

    @property
    def is_mixed(self) -> bool:
        """Whether the limits are in more than one unit."""
        return len(self.units) > 1

    @property
    def edges(self) -> tuple[tuple[str, Decimal | None], ...]:
        """The limits without the prices."""
        return tuple((tier.unit if tier.upto else "", tier.upto) for tier in self.tiers)

    @property
    def is_free(self) -> bool:
        """Whether nothing costs anything."""
        return all(tier.price == 0 for tier in self.tiers)


def read_ladder(
    reading: Reading, structure: str, period: int, *, of_energy: bool = False
) -> Ladder | None:
    """The tiers of a period; nothing, and a finding, where they cannot be rated as written.

    Only tiers of energy have units of their own; without one they are in kWh.
    """
    path: Path = (structure, period)
    found = reading.peek(*path)
    if not found:
        reading.tell("unratable", path, "has no tier")
        return None
    tiers: list[Tier] = []
    for number, tier in enumerate(found):
        unit = tier.get("unit") if of_energy else None
        unit = unit.lower() if unit else (tiers[-1].unit if tiers else KWH)
        if tier.get("rate") is None and tier.get("adj") is None:
            reading.tell("unratable", (*path, number), "has no rate")
            return None
        tiers.append(Tier(_limit(tier), unit, decimal_of(tier.get("rate")) + _adj(tier)))
    problem = _problem(tiers)
    if problem:
        reading.tell("unratable", path, problem)
        return None
    _use(reading, path, tiers, ["rate", "adj", "max", *(["unit"] if of_energy else [])])
    return Ladder(tiers)


def _limit(tier: dict[str, Any]) -> Decimal | None:
    """A tier's maximum; zero, and what has more than ten digits, stand for no limit."""
    limit = decimal_of(tier.get("max"))
    return None if limit == 0 or limit >= LARGEST else Decimal(text_of(limit))


def _adj(tier: dict[str, Any]) -> Decimal:
    return decimal_of(tier.get("adj"))


def _problem(tiers: Sequence[Tier]) -> str | None:
    """Why tiers have no meaning that could be rated."""
    limited = [tier for tier in tiers if tier.upto is not None]
    for tier in tiers:
        if tier.unit not in ENERGY_UNITS:
            does = "prices" if tier.upto is None else "limits"
            return f"{does} a tier in {tier.unit}, which is no unit of the format"
    if any(tier.upto is None for tier in tiers[:-1]):
        return "has tiers above one without max, which nothing ever reaches"
    units = list(dict.fromkeys(tier.unit for tier in limited))
    in_turn = [unit for unit, after in pairwise([t.unit for t in limited]) if unit != after]
    if len(in_turn) > 1 or (in_turn and in_turn != [KWH]):
        mixed = ", ".join(tier.unit for tier in limited)
        return f"mixes units in an order that says no single thing ({mixed})"
    if len(units) > 1 and units[1].endswith(f"/kw{DAILY}"):
        return f"mixes limits in kWh and in {units[1]}, which nest too deep to be rated"
    for unit in units:
        limits = [tier.upto for tier in limited if tier.upto and tier.unit == unit]
        if any(later <= earlier for earlier, later in pairwise(limits)):
            return "has maxima that do not rise, though each counts from zero"
    return None


def _use(reading: Reading, path: Path, tiers: Sequence[Tier], names: Sequence[str]) -> None:
    """Count the leaves of tiers as used, and say what is special about them."""
    for number, tier in enumerate(reading.peek(*path)):
        for name in names:
            reading.get(*path, number, name)
        if tier.get("sell") is not None:
            reading.tell(
                "not rated", (*path, number, "sell"), "prices energy that the utility receives"
            )
        if tier.get("max") is not None and tiers[number].upto is None:
            reading.tell("read as", (*path, number, "max"), "no limit")
    top = tiers[-1]
    if top.upto is not None:
        where = (*path, len(tiers) - 1, "max")
        reading.tell("read as", where, "no price above it: such a read stays unbilled")


@dataclass(frozen=True)
class Limit:
    """What a charge's limits are multiples of, and how a bill calls them."""

    times: str
    unit: str


def block_parts(ladder: Ladder, code: str, per: str, limit: Limit | None) -> Part:
    """The price or blocks of a charge for a ladder with limits in one unit.

    Above a last limit there is no price: the charge is then the only one of a choice, and does
    not fit there, so that the read has no bill.
    """
    parts = _blocks(ladder.tiers)
    if limit and "blocks" in parts:
        parts["limits"] = {"times": limit.times, "unit": limit.unit}
    top = ladder.tiers[-1].upto
    if top is not None:
        bound: Any = {"times": text_of(top), "of": limit.times} if limit else text_of(top)
        parts |= {"choice": code, "when": {per: {"at_most": bound}}}
    return parts


def _blocks(tiers: Sequence[Tier]) -> Part:
    if len(tiers) == 1:
        return {"price": text_of(tiers[0].price)}
    blocks: list[Part] = []
    reached = Decimal(0)
    for tier in tiers[:-1]:
        upto = tier.upto or Decimal(0)
        edge = "next" if blocks else "first"
        blocks.append({edge: text_of(upto - reached), "price": text_of(tier.price)})
        reached = upto
    return {"blocks": [*blocks, {"over": text_of(reached), "price": text_of(tiers[-1].price)}]}


def energy_limit(draft: Draft, unit: str, sheet: str) -> Limit | None:
    """What the limits of energy tiers are multiples of; nothing for plain kWh."""
    words = ENERGY_UNITS[unit]
    if words is None:
        return None
    if unit == KWH + DAILY:
        return Limit("days", words)
    demand = draft.demand_of(unit.removeprefix("kwh/").removesuffix(DAILY), sheet)
    return Limit(draft.days_of(demand, sheet) if unit.endswith(DAILY) else demand, words)
