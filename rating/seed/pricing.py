"""The part of a seed file that prices: charges, their blocks and their bases."""

import re
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from models.base import Component
from rating.seed.blocks import Edge, Limits
from rating.seed.parts import (
    MAPPING,
    TEXT,
    Cited,
    Number,
    Part,
    Percentage,
    When,
    form_among,
)

PRICES_IN = re.compile(r"(\$|¢|%)(?:/(.+))?")

Stage = Literal[
    "basic", "discount", "minimum", "net_discount", "adjustment", "bill_minimum", "rider",
    "surcharge", "rider_minimum", "tax", "second_tax", "credit",
]  # fmt: skip
STAGES: dict[Stage, int] = {name: number for number, name in enumerate(get_args(Stage), start=1)}
STAGE_OF_COMPONENT: dict[str, Stage] = {
    "discount": "discount",
    "minimum": "minimum",
    "adjustment": "adjustment",
    "rider": "rider",
    "credit": "credit",
}


Priced = Annotated[
    Annotated[Number, TEXT] | Annotated[dict[str, Number], Field(min_length=1), MAPPING],
    form_among("Mapping"),
]


class ExceptSeed(Part):
    """Another price of the same block, where a condition holds."""

    when: When
    price: Priced


class BlockSeed(Edge):
    """A block and its price; `flat` is an amount for the whole block, used or not.

    A block of a percentage is of so many dollars of its base, and has a percent.
    """

    price: Priced | None = None
    percent: Priced | None = None
    flat: Priced | None = None
    exception: ExceptSeed | None = Field(None, alias="except")

    @model_validator(mode="after")
    def _price_or_flat(self) -> "BlockSeed":
        if sum(value is not None for value in (self.price, self.flat, self.percent)) != 1:
            raise ValueError("give one of price, flat, percent")
        if self.percent is not None and self.exception:
            raise ValueError("a percent has no except; write two charges of one choice")
        return self


class BaseSeed(Part):
    """The earlier lines that a percentage, minimum or cap looks at.

    A charge is the version's own; where it has none such, any other's of the bill.
    """

    charges: list[str] = []
    schedules: list[str] = []
    components: list[Component] = []


class ChargeSeed(Cited):
    """A charge of the sheet; see docs/transcribing.md for each kind."""

    code: str
    description: str
    component: Component
    kind: Literal["price", "factor", "percent", "minimum", "cap", "difference"] = "price"
    stage: Stage | None = None
    per: str | None = Field(None, description="operand priced; absent: once a month")
    prices_in: str = "$"
    price: Priced | None = None
    blocks: list[BlockSeed] | None = None
    limits: Limits | None = None
    percent: Percentage | None = Field(None, description="factor: that of the formula")
    of: BaseSeed | None = None
    subtract: bool = Field(False, description="the amount comes off the bill")
    season: str | None = None
    covers: str | None = None
    blank_is_zero: bool = False
    one_time: bool = Field(False, description="units count in the period of their start only")
    lamp: bool = Field(True, description="false: units that have no watts, such as poles")
    choice: str | None = None
    choice_rule: Literal["first", "greatest"] = "first"
    when: When | None = None

    @property
    def stage_number(self) -> int:
        """The number of its stage, by its component where it names none."""
        return STAGES[self.stage or STAGE_OF_COMPONENT.get(self.component, "basic")]

    @property
    def prices(self) -> list[Priced | None]:
        """Every number or seasonal numbers that it is priced by."""
        blocks = self.blocks or []
        of_blocks = [given for one in blocks for given in (one.price, one.flat, one.percent)]
        exceptions = [one.exception.price for one in blocks if one.exception]
        return [self.price, *of_blocks, *exceptions]

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "ChargeSeed":
        if not PRICES_IN.fullmatch(self.prices_in):
            raise ValueError(f"prices_in {self.prices_in!r}: write $, ¢ or %, a slash, a unit")
        if self.kind != "percent" and self.percent is not None:
            raise ValueError(
                f"is of kind {self.kind}, which takes no percent; write kind: percent, or remove it"
            )
        if self.kind in ("price", "minimum", "cap") and (self.price is None) == (
            self.blocks is None
        ):
            raise ValueError("give one of price, blocks")
        percents = [block.percent is not None for block in self.blocks or []]
        if self.kind == "percent" and (self.percent is None) == (not percents):
            raise ValueError("a charge of kind percent has one of percent, blocks")
        if percents and {*percents} != {self.kind == "percent"}:
            raise ValueError("a block of a percentage, and no other, has a percent")
        if self.kind in ("percent", "minimum", "cap") and not self.of:
            raise ValueError("say of which charges or components (of)")
        return self
