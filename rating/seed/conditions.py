"""Rows of clauses: the conditions that a charge, a term or a quantity hangs on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from models import tariff
from rating.seed.parts import Bound, Comparison, OtherThan, Span, Test, When

if TYPE_CHECKING:
    from rating.seed.rows import Row, Rows

RESERVED = frozenset({"season", "period", "opening", "closing", "option", "contract_year"})


def tested_operands(when: When | None) -> Iterator[str]:
    """The quantities that a clause tests, and those that bound them."""
    for subject, test in (when or {}).items():
        if isinstance(test, Comparison) and subject not in RESERVED:
            yield subject
            yield from (bound.of for _, bound in test.bounds if isinstance(bound, Bound))


def in_words(subject: str, test: Test) -> str:
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


def add_conditions(rows: Rows, set_id: int, when: When) -> None:
    """The rows of a clause: one condition for each test, two for a test with two bounds."""
    ordinal = 0
    for subject, test in when.items():
        for bound in _bound_columns(test):
            ordinal += 1
            kind = subject if subject in RESERVED else "attribute"
            if isinstance(test, Comparison) and kind == "attribute":
                kind = "determinant"
            rows.add(
                tariff.Condition,
                condition_set_id=set_id,
                ordinal=ordinal,
                kind=kind,
                subject=None if kind == subject else subject,
                is_negated=isinstance(test, OtherThan),
                **bound,
            )
        _add_values(rows, set_id, ordinal, test)


def _bound_columns(test: Test) -> list[Row]:
    """The columns of each bound of a test; those of a test of values are empty."""
    if not isinstance(test, Comparison):
        return [dict.fromkeys(("comparison", "bound", "bound_factor", "bound_operand"))]
    return [
        {
            "comparison": comparison,
            "bound": Decimal(0) if isinstance(bound, Bound) else bound,
            "bound_factor": bound.times if isinstance(bound, Bound) else None,
            "bound_operand": bound.of if isinstance(bound, Bound) else None,
        }
        for comparison, bound in test.bounds
    ]


def _add_values(rows: Rows, set_id: int, ordinal: int, test: Test) -> None:
    for value in [] if isinstance(test, Comparison) else listed(test):
        key = {"condition_set_id": set_id, "ordinal": ordinal}
        if isinstance(value, Span):
            rows.add(tariff.ConditionSpan, **key, first_day=value.first, last_day=value.last)
        else:
            rows.add(tariff.ConditionValue, **key, value=value_words(value))
