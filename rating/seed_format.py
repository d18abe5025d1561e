"""The format of a seed file: one schedule, in the order and the words of its sheet.

Numbers are quoted decimals, so that the printed digits survive. Every dated group names the
sheet it was read from. `rating.seed_rows` turns these objects into rows.
"""

import datetime
import re
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

NUMBER = re.compile(r"[+-]?\d{1,10}(\.\d{1,8})?")
DAY_OF_YEAR = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
PRICES_IN = re.compile(r"(\$|¢|%)(?:/(.+))?")

STAGES = {
    name: number
    for number, name in enumerate(
        "basic discount minimum net_discount adjustment bill_minimum rider surcharge"
        " rider_minimum tax second_tax credit".split(),
        start=1,
    )
}
Stage = Literal[
    "basic", "discount", "minimum", "net_discount", "adjustment", "bill_minimum", "rider",
    "surcharge", "rider_minimum", "tax", "second_tax", "credit",
]  # fmt: skip
Component = Literal[
    "customer", "energy", "demand", "facilities", "minimum", "discount", "adjustment", "rider",
    "credit",
]  # fmt: skip
STAGE_OF_COMPONENT: dict[str, Stage] = {
    "discount": "discount",
    "minimum": "minimum",
    "adjustment": "adjustment",
    "rider": "rider",
    "credit": "credit",
}


def _quoted(value: Any) -> Decimal:
    """A quoted decimal of at most ten digits before and eight behind the point."""
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a quoted decimal; write it in quotes, as printed")
    if not NUMBER.fullmatch(value):
        raise ValueError(f"{value!r} is not a decimal number; write digits and a point only")
    return Decimal(value)


def _day_of_year(value: Any) -> str:
    if not isinstance(value, str) or not DAY_OF_YEAR.fullmatch(value):
        raise ValueError(f'{value!r} is not a day of the year; write "MM-DD" in quotes')
    return value


Number = Annotated[Decimal, BeforeValidator(_quoted)]
DayOfYear = Annotated[str, BeforeValidator(_day_of_year)]
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
    """A test of a determinant; exactly one of the four."""

    at_least: Number | Bound | None = None
    above: Number | Bound | None = None
    at_most: Number | Bound | None = None
    below: Number | Bound | None = None

    @model_validator(mode="after")
    def _one(self) -> "Comparison":
        if len(self.model_fields_set) != 1:
            raise ValueError("give one of at_least, above, at_most, below")
        return self


class Span(Part):
    """A yearly span of days, both included."""

    first: DayOfYear = Field(alias="from")
    last: DayOfYear = Field(alias="to")


Test = bool | str | int | Comparison | list[str] | list[int] | list[Span]
When = dict[str, Test]


class Operand(Part):
    """An operand with its coefficient, and what its being unknown means."""

    of: str
    times: Number = Decimal(1)
    blank: Literal["unknown", "zero", "skip"] = "unknown"


class DeterminantSeed(Cited):
    """A derived quantity; a text that is a number is a constant."""

    name: str
    at: Literal["metering", "netting", "derived"] = "derived"
    sum: list[str | Operand] | None = None
    product: list[str | Operand] | None = None
    greatest: list[str | Operand] | None = None
    least: list[str | Operand] | None = None
    first_known: list[str | Operand] | None = None
    bank: list[str | Operand] | None = None
    divided_by: str | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    decimals: int = Field(6, ge=0, le=6)
    when: When | None = None

    @property
    def operation(self) -> str:
        """The one operation that is given."""
        return next(iter(self.model_fields_set & _OPERATIONS))

    @property
    def terms(self) -> list[str | Operand]:
        """The operands and constants of the operation."""
        terms: list[str | Operand] = getattr(self, self.operation)
        return terms

    @model_validator(mode="after")
    def _one_operation(self) -> "DeterminantSeed":
        if len(self.model_fields_set & _OPERATIONS) != 1:
            raise ValueError("give one of " + ", ".join(sorted(_OPERATIONS)))
        if self.divided_by and self.operation != "product":
            raise ValueError("divided_by goes with product")
        constants = sum(isinstance(term, str) and is_number(term) for term in self.terms)
        if constants > 1 or (constants and self.operation not in ("sum", "product")):
            raise ValueError("one constant at most, in a sum or a product; else use at_least")
        return self


_OPERATIONS = {"sum", "product", "greatest", "least", "first_known", "bank"}


class DemandTermSeed(Part):
    """A term of a demand: exactly one of measured, ratchet, floor, contract, cap."""

    measured: str | None = None
    ratchet: str | None = None
    contract: str | None = None
    floor: Number | None = None
    cap: Number | None = None
    percent: Number = Decimal(100)
    months: list[Month] | None = None
    window: int | None = Field(None, ge=1, le=60, description="months, current one included")
    skip: int = Field(0, ge=0, le=12, description="latest months left out")
    required: bool = False
    choice: str | None = None
    when: When | None = None

    @property
    def kind(self) -> str:
        """Which of the five kinds of term it is."""
        return next(iter(self.model_fields_set & _TERMS))

    @model_validator(mode="after")
    def _one_kind(self) -> "DemandTermSeed":
        if len(self.model_fields_set & _TERMS) != 1:
            raise ValueError("give one of measured, ratchet, floor, contract, cap")
        if (self.kind == "ratchet") != (self.window is not None):
            raise ValueError("a ratchet, and only a ratchet, has a window of months")
        return self


_TERMS = {"measured", "ratchet", "contract", "floor", "cap"}


class DemandGroupSeed(Part):
    """A nested group of terms, of the other kind than the demand it stands in."""

    greatest_of: list[DemandTermSeed] | None = None
    least_of: list[DemandTermSeed] | None = None
    when: When | None = None


class DemandSeed(Cited):
    """A demand: greatest or least of terms and of nested groups of terms."""

    name: str = Field(description="its operand is NAME_demand_kw")
    measured: str = "kw"
    adjusted: str | None = Field(None, description="measured demand after power factor")
    decimals: int = Field(6, ge=0, le=6, description="0 is the nearest whole kW")
    known_within_months: int = Field(1, ge=1, le=60)
    greatest_of: list[DemandTermSeed | DemandGroupSeed] | None = None
    least_of: list[DemandTermSeed | DemandGroupSeed] | None = None

    @model_validator(mode="after")
    def _one_list(self) -> "DemandSeed":
        if (self.greatest_of is None) == (self.least_of is None):
            raise ValueError("give one of greatest_of, least_of")
        return self


class Edge(Part):
    """Where a block lies: `first: "30"`, `next: "70"`, `over: "100"` (the last), or `all`."""

    first: Number | None = None
    next: Number | None = None
    over: Number | None = None
    all: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_edge(self) -> "Edge":
        if len(self.model_fields_set & {"first", "next", "over", "all"}) != 1:
            raise ValueError("give one of first, next, over, all")
        return self


class Limits(Part):
    """What block limits are multiples of: hours use of a demand, days of a period."""

    times: str
    unit: str = "hours use"


class SliceSeed(Edge):
    """A slice of a split by blocks."""

    slice: str


class ShareSeed(Part):
    """A slice of a split in proportion to slices of demand; the last takes the rest."""

    share: str
    slice: str


class SplitSeed(Cited):
    """A division of a quantity into slices, which are quantities themselves."""

    split: str
    into: list[SliceSeed] | None = None
    limits: Limits | None = None
    in_proportion: list[ShareSeed] | None = None
    when: When | None = None

    @model_validator(mode="after")
    def _one_list(self) -> "SplitSeed":
        if (self.into is None) == (self.in_proportion is None):
            raise ValueError("give one of into, in_proportion")
        return self


Priced = Number | dict[str, Number]


class ExceptSeed(Part):
    """Another price of the same block, where a condition holds."""

    when: When
    price: Priced


class BlockSeed(Edge):
    """A block and its price; `flat` is an amount for the whole block, used or not."""

    price: Priced | None = None
    flat: Number | None = None
    exception: ExceptSeed | None = Field(None, alias="except")

    @model_validator(mode="after")
    def _price_or_flat(self) -> "BlockSeed":
        if (self.price is None) == (self.flat is None):
            raise ValueError("give one of price, flat")
        return self


class BaseSeed(Part):
    """The earlier lines that a percentage, minimum or cap looks at."""

    charges: list[str] = []
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
    percent: Number | None = None
    of: BaseSeed | None = None
    subtract: bool = Field(False, description="the amount comes off the bill")
    season: str | None = None
    covers: str | None = None
    blank_is_zero: bool = False
    one_time: bool = Field(False, description="units count in the period of their start only")
    choice: str | None = None
    choice_rule: Literal["first", "greatest"] = "first"
    when: When | None = None

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "ChargeSeed":
        if not PRICES_IN.fullmatch(self.prices_in):
            raise ValueError(f"prices_in {self.prices_in!r}: write $, ¢ or %, a slash, a unit")
        if self.kind in ("price", "minimum", "cap") and (self.price is None) == (
            self.blocks is None
        ):
            raise ValueError("give one of price, blocks")
        if (self.kind == "percent") != (self.percent is not None):
            raise ValueError("a charge of kind percent, and no other, has a percent")
        if self.kind in ("percent", "minimum", "cap") and not self.of:
            raise ValueError("say of which charges or components (of)")
        return self


class SeasonsSeed(Cited):
    """Which billing months belong to which season."""

    months: dict[str, list[Month]]

    @model_validator(mode="after")
    def _a_whole_year(self) -> "SeasonsSeed":
        if sorted(month for months in self.months.values() for month in months) != [*range(1, 13)]:
            raise ValueError("the seasons do not name each month from 1 to 12 once")
        return self


class CombineSeed(Cited):
    """In a season, the quantities of the read are added to its partner's."""

    season: str
    quantities: dict[str, Literal["zero", "unknown"]]


class RiderReference(Cited):
    """A clause that the sheet says it carries."""

    rider: str


class PaymentSeed(Cited):
    """The gross bill as a percentage of the net bill."""

    gross_percent: Number


class AppliesToSeed(Cited):
    """The schedules that a rider's sheet lists."""

    schedules: list[str]
    lacking: dict[str, str] = Field({}, description="schedule: what none of its reads carries")


class FormulaInputSeed(Part):
    """An input of a formula, with its letter on the sheet."""

    variable: str
    symbol: str | None = None
    minus: bool = False


class FormulaSeed(Cited):
    """(rounded((inputs + constant) ÷ (inputs × multiplier)) − base) × scale, rounded."""

    unit: str
    numerator: list[FormulaInputSeed]
    numerator_constant: Number = Decimal(0)
    denominator: list[FormulaInputSeed] = []
    denominator_multiplier: Number = Decimal(1)
    quotient_decimals: int | None = Field(None, ge=0, le=8, description="absent: not rounded")
    base: Number = Decimal(0)
    scale: Number = Decimal(1)
    factor_decimals: int = Field(8, ge=0, le=8)


class VersionSeed(Cited):
    """What a schedule says over one stretch of time."""

    effective_from: datetime.date
    effective_to: datetime.date | None = None
    document: str | None = Field(None, description="another book than the file's")
    clock: Literal["service_end", "billing_month"] = "service_end"
    status: Literal["complete", "incomplete", "unconfirmed"] = "complete"
    status_reason: str | None = None
    unconfirmed_from: datetime.date | None = None
    moves_fuel_into_base: bool = False
    closed_from: datetime.date | None = Field(None, description="no enrolment from this day on")
    last_verified_on: datetime.date | None = None
    requires: list[str] = []
    seasons: SeasonsSeed | None = None
    combine: CombineSeed | None = None
    determinants: list[DeterminantSeed] = []
    demands: list[DemandSeed] = []
    splits: list[SplitSeed] = []
    charges: list[ChargeSeed] = []
    riders: list[RiderReference] = []
    payment: PaymentSeed | None = None
    applies_to: AppliesToSeed | None = None
    formula: FormulaSeed | None = None


class ScheduleSeed(Part):
    """A seed file: one schedule, rider or adjustment clause."""

    utility: str
    schedule: str
    title: str
    kind: Literal["rate", "lighting", "rider", "adjustment"]
    document: str
    versions: list[VersionSeed] = Field(min_length=1)


class DocumentSeed(Part):
    """A printed rate book."""

    document: str
    title: str
    as_of: datetime.date | None = None


class UtilitySeed(Part):
    """A utility, its books, and the further quantities its reads and agreements carry."""

    utility: str
    name: str
    state: str | None = None
    time_zone: str
    read_determinants: list[str] = []
    agreement_determinants: list[str] = []
    documents: list[DocumentSeed] = Field(min_length=1)


def is_number(text: str) -> bool:
    """Whether a text of an operand list is a constant."""
    return bool(NUMBER.fullmatch(text))
