"""Energy of a URDB rate: tiers and times of use as charges.

In a month with one period its tiers count all kWh. Where periods share a month they have the
same tiers, which count the month's kWh, and each tier is shared in proportion to the periods'
kWh. That is how NREL's System Advisor Model reads the format.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rating.urdb.draft import Draft, in_season, of_season
from rating.urdb.mixed import add_mixed
from rating.urdb.reading import Reading
from rating.urdb.tiers import Ladder, Limit, block_parts, energy_limit, read_ladder
from rating.urdb.times import Hours, Season, read_hours, tell_unused
from rating.urdb.use import Use

STRUCTURE = "energyratestructure"
WEEKDAY, WEEKEND = "energyweekdayschedule", "energyweekendschedule"
MIXED_BESIDE = "has tiers in several units, or a last limit, beside other periods"


@dataclass(frozen=True)
class Energy:
    """The energy prices of a rate, and when each is in force."""

    hours: Hours
    ladders: dict[int, Ladder | None]


def read_energy(reading: Reading) -> Energy | None:
    """The energy prices that a rate has, with a finding for each that cannot be rated."""
    if not reading.peek(STRUCTURE):
        reading.tell("read as", (STRUCTURE,), "no energy charge, for the rate gives no tiers")
        return None
    hours = read_hours(reading, STRUCTURE, WEEKDAY, WEEKEND)
    if hours is None:
        return None
    used = sorted(set().union(*hours.by_month))
    tell_unused(reading, STRUCTURE, used)
    ladders = {period: read_ladder(reading, STRUCTURE, period, of_energy=True) for period in used}
    _tell_unlike(reading, hours, ladders)
    return Energy(hours, ladders)


def _tell_unlike(reading: Reading, hours: Hours, ladders: dict[int, Ladder | None]) -> None:
    """Say of tiers that differ between periods of one month that they cannot be rated."""
    for periods in hours.by_month:
        found = {one: ladder for one in sorted(periods) if (ladder := ladders[one])}
        if len(periods) == 1 or not found:
            continue
        tiered = [one for one, ladder in found.items() if ladder.units]
        mixed = [one for one in tiered if found[one].is_mixed or found[one].tiers[-1].upto]
        if len({ladder.edges for ladder in found.values()}) > 1 or mixed:
            for one in mixed or tiered:
                reading.tell(
                    "unratable",
                    (STRUCTURE, one),
                    "has other tiers than the periods it shares a month with"
                    if one not in mixed
                    else MIXED_BESIDE,
                )
                ladders[one] = None


def add_energy(draft: Draft, energy: Energy, use: Use) -> None:
    """The energy charges of a version."""
    for season in draft.seasons:
        periods = sorted(energy.hours.of_month(season.months[0]))
        ladders = {one: ladder for one in periods if (ladder := energy.ladders[one])}
        if len(periods) == 1:
            for ladder in ladders.values():
                _add_one(draft, ladder, season)
        elif any(ladder.units for ladder in ladders.values()):
            _add_shared(draft, ladders, season, use)
            if len(set(energy.hours.by_month)) > 1:
                words = "with tiers, all kWh are priced by the month of the bill"
                draft.reading.tell("read as", (WEEKDAY,), words)
        else:
            _add_by_time(draft, energy, season, use)


def _add_one(draft: Draft, ladder: Ladder, season: Season) -> None:
    """The charge of a period that is alone in its months."""
    if ladder.is_mixed:
        add_mixed(draft, ladder, season, STRUCTURE)
        return
    charge = {**_charge("energy", "Energy charge", "kwh"), **of_season(season)}
    draft.charges.append({**charge, **block_parts(ladder, "energy", "kwh", _limit(draft, ladder))})


def _add_by_time(draft: Draft, energy: Energy, season: Season, use: Use) -> None:
    """A charge for each period: those of the season's months must be known, others may be none.

    A billing period can begin in another season than its label's; those hours keep their price.
    """
    here = energy.hours.of_month(season.months[0])
    for period, ladder in sorted(energy.ladders.items()):
        if ladder is None:
            continue
        if ladder.is_mixed:
            draft.reading.tell("unratable", (STRUCTURE, period), MIXED_BESIDE)
            continue
        per, code = use.kwh(period), f"energy_{period}"
        blank = {} if period in here else {"blank_is_zero": True}
        if blank and ladder.tiers[-1].upto is not None:
            # A test of an unknown quantity does not hold, so that the kWh must be known.
            terms = [{"of": per, "blank": "zero"}]
            per, blank = draft.determinant(f"{per}_if_any", WEEKDAY, sum=terms), {}
        charge = _charge(code, f"Energy charge, period {period}", per)
        parts = block_parts(ladder, code, per, _limit(draft, ladder))
        draft.charges.append({**charge, **blank, **of_season(season), **parts})


def _add_shared(draft: Draft, ladders: dict[int, Ladder], season: Season, use: Use) -> None:
    """Tiers of the season's kWh, each shared by its periods in proportion to their kWh."""
    any_ladder = next(iter(ladders.values()))
    tiers = range(len(any_ladder.tiers))
    limit = _limit(draft, any_ladder)
    into = [
        {**_edge(block), "slice": f"tier_{number}_kwh"}
        for number, block in enumerate(block_parts(any_ladder, "", "kwh", None)["blocks"])
    ]
    split = {"split": "kwh", "into": into, "sheet": STRUCTURE, **in_season(season)}
    limits = {"limits": {"times": limit.times, "unit": limit.unit}} if limit else {}
    draft.splits.append({**split, **limits})
    for number in tiers:
        shares = [
            {"share": use.kwh(one), "slice": f"tier_{number}_period_{one}_kwh"} for one in ladders
        ]
        draft.splits.append(
            {
                "split": f"tier_{number}_kwh",
                "in_proportion": shares,
                "sheet": STRUCTURE,
                **in_season(season),
            }
        )
    for period, ladder in ladders.items():
        for number in tiers:
            _add_slice(draft, ladder, season, period, number)


def _add_slice(draft: Draft, ladder: Ladder, season: Season, period: int, number: int) -> None:
    charge = _charge(
        f"energy_{period}_tier_{number}",
        f"Energy charge, period {period}, tier {number}",
        f"tier_{number}_period_{period}_kwh",
    )
    price = block_parts(Ladder([ladder.tiers[number]]), "", "", None)["price"]
    draft.charges.append({**charge, **of_season(season), "price": price})


def _edge(block: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in block.items() if name != "price"}


def _limit(draft: Draft, ladder: Ladder) -> Limit | None:
    return energy_limit(draft, ladder.units[0], STRUCTURE) if ladder.units else None


def _charge(code: str, description: str, per: str) -> dict[str, object]:
    return {
        "code": code,
        "description": description,
        "component": "energy",
        "per": per,
        "covers": "kwh",
        "prices_in": "$/kWh",
        "sheet": STRUCTURE,
    }


def energy_by_month(energy: Energy | None) -> Sequence[frozenset[int]]:
    """What the seasons must keep apart."""
    return energy.hours.by_month if energy else [frozenset()] * 12
