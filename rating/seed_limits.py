"""What the format can write down but the engine would not do as written: refused, not guessed."""

from collections.abc import Iterator

from rating.errors import RatebookError
from rating.seed_format import VersionSeed
from rating.seed_levels import determinant_levels, split_level
from rating.seed_parts import Comparison, Operand, When, is_number
from rating.seed_pricing import STAGE_OF_COMPONENT, STAGES, ChargeSeed
from rating.seed_quantities import DemandGroupSeed, DemandSeed, DeterminantSeed

PRODUCT_OPERANDS, FIRST_KNOWN_OPERANDS = 2, 3


def check_limits(version: VersionSeed) -> Iterator[str]:
    """One phrase per thing of a version that would not be rated as it is written."""
    for determinant in version.determinants:
        for problem in _determinant(determinant):
            yield f"determinant {determinant.name} {problem}"
    for demand in version.demands:
        if any(tests_a_determinant(when) for when in _clauses(demand)):
            yield f"demand {demand.name} {_NO_TEST}"
    for split in version.splits:
        if tests_a_determinant(split.when):
            yield f"split {split.split} {_NO_TEST}"
    for charge in version.charges:
        for problem in _charge(charge, version):
            yield f"charge {charge.code} {problem}"
    try:
        determinant_levels(version)
        for split in version.splits:
            split_level(split, version)
    except RatebookError as error:
        yield error.messages[0]


_NO_TEST = (
    "hangs on a test of a determinant; only charges can, so say it with greatest, least or at_least"
)


def tests_a_determinant(when: When | None) -> bool:
    """Whether a clause has to be decided bill by bill."""
    return any(
        isinstance(test, Comparison) and subject != "contract_year"
        for subject, test in (when or {}).items()
    )


def _determinant(seed: DeterminantSeed) -> Iterator[str]:
    operands = [t for t in seed.terms if isinstance(t, Operand) or not is_number(t)]
    if tests_a_determinant(seed.when):
        yield _NO_TEST
    if seed.operation == "product":
        if len(operands) > PRODUCT_OPERANDS:
            yield f"multiplies more than {PRODUCT_OPERANDS} determinants; do it in two steps"
        if any(isinstance(term, Operand) and term.times != 1 for term in operands):
            yield "has a coefficient (times) in a product; write it as the product's constant"
    if seed.operation == "first_known" and len(operands) > FIRST_KNOWN_OPERANDS:
        yield f"names more than {FIRST_KNOWN_OPERANDS} determinants; do it in two steps"


def _clauses(demand: DemandSeed) -> Iterator[When | None]:
    for member in demand.greatest_of or demand.least_of or []:
        yield member.when
        if isinstance(member, DemandGroupSeed):
            yield from (term.when for term in member.greatest_of or member.least_of or [])


def _charge(charge: ChargeSeed, version: VersionSeed) -> Iterator[str]:
    if charge.kind in ("factor", "difference") and charge.per is None:
        yield "does not say of what quantity (per)"
    exceptions = [block.exception for block in charge.blocks or [] if block.exception]
    if any(tests_a_determinant(exception.when) for exception in exceptions):
        yield "has an exception that tests a determinant; write two charges of one choice"
    if charge.of is None or charge.kind not in ("percent", "minimum", "cap", "difference"):
        return
    if not charge.of.charges and not charge.of.components:
        yield "is of nothing; name charges or components"
    stage = stage_of(charge)
    later = {other.code for other in version.charges if stage_of(other) >= stage}
    for code in charge.of.charges:
        if code in later:
            yield f"looks at charge {code}, which is not of an earlier stage; give it a stage"


def stage_of(charge: ChargeSeed) -> int:
    """The number of a charge's stage, by its component where the seed names none."""
    return STAGES[charge.stage or STAGE_OF_COMPONENT.get(charge.component, "basic")]
