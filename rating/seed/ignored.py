"""What a seed file could say and the engine would pass over: refused, with what to say instead."""

from collections.abc import Iterator

from rating.errors import RatebookError
from rating.seed.format import VersionSeed
from rating.seed.levels import FIRST_AFTER_DEMAND, determinant_levels, operands_of
from rating.seed.pricing import ChargeSeed
from rating.seed.quantities import DemandSeed

IGNORED_BY_KIND = {
    "price": ("of",),
    "factor": ("price", "blocks", "limits", "of"),
    "percent": ("price", "limits", "covers"),
    "minimum": ("subtract", "covers"),
    "cap": ("subtract", "covers"),
    "difference": ("price", "blocks", "limits", "covers"),
}


def check_ignored(version: VersionSeed, from_elsewhere: set[str]) -> Iterator[str]:
    """One phrase per thing of a version that no bill would show.

    `from_elsewhere` are the names of quantities that the version need not make itself.
    """
    for charge in version.charges:
        for problem in (*_charge(charge), *_choice(charge, version)):
            yield f"charge {charge.code} {problem}"
    slices = _slices(version) - from_elsewhere - {one.name for one in version.determinants}
    for determinant in version.determinants:
        if not determinant.operands:
            yield f"determinant {determinant.name} is of constants only; use the number itself"
        for name in sorted(operands_of(determinant) & slices):
            yield f"determinant {determinant.name} uses {name}, which is only split off after it"
    late = _made_after_demands(version) - from_elsewhere
    demands = {demand.operand for demand in version.demands} - from_elsewhere
    for demand in version.demands:
        for problem in (*_demand(demand, late), *_looks_at_demands(demand, demands)):
            yield f"demand {demand.name} {problem}"
    for split in version.splits:
        if split.limits and split.in_proportion:
            yield f"split {split.split} is in proportion and has limits; remove one of them"


def _charge(charge: ChargeSeed) -> Iterator[str]:
    for field in IGNORED_BY_KIND[charge.kind]:
        if getattr(charge, field):
            yield f"is of kind {charge.kind}, which takes no {field}; remove it"
    counts_units = (charge.per or "").startswith("units:")
    if charge.limits and not charge.blocks:
        yield "has limits but no blocks; write the blocks whose edges they multiply"
    if counts_units and charge.kind not in ("price", "minimum", "cap"):
        yield f"is of kind {charge.kind}, which is not of units; define a determinant of them"
    if charge.blocks and counts_units:
        yield "has blocks of units, of which each row is priced by itself; give it one price"
    if charge.one_time and not counts_units:
        yield "is for one time, but only units are; price units:CODE"
    if charge.kind == "factor" and not charge.prices_in.startswith("$"):
        yield f"has a factor in {charge.prices_in}; a factor is in dollars, as its formula is"


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


def _demand(demand: DemandSeed, late: set[str]) -> Iterator[str]:
    looked_at = {term.operand for term in demand.terms}
    for name in sorted(late & {demand.measured, demand.adjusted, *looked_at}):
        yield f"looks at {name}, which is only made after the demands; name what it is made from"
    for term in demand.terms:
        if term.kind in ("floor", "cap") and "percent" in term.model_fields_set:
            yield f"has a percent of a {term.kind}; write the kW that it comes to"
        if term.kind != "ratchet" and (term.months or term.skip):
            yield f"has months of a {term.kind} term; a ratchet has them, else say it with when"


def _looks_at_demands(demand: DemandSeed, demands: set[str]) -> Iterator[str]:
    for measured in sorted(demands & {demand.measured, demand.adjusted}):
        yield f"measures {measured}, which is a demand itself; name what that is made from"
    for term in demand.terms:
        name = term.operand
        if name not in demands:
            continue
        if term.kind != "ratchet":
            yield f"looks at {name} of the present month; only a ratchet looks at billed demands"
        elif not 1 <= term.skip < (term.window or 0):
            yield f"looks back at {name}, billed before: skip the present month (skip: 1)"
        elif term.average_of or term.required or term not in (demand.greatest_of or []):
            yield (
                f"looks back at {name} as no plain term of greatest_of; write it as one, without"
                " average_of and required"
            )


def _slices(version: VersionSeed) -> set[str]:
    return {name for split in version.splits for name in split.slices}


def _made_after_demands(version: VersionSeed) -> set[str]:
    """Names that a version makes only once its demands are known: slices, and what uses demands."""
    try:
        levels = determinant_levels(version)
    except RatebookError:
        return set()  # it says so itself, in check_limits
    made = list(zip(version.determinants, levels, strict=True))
    before = {seed.name for seed, level in made if level < FIRST_AFTER_DEMAND}
    return ({seed.name for seed, _ in made} | _slices(version)) - before
