"""Rows of clauses: the conditions that a charge, a term or a quantity hangs on."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from models import tariff
from rating.seed_parts import Bound, Comparison, Span, Test

if TYPE_CHECKING:
    from rating.seed_rows import Row, Rows

RESERVED = frozenset({"season", "period", "option", "contract_year"})


def in_words(subject: str, test: Test) -> str:
    if isinstance(test, Comparison):
        comparison, bound = next(iter(test.model_dump(exclude_unset=True).items()))
        limit = f"{bound['times']} × {bound['of']}" if isinstance(bound, dict) else str(bound)
        return f"{subject} {comparison.replace('_', ' ')} {limit}"
    return f"{subject} {' or '.join(_value_words(value) for value in _listed(test))}"


def _value_words(value: Any) -> str:
    if isinstance(value, Span):
        return f"{value.first} to {value.last}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _listed(test: Test) -> Sequence[Any]:
    return test if isinstance(test, list) else [test]


def add_condition(rows: Rows, set_id: int, ordinal: int, subject: str, test: Test) -> None:
    kind = subject if subject in RESERVED else "attribute"
    bound: Row = {"comparison": None, "bound": None, "bound_factor": None, "bound_operand": None}
    if isinstance(test, Comparison):
        kind = "determinant" if kind == "attribute" else kind
        comparison, value = next((f, getattr(test, f)) for f in test.model_fields_set)
        multiple = isinstance(value, Bound)
        bound = {
            "comparison": comparison,
            "bound": Decimal(0) if multiple else value,
            "bound_factor": value.times if multiple else None,
            "bound_operand": value.of if multiple else None,
        }
    rows.add(
        tariff.Condition,
        condition_set_id=set_id,
        ordinal=ordinal,
        kind=kind,
        subject=None if kind == subject else subject,
        **bound,
    )
    for value in [] if isinstance(test, Comparison) else _listed(test):
        key = {"condition_set_id": set_id, "ordinal": ordinal}
        if isinstance(value, Span):
            rows.add(tariff.ConditionSpan, **key, first_day=value.first, last_day=value.last)
        else:
            rows.add(tariff.ConditionValue, **key, value=_value_words(value))
