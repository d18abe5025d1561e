"""The order in which the quantities of a version are computed, as fixed levels."""

from collections.abc import Mapping, Sequence

from rating.errors import RatebookError
from rating.seed.blocks import SplitSeed
from rating.seed.conditions import tested_operands
from rating.seed.format import VersionSeed
from rating.seed.quantities import DEMAND_SUFFIX, DemandSeed, DeterminantSeed

METERING, NETTING, FIRST_DERIVED, LAST_DERIVED, DEMAND = 1, 2, 3, 7, 8
FIRST_AFTER_DEMAND, LAST_AFTER_DEMAND = 9, 11
FIRST_SPLIT, LAST_SPLIT = 12, 14


def determinant_levels(version: VersionSeed) -> list[int]:
    """The level of each derived determinant of a version, in the order they stand there.

    Levels 3 to 7 come before the demands, 9 to 11 after them; a determinant lies one above
    the highest operand it names. Raises `RatebookError` where they nest deeper.
    """
    level_of = _derived_levels(version)
    levels = []
    for seed in version.determinants:
        if seed.at != "derived":
            levels.append(METERING if seed.at == "metering" else NETTING)
            continue
        level = level_of[seed.name]
        last = LAST_DERIVED if level < FIRST_AFTER_DEMAND - 1 else LAST_AFTER_DEMAND
        if level > last:
            raise RatebookError(
                f"determinant {seed.name} of {version.sheet} is built on too many others;"
                " merge some of them"
            )
        levels.append(level)
    return levels


def _derived_levels(version: VersionSeed) -> dict[str, int]:
    """The level of each derived name, raised until it lies above all that it is built on."""
    derived = [seed for seed in version.determinants if seed.at == "derived"]
    demands = _demands(derived, version)
    level_of: dict[str, int] = {}
    for _ in version.determinants:
        before = dict(level_of)
        for seed in derived:
            level = max(_level(seed, demands, level_of), level_of.get(seed.name, 0))
            level_of.update(dict.fromkeys(seed.names, level))
        if before == level_of:
            return level_of
    if any(_level(seed, demands, level_of) > level_of.get(seed.name, 0) for seed in derived):
        raise RatebookError(
            f"determinants of {version.sheet} are defined by each other in a circle; break it"
        )
    return level_of


def _demands(derived: Sequence[DeterminantSeed], version: VersionSeed) -> set[str]:
    """The version's demands, and those that a clause finds in the schedules it is for."""
    named = {name for seed in derived for name in operands_of(seed) if name.endswith(DEMAND_SUFFIX)}
    own = {demand.operand for demand in version.demands}
    return own | named - {name for seed in derived for name in seed.names}


def operands_of(seed: DeterminantSeed) -> set[str]:
    """The names that a determinant is computed from or hangs on."""
    named = {operand.of for operand in seed.operands}
    divisor = {seed.divided_by_operand} if seed.divided_by_operand else set()
    return (named | divisor | {*tested_operands(seed.when)}) - {*seed.names}


def measured_operand(demand: DemandSeed, version: VersionSeed) -> str:
    """What a demand reports as measured, and is unknown without.

    Where the sheet's transcription names nothing, it is kw, unless no term is made from that.
    """
    if demand.measured:
        return demand.measured
    measured = [term.measured for term in demand.terms if term.measured]
    looked_at = [term.ratchet for term in demand.terms if term.ratchet]
    reached = {*measured, *looked_at, *([demand.adjusted] if demand.adjusted else [])}
    for _ in version.determinants:
        used = [operands_of(seed) for seed in version.determinants if reached & {*seed.names}]
        reached = reached.union(*used)
    return "kw" if "kw" in reached or not measured else measured[0]


def _level(seed: DeterminantSeed, demands: set[str], level_of: Mapping[str, int]) -> int:
    operands = operands_of(seed)
    above = [level_of[name] + 1 for name in operands if name in level_of]
    floor = FIRST_AFTER_DEMAND if operands & demands else FIRST_DERIVED
    level = max([floor, *above])
    return FIRST_AFTER_DEMAND if level == FIRST_AFTER_DEMAND - 1 else min(level, 99)


def split_level(split: SplitSeed, version: VersionSeed, depth: int = 0) -> int:
    """The level of a split: one above the splits whose slices it divides, shares or is limited by.

    Raises `RatebookError` where splits nest deeper than three.
    """
    if FIRST_SPLIT + depth > LAST_SPLIT:
        raise RatebookError(
            f"split {split.split} of {version.sheet} is nested more than three deep;"
            " merge two of the splits"
        )
    operands = {split.split, *(part.share for part in split.in_proportion or [])}
    if split.limits:
        operands.add(split.limits.times)
    makers = [maker for operand in operands if (maker := _maker(operand, version))]
    return max([FIRST_SPLIT, *(split_level(maker, version, depth + 1) + 1 for maker in makers)])


def _maker(slice_name: str, version: VersionSeed) -> SplitSeed | None:
    for split in version.splits:
        if slice_name in split.slices:
            return split
    return None
