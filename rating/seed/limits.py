"""What the format can write down but the engine would not do as written: refused, not guessed."""

from collections import defaultdict
from collections.abc import Iterator

from rating.errors import RatebookError
from rating.seed.conditions import tested_operands
from rating.seed.format import VersionSeed
from rating.seed.levels import DEMAND, FIRST_SPLIT, determinant_levels, split_level
from rating.seed.parts import When
from rating.seed.pricing import ChargeSeed
from rating.seed.quantities import DeterminantSeed

PRODUCT_OPERANDS, FIRST_KNOWN_OPERANDS = 2, 3


def check_limits(version: VersionSeed) -> Iterator[str]:
    """One phrase per thing of a version that would not be rated as it is written."""
    for determinant in version.determinants:
        for problem in _determinant(determinant):
            yield f"determinant {determinant.name} {problem}"
    for split in version.splits:
        if tests_a_determinant(split.when):
            yield f"split {split.split} {_NO_TEST}"
    for charge in version.charges:
        for problem in _charge(charge):
            yield f"charge {charge.code} {problem}"
    try:
        determinant_levels(version)
        for split in version.splits:
            split_level(split, version)
    except RatebookError as error:
        yield error.messages[0]


_NO_TEST = (
    "hangs on a test of a determinant; splits and banks cannot, so let a determinant before it do"
)


def check_tests(version: VersionSeed, of_reads: set[str]) -> Iterator[str]:
    """One phrase per clause that tests what is not known yet where it is decided."""
    made_at = _levels_by_name(version)
    for seed, level in zip(version.determinants, determinant_levels(version), strict=True):
        for operand in tested_operands(seed.when):
            if operand not in of_reads and min(made_at.get(operand, {0})) >= level:
                yield f"determinant {seed.name} {_TOO_EARLY} {operand}"
    for demand in version.demands:
        for operand in (name for when in demand.clauses for name in tested_operands(when)):
            if operand not in of_reads and min(made_at.get(operand, {0})) >= DEMAND:
                yield f"demand {demand.name} {_TOO_EARLY} {operand}"


_TOO_EARLY = (
    "hangs on a test of what is only computed after it; test something it is made from, not"
)


def _levels_by_name(version: VersionSeed) -> dict[str, set[int]]:
    """The levels on which a version makes each of its names."""
    made: dict[str, set[int]] = defaultdict(set)
    for seed, level in zip(version.determinants, determinant_levels(version), strict=True):
        made[seed.name].add(level)
    for demand in version.demands:
        made[demand.operand].add(DEMAND)
    for split in version.splits:
        for name in split.slices:
            made[name].add(FIRST_SPLIT)
    return made


def tests_a_determinant(when: When | None) -> bool:
    """Whether a clause has to be decided bill by bill."""
    return any(tested_operands(when))


def _determinant(seed: DeterminantSeed) -> Iterator[str]:
    has_coefficients = any(operand.times != 1 for operand in seed.operands)
    if seed.operation == "bank" and tests_a_determinant(seed.when):
        yield _NO_TEST
    if seed.operation == "product":
        if len(seed.operands) > PRODUCT_OPERANDS:
            yield f"multiplies more than {PRODUCT_OPERANDS} determinants; do it in two steps"
        if has_coefficients:
            yield "has a coefficient (times) in a product; write it as the product's constant"
    if seed.operation == "root_of_squares":
        if len(seed.operands) != PRODUCT_OPERANDS:
            yield f"takes the root of other than {PRODUCT_OPERANDS} determinants; name two"
        if has_coefficients:
            yield "has a coefficient (times) in a root of squares; multiply in a step before"
    if seed.operation == "first_known" and len(seed.operands) > FIRST_KNOWN_OPERANDS:
        yield f"names more than {FIRST_KNOWN_OPERANDS} determinants; do it in two steps"


def _charge(charge: ChargeSeed) -> Iterator[str]:
    if charge.kind in ("factor", "difference") and charge.per is None:
        yield "does not say of what quantity (per)"
    exceptions = [block.exception for block in charge.blocks or [] if block.exception]
    if any(tests_a_determinant(exception.when) for exception in exceptions):
        yield "has an exception that tests a determinant; write two charges of one choice"
    if charge.of is None or charge.kind not in ("percent", "minimum", "cap", "difference"):
        return
    if not charge.of.charges and not charge.of.components and not charge.of.schedules:
        yield "is of nothing; name charges, components or schedules"
