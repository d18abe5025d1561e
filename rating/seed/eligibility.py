"""The part of a seed file that says whom a schedule is for."""

from typing import Annotated

from pydantic import Field, model_validator

from rating.seed.parts import (
    LIST,
    MAPPING,
    TEXT,
    Cited,
    Named,
    Number,
    OtherThan,
    Part,
    form_among,
)

Admitted = Annotated[
    Named | Annotated[list[str], LIST] | Annotated[OtherThan, MAPPING],
    form_among("List", "Mapping"),
]
Operands = Annotated[Annotated[str, TEXT] | Annotated[list[str], LIST], form_among("List")]


class DemandTestSeed(Part):
    """Bounds of the demand in so many months of the previous calendar year.

    A lower bound is reached where that many months reach it; an upper one holds where fewer
    months than that lie over it. Months without a read are left out.
    """

    of: Operands = Field("kw", description="of several, the greatest known counts")
    months: int = Field(1, ge=1, le=12)
    at_least: Number | None = None
    above: Number | None = None
    at_most: Number | None = None
    below: Number | None = None

    @property
    def operands(self) -> list[str]:
        """The quantities of a read that are looked at."""
        return [self.of] if isinstance(self.of, str) else self.of

    @property
    def bounds(self) -> list[tuple[str, Number]]:
        """(comparison, kW) of each bound that is given."""
        names = ("at_least", "above", "at_most", "below")
        found = [(name, getattr(self, name)) for name in names]
        return [(name, bound) for name, bound in found if bound is not None]

    @model_validator(mode="after")
    def _one_of_each(self) -> "DemandTestSeed":
        lower = [bound for bound in (self.at_least, self.above) if bound is not None]
        upper = [bound for bound in (self.at_most, self.below) if bound is not None]
        if not lower + upper or len(lower) > 1 or len(upper) > 1:
            raise ValueError("give one of at_least, above, or one of at_most, below, or both")
        if lower and upper and lower[0] > upper[0]:
            raise ValueError(f"nothing lies between {lower[0]} and {upper[0]}; swap them")
        return self


class EligibilitySeed(Cited):
    """One alternative: a customer who satisfies all that it says qualifies."""

    words: str | None = Field(None, description="whom the sheet says it is for")
    attributes: dict[str, Admitted] = {}
    demand: DemandTestSeed | None = None
    unless: list[str] = Field([], description="schedules that come first where they fit too")
    beyond_data: str | None = Field(None, description="what is asked for and no portfolio says")
