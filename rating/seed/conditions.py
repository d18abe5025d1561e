"""Clauses, on which a charge, a term or a quantity hangs: what they test, and in words."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from rating.seed.parts import Bound, Comparison, OtherThan, Span, Test, When

RESERVED = frozenset({"season", "period", "opening", "closing", "option", "contract_year"})


def tested_operands(when: When | None) -> Iterator[str]:
    """The quantities that a clause tests, and those that bound them."""
    for subject, test in (when or {}).items():
        if isinstance(test, Comparison) and subject not in RESERVED:
            yield subject
            yield from (bound.of for _, bound in test.bounds if isinstance(bound, Bound))


def in_words(subject: str, test: Test) -> str:
    """A test as the label of its clause says it."""
    if isinstance(test, Comparison):
        bounds = (
            f"{comparison.replace('_', ' ')} {_bound_words(bound)}"
            for comparison, bound in test.bounds
        )
        return f"{subject} {' and '.join(bounds)}"
    if isinstance(test, OtherThan):
        return f"{subject} not {' or '.join(test.values)}"
    return f"{subject} {' or '.join(value_words(value) for value in listed(test))}"


def _bound_words(bound: Decimal | Bound) -> str:
    return f"{bound.times} × {bound.of}" if isinstance(bound, Bound) else str(bound)


def value_words(value: Any) -> str:
    """A value as it is compared, or a span of days in words."""
    if isinstance(value, Span):
        return f"{value.first} to {value.last}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def listed(test: Test) -> Sequence[Any]:
    """The values that a test names."""
    if isinstance(test, OtherThan):
        return test.values
    return test if isinstance(test, list) else [test]
