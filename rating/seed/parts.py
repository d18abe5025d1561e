"""What the parts of a seed file share: quoted numbers, citations, clauses, operands."""

import re
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    WithJsonSchema,
    model_validator,
)

NUMBER = re.compile(r"[+-]?\d{1,10}(\.\d{1,8})?")
DAY_OF_YEAR = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def _quoted(value: Any) -> Decimal:
    """A quoted decimal of at most ten digits before and eight behind the point."""
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a quoted decimal; write it in quotes, as printed")
    if not NUMBER.fullmatch(value):
        if re.fullmatch(r"[+-]?\d+(\.\d+)?", value):
            raise ValueError(f"{value!r} has more than ten digits or eight decimals; shorten it")
        raise ValueError(f"{value!r} is not a decimal number; write digits and a point only")
    return Decimal(value)


def _percentage(value: Any) -> Decimal | str:
    """A quoted decimal, or the word that stands for the month's factor."""
    return "factor" if value == "factor" else _quoted(value)


def _day_of_year(value: Any) -> str:
    if not isinstance(value, str) or not DAY_OF_YEAR.fullmatch(value):
        raise ValueError(f'{value!r} is not a day of the year; write "MM-DD" in quotes')
    return value


def quoted_text(pattern: str, description: str) -> WithJsonSchema:
    """What an editor is told of a text that a validator reads."""
    return WithJsonSchema(
        {"type": "string", "pattern": f"^({pattern})$", "description": description}
    )


Number = Annotated[
    Decimal, BeforeValidator(_quoted), quoted_text(NUMBER.pattern, "a quoted decimal, as printed")
]
Percentage = Annotated[
    Decimal | Literal["factor"],
    BeforeValidator(_percentage),
    quoted_text(f"{NUMBER.pattern}|factor", "a quoted decimal, as printed, or factor"),
]
DayOfYear = Annotated[
    str,
    BeforeValidator(_day_of_year),
    quoted_text(DAY_OF_YEAR.pattern, "a day of the year, MM-DD in quotes"),
]
Month = Annotated[int, Field(ge=1, le=12)]


class Part(BaseModel):
    """A part of a seed file; fields it does not know are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Cited(Part):
    """A dated group: where it stands in the book, and under which ruling it is read."""

    sheet: str = Field(description="page as printed, such as T-9 or p. 4")
    ordinance: str | None = Field(None, description="where it is not the version's")
    ruling: str | None = Field(None, description="how the text is read where it leaves room")


class Bound(Part):
    """A bound that is a multiple of an operand: `{times: "350", of: billing_demand_kw}`."""

    times: Number = Decimal(1)
    of: str


class Comparison(Part):
    """A test of a determinant: a lower bound, an upper bound, or both."""

    at_least: Number | Bound | None = None
    above: Number | Bound | None = None
    at_most: Number | Bound | None = None
    below: Number | Bound | None = None

    @property
    def bounds(self) -> list[tuple[str, "Decimal | Bound"]]:
        """(comparison, bound) of each bound that is given."""
        given = [(field, getattr(self, field)) for field in type(self).model_fields]
        return [(comparison, bound) for comparison, bound in given if bound is not None]

    @model_validator(mode="after")
    def _one_a_side(self) -> "Comparison":
        named = [comparison for comparison, _ in self.bounds]
        if not named or {"at_least", "above"} <= {*named} or {"at_most", "below"} <= {*named}:
            raise ValueError("give one of at_least, above, at_most, below, or one of either side")
        return self


class Span(Part):
    """A yearly span of days, both included."""

    first: DayOfYear = Field(alias="from")
    last: DayOfYear = Field(alias="to")


class OtherThan(Part):
    """Any value but those named, or none: `{not: [residential]}`."""

    values: list[str] = Field(alias="not", min_length=1)


def _other_than(value: Any) -> Any:
    """The one form of a test that has `not`, so that a mistake in it is told as such."""
    return OtherThan.model_validate(value) if isinstance(value, dict) and "not" in value else value


Test = Annotated[
    bool | str | int | Comparison | InstanceOf[OtherThan] | list[str] | list[int] | list[Span],
    BeforeValidator(_other_than),
]
When = dict[str, Test]


class Operand(Part):
    """An operand with its coefficient, and what its being unknown means."""

    of: str
    times: Number = Decimal(1)
    blank: Literal["unknown", "zero", "skip"] = "unknown"


def is_number(text: str) -> bool:
    """Whether a text of an operand list is a constant."""
    return bool(NUMBER.fullmatch(text))
