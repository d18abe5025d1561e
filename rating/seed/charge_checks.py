"""What must hold of a version's charges for bills to be as written."""

from collections.abc import Iterator
from itertools import combinations

from rating.seed.blocks import check_edges
from rating.seed.conditions import tested_operands
from rating.seed.format import VersionSeed
from rating.seed.pricing import ChargeSeed
from rating.seed.tested import NO_SEASON

IGNORED_BY_KIND = {
    "price": ("of",),
    "factor": ("price", "blocks", "limits", "of"),
    "percent": ("price", "limits", "covers"),
    "minimum": ("subtract", "covers"),
    "cap": ("subtract", "covers"),
    "difference": ("price", "blocks", "limits", "covers"),
}

_NO_SEASONS = (
    "but the version has no seasons; add them (in a clause or rider, when: {season: %s} may name"
    " one of its schedules)"
)


def check_charges(version: VersionSeed) -> Iterator[str]:
    """One phrase per charge of a version that would not be priced as it is written."""
    for charge in version.charges:
        for problem in (
            *_seasons(charge, version),
            *_blocks(charge),
            *_kind(charge, version),
            *_units(charge, version),
            *_choice(charge, version),
        ):
            yield f"charge {charge.code} {problem}"
    yield from _covers(version)


def _seasons(charge: ChargeSeed, version: VersionSeed) -> Iterator[str]:
    seasons = set(version.seasons.months) if version.seasons else set()
    priced = [set(price) for price in charge.prices if isinstance(price, dict)]
    named = {charge.season} if charge.season else set()
    for season in sorted(named.union(*priced) - seasons):
        yield f"names the season {season}, {NO_SEASON if seasons else _NO_SEASONS % season}"
    if seasons:
        for some in sorted({", ".join(sorted(names)) for names in priced if names != seasons}):
            yield f"prices {some} only; price every season"


def _blocks(charge: ChargeSeed) -> Iterator[str]:
    if charge.blocks:
        yield from check_edges(charge.blocks)
        if charge.per is None and charge.kind != "percent":
            yield "has blocks but says not of what (per)"
    elif charge.limits:
        yield "has limits but no blocks; write the blocks whose edges they multiply"
    exceptions = [block.exception for block in charge.blocks or [] if block.exception]
    if any(any(tested_operands(exception.when)) for exception in exceptions):
        yield "has an exception that tests a determinant; write two charges of one choice"


def _kind(charge: ChargeSeed, version: VersionSeed) -> Iterator[str]:
    for field in IGNORED_BY_KIND[charge.kind]:
        if getattr(charge, field):
            yield f"is of kind {charge.kind}, which takes no {field}; remove it"
    if "factor" in (charge.kind, charge.percent) and version.formula is None:
        yield "is priced by a factor, but the version has no formula"
    if charge.kind == "factor" and not charge.prices_in.startswith("$"):
        yield f"has a factor in {charge.prices_in}; a factor is in dollars, as its formula is"
    if charge.kind in ("factor", "difference") and charge.per is None:
        yield "does not say of what quantity (per)"
    base = charge.of if charge.kind in ("percent", "minimum", "cap", "difference") else None
    if base and not (base.charges or base.components or base.schedules):
        yield "is of nothing; name charges, components or schedules"


def _units(charge: ChargeSeed, version: VersionSeed) -> Iterator[str]:
    counts_units = (charge.per or "").startswith("units:")
    if counts_units and charge.kind not in ("price", "minimum", "cap"):
        yield f"is of kind {charge.kind}, which is not of units; define a determinant of them"
    if charge.blocks and counts_units:
        yield "has blocks of units, of which each row is priced by itself; give it one price"
    if charge.one_time and not counts_units:
        yield "is for one time, but only units are; price units:CODE"
    if not (charge.lamp or counts_units):
        yield "is of no lamp, but only units are lamps or none; price units:CODE"
    if charge.one_time and counts_units:
        for other in version.charges:
            if other.per == charge.per and not other.one_time:
                yield (
                    f"is for one time, but charge {other.code} has {charge.per} in every period;"
                    " give one of them a unit code of its own"
                )


def _choice(charge: ChargeSeed, version: VersionSeed) -> Iterator[str]:
    if charge.choice is None:
        if "choice_rule" in charge.model_fields_set:
            yield "has a choice_rule but is of no choice; name one"
        return
    others = [other for other in version.charges if other.choice == charge.choice]
    if len({other.choice_rule for other in others}) > 1:
        yield f"shares the choice {charge.choice} with another choice_rule; give all the same"
    if charge.choice_rule == "first":
        return
    if charge.kind not in ("minimum", "cap"):
        yield "is the greatest of a choice, which minimums and caps can be; let a determinant be it"
    if len({(other.kind, other.stage_number) for other in others}) > 1:
        yield f"shares the choice {charge.choice} with another kind or stage; give all the same"


def _covers(version: VersionSeed) -> Iterator[str]:
    certain = [one for one in version.charges if one.when is None and one.choice is None]
    whole = [one for one in certain if one.covers and one.covers == one.per]
    for first, second in combinations(whole, 2):
        in_one_season = None in (first.season, second.season) or first.season == second.season
        if first.covers == second.covers and in_one_season:
            yield (
                f"charges {first.code} and {second.code} both cover all of {first.covers};"
                " let one of them cover it"
            )
