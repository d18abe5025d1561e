"""Rows of whom a version is for: alternatives, their conditions, and the values these admit."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from models import tariff
from rating.seed.conditions import listed, value_words
from rating.seed.eligibility import EligibilitySeed
from rating.seed.made import VersionRows
from rating.seed.parts import OtherThan


@dataclass(frozen=True)
class _Condition:
    kind: str
    values: list[str]
    attribute: str | None = None
    is_negated: bool = False
    comparison: str | None = None
    bound: Decimal | None = None
    months: int | None = None


def add_eligibility(made: VersionRows, ordinal: int, seed: EligibilitySeed) -> None:
    """The rows of one alternative."""
    rule_id = made.rows.next_id(tariff.EligibilityRule)
    made.rows.add(
        tariff.EligibilityRule,
        eligibility_rule_id=rule_id,
        version_id=made.version_id,
        ordinal=ordinal,
        words=seed.words,
        beyond_data=seed.beyond_data,
        **made.cite(seed),
    )
    for number, condition in enumerate(_conditions(seed), start=1):
        key = {"eligibility_rule_id": rule_id, "ordinal": number}
        made.rows.add(
            tariff.EligibilityCondition,
            **key,
            kind=condition.kind,
            attribute=condition.attribute,
            is_negated=condition.is_negated,
            comparison=condition.comparison,
            bound=condition.bound,
            months=condition.months,
        )
        for value in dict.fromkeys(condition.values):
            made.rows.add(tariff.EligibilityValue, **key, value=value)


def _conditions(seed: EligibilitySeed) -> Iterator[_Condition]:
    for attribute, admitted in seed.attributes.items():
        texts = [value_words(value) for value in listed(admitted)]
        yield _Condition("attribute", texts, attribute, isinstance(admitted, OtherThan))
    if seed.demand:
        for comparison, bound in seed.demand.bounds:
            yield _Condition(
                "demand",
                seed.demand.operands,
                comparison=comparison,
                bound=bound,
                months=seed.demand.months,
            )
    if seed.unless:
        yield _Condition("unless", seed.unless)
