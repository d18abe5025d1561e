"""What conditions and eligibility may name, and which tests of it can hold: others are refused."""

import re
from collections.abc import Iterator, Set

from sqlalchemy import Boolean

from models.portfolio import ServiceAgreement
from rating.seed.conditions import RESERVED, in_words, listed, value_words
from rating.seed.format import VersionSeed
from rating.seed.parts import Bound, Comparison, OtherThan, Span, Test, When

# The columns of service_agreements whose values a condition may name.
ATTRIBUTES = (
    "schedule", "customer_class", "voltage", "phase", "space_heating", "water_heating",
    "all_electric", "secondary_metered", "customer_owned_transformation",
)  # fmt: skip
_COLUMNS = ServiceAgreement.__table__.columns
_UNNAMED = frozenset(_COLUMNS.keys()) - {*ATTRIBUTES}
_FLAGS = {"opening", "closing", *(one.name for one in _COLUMNS if isinstance(one.type, Boolean))}
_MAY = f"of service_agreements it may name {', '.join(ATTRIBUTES)} and columns of your own"
NO_SEASON = "which the version's seasons do not have"
_YEAR = "[1-9][0-9]*"
_MONTHS = frozenset({"month", "months", "billing_month"})
_TO_WRITE = {
    **dict.fromkeys(
        _MONTHS,
        "write season, for which the version, or a clause of its own, has seasons by month, or"
        " period for a span of days",
    ),
    "contract_year": 'write a year, such as 2, or bounds, such as {at_most: "2"}',
    "period": 'write spans of days, such as [{from: "12-20", to: "01-10"}]',
    **dict.fromkeys(_FLAGS, "write true or false"),
}


def check_tested(version: VersionSeed, quantities: Set[str], seasons: Set[str]) -> Iterator[str]:
    """One phrase per test of a version that would hold for nobody, whatever the agreement is.

    `quantities` are those of reads and agreements, which are tested by bounds; `seasons` those of
    the schedules that a clause or rider is applied to, which hold where it has none of its own.
    """
    known = set(version.seasons.months) if version.seasons else seasons
    for when in clauses_of(version):
        for subject, test in (when or {}).items():
            yield from _check_test(subject, test, quantities)
            if subject == "season" and not isinstance(test, Comparison | OtherThan):
                for season in sorted({value_words(one) for one in listed(test)} - known):
                    yield f"a condition names the season {season}, {NO_SEASON}"
    if version.combine and version.combine.season not in known:
        yield f"combine names the season {version.combine.season}, {NO_SEASON}"
    for rule in version.eligibility:
        for name in rule.attributes:
            if name in _UNNAMED | quantities:
                yield f"eligibility cannot name {name}; {_MAY}"


def _check_test(subject: str, test: Test, quantities: Set[str]) -> Iterator[str]:
    if isinstance(test, Comparison) and subject not in RESERVED:
        return  # of a quantity, whose name is looked up with all others
    if subject in RESERVED and isinstance(test, OtherThan):
        yield f"a condition tests what the {subject} is not; name the values that hold"
    elif subject in quantities:
        yield f'a condition names a value of {subject}; write bounds, such as {{at_least: "50"}}'
    elif subject in _UNNAMED:
        yield f"a condition cannot name {subject}; {_MAY}"
    elif not _may_hold(subject, test):
        hint = _TO_WRITE.get(subject, "write the values that hold")
        yield f"a condition tests {in_words(subject, test).rstrip()}; {hint}"


def _may_hold(subject: str, test: Test) -> bool:
    """Whether a test compares what it names with what that can be."""
    if isinstance(test, Comparison):
        is_of_numbers = not any(isinstance(bound, Bound) for _, bound in test.bounds)
        return subject == "contract_year" and is_of_numbers
    values = listed(test)
    if subject in _MONTHS or any(
        isinstance(value, Span) != (subject == "period") for value in values
    ):
        return False
    words = [value_words(value) for value in values]
    form = "true|false" if subject in _FLAGS else _YEAR if subject == "contract_year" else ".*"
    return bool(words) and all(re.fullmatch(form, word, re.DOTALL) for word in words)


def clauses_of(version: VersionSeed) -> Iterator[When | None]:
    """The conditions that the parts of a version hang on, wherever they stand."""
    yield from (determinant.when for determinant in version.determinants)
    yield from (split.when for split in version.splits)
    for demand in version.demands:
        yield from demand.clauses
    for charge in version.charges:
        yield charge.when
        yield from (block.exception.when for block in charge.blocks or [] if block.exception)
