"""What the parts of a seed file share: quoted numbers, citations, clauses, operands."""

import re
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticKnownError

NUMBER = re.compile(r"[+-]?\d{1,10}(\.\d{1,8})?")
DAY_OF_YEAR = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def _quoted(value: Any) -> Decimal:
    """A quoted decimal of at most ten digits before and eight behind the point."""
    if isinstance(value, dict):
        raise ValueError(
            "is one number; where it differs by season, write a charge with `season` for each,"
            " or a term of a demand with `when`"
        )
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


def _named(value: Any) -> Any:
    """A name, a whole number, or true or false."""
    if not isinstance(value, bool | str | int):
        raise PydanticKnownError("string_type")
    return value


def _form(value: Any) -> str:
    if isinstance(value, list):
        return "List"
    return "Mapping" if isinstance(value, dict | BaseModel) else "Text"


def _form_of_test(value: Any) -> str:
    one_span = isinstance(value, dict) and bool({"from", "to"} & {*value})
    if one_span or (isinstance(value, list) and any(_form(one) == "Mapping" for one in value)):
        return "Spans"
    if isinstance(value, list) and value and all(type(one) is int for one in value):
        return "Numbers"
    if isinstance(value, OtherThan) or (isinstance(value, dict) and "not" in value):
        return "Others"
    return _form(value)


def form_among(*forms: str) -> Discriminator:
    """Tells by a value's form which of several types it is of; text if it has no other form.

    A mistake in it is then told as a mistake of that form alone.
    """
    return Discriminator(lambda value: found if (found := _form(value)) in forms else "Text")


TEXT, LIST, MAPPING = Tag("Text"), Tag("List"), Tag("Mapping")


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

    @field_validator("*")
    @classmethod
    def _not_blank(cls, value: Any) -> Any:
        listed = isinstance(value, list)
        if any(isinstance(one, str) and not one.strip() for one in (value if listed else [value])):
            raise ValueError(f"{'holds a' if listed else 'is'} blank; fill it in")
        return value


class Cited(Part):
    """A dated group: where it stands in the book, and under which ruling it is read."""

    sheet: str = Field(description="page as printed, such as T-9 or p. 4")
    ordinance: str | None = Field(None, description="where it is not the version's")
    ruling: str | None = Field(None, description="how the text is read where it leaves room")


class Bound(Part):
    """A bound that is a multiple of an operand: `{times: "350", of: billing_demand_kw}`."""

    times: Number = Decimal(1)
    of: str


Limit = Annotated[Annotated[Number, TEXT] | Annotated[Bound, MAPPING], form_among("Mapping")]


class Comparison(Part):
    """A test of a determinant: a lower bound, an upper bound, or both."""

    at_least: Limit | None = None
    above: Limit | None = None
    at_most: Limit | None = None
    below: Limit | None = None

    @property
    def bounds(self) -> list[tuple[str, "Decimal | Bound"]]:
        """(comparison, bound) of each bound that is given."""
        given = [(field, getattr(self, field)) for field in type(self).model_fields]
        return [(comparison, bound) for comparison, bound in given if bound is not None]

    @model_validator(mode="after")
    def _one_a_side(self) -> "Comparison":
        named = [comparison for comparison, _ in self.bounds]
        if not named:
            raise ValueError("names nothing; give a value or, of a quantity, at_least, above …")
        if {"at_least", "above"} <= {*named} or {"at_most", "below"} <= {*named}:
            raise ValueError("give one of at_least, above, at_most, below, or one of either side")
        return self


class Span(Part):
    """A yearly span of days, both included."""

    first: DayOfYear = Field(alias="from")
    last: DayOfYear = Field(alias="to")


class OtherThan(Part):
    """Any value but those named, or none: `{not: [residential]}`."""

    values: list[str] = Field(alias="not", min_length=1)


Named = Annotated[bool | str | int, BeforeValidator(_named), TEXT]
Test = Annotated[
    Named
    | Annotated[list[str], LIST]
    | Annotated[Comparison, MAPPING]
    | Annotated[OtherThan, Tag("Others")]
    | Annotated[list[int], Tag("Numbers")]
    | Annotated[list[Span], Tag("Spans")],
    Discriminator(_form_of_test),
]
When = dict[str, Test]


class Operand(Part):
    """An operand with its coefficient, and what its being unknown means."""

    of: str
    times: Number = Decimal(1)
    blank: Literal["unknown", "zero", "skip"] = "unknown"


Term = Annotated[Annotated[str, TEXT] | Annotated[Operand, MAPPING], form_among("Mapping")]


def is_number(text: str) -> bool:
    """Whether a text of an operand list is a constant."""
    return bool(NUMBER.fullmatch(text))
