"""What must hold of a version's determinants, demands and splits for bills to be as written."""

from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from typing import Any

from rating.errors import RatebookError
from rating.seed.blocks import SplitSeed, check_edges
from rating.seed.conditions import tested_operands
from rating.seed.format import VersionSeed
from rating.seed.levels import (
    DEMAND,
    FIRST_SPLIT,
    determinant_levels,
    operands_of,
    split_level,
)
from rating.seed.quantities import Combined, DemandSeed, DemandTermSeed, DeterminantSeed

PRODUCT_OPERANDS, FIRST_KNOWN_OPERANDS = 2, 3
# A constant that is the greatest of all is a floor, and the least of all a cap.
_OF_NO_USE = {"greatest": "cap", "least": "floor"}
_MEANT = {
    "cap": "put it into a least_of, or write a floor",
    "floor": "put it into a greatest_of, or write a cap",
}
_NO_TEST = (
    "hangs on a test of a determinant; splits and banks cannot, so let a determinant before it do"
)
_TOO_EARLY = (
    "hangs on a test of what is only computed after it; test something it is made from, not"
)


def check_quantities(
    version: VersionSeed, of_reads: Set[str], from_elsewhere: Set[str]
) -> Iterator[str]:
    """One phrase per quantity of a version that would not be made as it is written.

    `from_elsewhere` are the names of quantities that the version need not make itself, `of_reads`
    those of them that a read carries.
    """
    slices = {name for split in version.splits for name in split.slices} - from_elsewhere
    split_off = slices - {one.name for one in version.determinants}
    for determinant in version.determinants:
        for problem in _determinant(determinant, split_off):
            yield f"determinant {determinant.name} {problem}"
    yield from _without_effect(version.determinants)
    demands = {demand.operand for demand in version.demands} - from_elsewhere
    for demand in version.demands:
        for problem in (*_demand(demand), *_looks_at_demands(demand, demands)):
            yield f"demand {demand.name} {problem}"
    for split in version.splits:
        for problem in _split(split):
            yield f"split {split.split} {problem}"
    try:
        yield from _order(version, determinant_levels(version), of_reads, from_elsewhere)
        for split in version.splits:
            split_level(split, version)
    except RatebookError as error:
        yield error.messages[0]


def _determinant(seed: DeterminantSeed, split_off: Set[str]) -> Iterator[str]:
    operands = seed.operands
    has_coefficients = any(operand.times != 1 for operand in operands)
    if not operands:
        yield "is of constants only; use the number itself"
    if seed.operation == "bank" and any(tested_operands(seed.when)):
        yield _NO_TEST
    if seed.operation == "product":
        if len(operands) > PRODUCT_OPERANDS:
            yield f"multiplies more than {PRODUCT_OPERANDS} determinants; do it in two steps"
        if has_coefficients:
            yield "has a coefficient (times) in a product; write it as the product's constant"
    if seed.operation == "root_of_squares":
        if len(operands) != PRODUCT_OPERANDS:
            yield f"takes the root of other than {PRODUCT_OPERANDS} determinants; name two"
        if has_coefficients:
            yield "has a coefficient (times) in a root of squares; multiply in a step before"
    if seed.operation == "first_known" and len(operands) > FIRST_KNOWN_OPERANDS:
        yield f"names more than {FIRST_KNOWN_OPERANDS} determinants; do it in two steps"
    for name in sorted(operands_of(seed) & split_off):
        yield f"uses {name}, which is only split off after it"


def _without_effect(determinants: Sequence[DeterminantSeed]) -> Iterator[str]:
    """One phrase per name whose earlier definitions of the same stage can never count."""
    earlier: set[tuple[str, str]] = set()
    told: set[tuple[str, str]] = set()
    for seed in determinants:
        made = (seed.name, seed.at)
        if made in earlier - told and seed.when is None:
            told.add(made)
            yield (
                f"determinant {seed.name} is defined again without a condition, so that what stands"
                " before has no effect; remove one, or give the later one a when"
            )
        earlier.add(made)


def _demand(demand: DemandSeed) -> Iterator[str]:
    yield from _misplaced(demand)
    for group in demand.groups:
        yield from _misplaced(group)
    for term in demand.terms:
        if term.window is not None and term.skip >= term.window:
            yield "looks back over no month, for skip is as long as the window; lengthen the window"
        if term.kind in ("floor", "cap") and "percent" in term.model_fields_set:
            yield f"has a percent of a {term.kind}; write the kW that it comes to"
        if term.kind != "ratchet" and (term.months or term.skip):
            yield f"has months of a {term.kind} term; a ratchet has them, else say it with when"


def _misplaced(combined: Combined[Any]) -> Iterator[str]:
    for member in combined.members:
        kind = member.kind if isinstance(member, DemandTermSeed) else ""
        if kind == _OF_NO_USE[combined.combination]:
            yield f"has a {kind} in {combined.combination}_of, where it is none; {_MEANT[kind]}"


def _looks_at_demands(demand: DemandSeed, demands: Set[str]) -> Iterator[str]:
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


def _split(split: SplitSeed) -> Iterator[str]:
    if split.into:
        yield from check_edges(split.into)
    if any(tested_operands(split.when)):
        yield _NO_TEST
    if split.limits and split.in_proportion:
        yield "is in proportion and has limits; remove one of them"


def _order(
    version: VersionSeed, levels: Sequence[int], of_reads: Set[str], from_elsewhere: Set[str]
) -> Iterator[str]:
    """One phrase per use of what is not known yet where it is looked at."""
    made_at = _levels_by_name(version, levels)
    late = {name for name, at in made_at.items() if min(at - {DEMAND}, default=0) > DEMAND}
    for seed, level in zip(version.determinants, levels, strict=True):
        for operand in tested_operands(seed.when):
            if operand not in of_reads and min(made_at.get(operand, {0})) >= level:
                yield f"determinant {seed.name} {_TOO_EARLY} {operand}"
    for demand in version.demands:
        for operand in (name for when in demand.clauses for name in tested_operands(when)):
            if operand not in of_reads and min(made_at.get(operand, {0})) >= DEMAND:
                yield f"demand {demand.name} {_TOO_EARLY} {operand}"
        looked_at = {demand.measured, demand.adjusted, *(term.operand for term in demand.terms)}
        for name in sorted((late - from_elsewhere) & looked_at):
            yield (
                f"demand {demand.name} looks at {name}, which is only made after the demands;"
                " name what it is made from"
            )


def _levels_by_name(version: VersionSeed, levels: Sequence[int]) -> dict[str, set[int]]:
    """The levels on which a version makes each of its names."""
    made: dict[str, set[int]] = defaultdict(set)
    for seed, level in zip(version.determinants, levels, strict=True):
        for name in seed.names:
            made[name].add(level)
    for demand in version.demands:
        made[demand.operand].add(DEMAND)
    for split in version.splits:
        for name in split.slices:
            made[name].add(FIRST_SPLIT)
    return made
