"""Tiers of one period in two units: kWh first, then kWh per kW or per day.

They fill in the order they are listed: a tier ends at its limit, or where the one before it
ended if that is higher. The quantities of the tiers are derived ones, since the edges of a split
are all multiples of one quantity.
"""

from rating.urdb.draft import Draft, Part, of_season
from rating.urdb.numbers import HIGHEST, text_of
from rating.urdb.tiers import KWH, Ladder, Limit, Tier, energy_limit
from rating.urdb.times import Season


def add_mixed(draft: Draft, ladder: Ladder, season: Season, sheet: str) -> None:
    """The charges of a period whose limits are in kWh and in another unit."""
    limit = energy_limit(draft, ladder.units[1], sheet)
    assert limit  # plain kWh comes first, and once
    prefix = f"{season.name.replace('-', '_')}_" if season.name else ""
    floor = max(tier.upto for tier in ladder.tiers if tier.unit == KWH and tier.upto)
    reached = None
    for number, tier in enumerate(ladder.tiers):
        name = f"{prefix}up_to_tier_{number}_kwh"
        ends = _end(draft, name, tier, limit, text_of(floor), sheet)
        used = ends
        if reached:
            terms = [ends, {"of": reached, "times": "-1"}]
            used = draft.determinant(f"{prefix}tier_{number}_kwh", sheet, sum=terms)
        reached = ends
        draft.charges.append(_charge(number, tier, used, season, sheet))
    if ladder.tiers[-1].upto is not None:
        bound = {"times": "1", "of": f"{reached}_limit"}
        for charge in draft.charges[-len(ladder.tiers) :]:
            charge |= {"choice": charge["code"], "when": {"kwh": {"at_most": bound}}}


def _end(draft: Draft, name: str, tier: Tier, limit: Limit, floor: str, sheet: str) -> str:
    """The kWh up to and with a tier."""
    if tier.upto is None:
        return "kwh"
    if tier.unit == KWH:
        return draft.determinant(name, sheet, sum=["kwh"], at_most=text_of(tier.upto))
    edge = draft.determinant(
        f"{name}_limit",
        sheet,
        sum=[{"of": limit.times, "times": text_of(tier.upto)}],
        at_least=floor,
        at_most=text_of(HIGHEST),
        ruling="limits in two units: the tier ends at its own, or where those in kWh end",
    )
    return draft.determinant(name, sheet, least=["kwh", edge])


def _charge(number: int, tier: Tier, used: str, season: Season, sheet: str) -> Part:
    return {
        "code": f"energy_tier_{number}",
        "description": f"Energy charge, tier {number}",
        "component": "energy",
        "per": used,
        "covers": "kwh",
        "prices_in": "$/kWh",
        "sheet": sheet,
        **of_season(season),
        "price": text_of(tier.price),
    }
