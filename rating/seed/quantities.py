"""The quantities that a seed file makes before prices: derived ones and demands."""

from decimal import Decimal
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import Discriminator, Field, Tag, model_validator

from rating.seed.parts import Cited, Month, Number, Operand, Part, Term, When, is_number

DEMAND_SUFFIX = "_demand_kw"


class Rounded(Cited):
    """What is rounded last: to decimals, or to multiples of a step."""

    decimals: int = Field(6, ge=0, le=6, description="0 is the nearest whole number")
    round_to: Number | None = Field(None, gt=0, description="multiples of it, not decimals")
    rounding: Literal["nearest", "up", "down"] = "nearest"

    @property
    def rounding_step(self) -> Decimal | None:
        """The step of the rounding; none where it is the nearest number of so many decimals."""
        if self.round_to is None and self.rounding != "nearest":
            return Decimal(1).scaleb(-self.decimals)
        return self.round_to

    @model_validator(mode="after")
    def _one_rounding(self) -> "Rounded":
        if self.round_to is None:
            return self
        if "decimals" in self.model_fields_set:
            raise ValueError("give one of decimals, round_to")
        if self.round_to != round(self.round_to, 6):
            raise ValueError("round_to has more than six decimals; shorten it")
        return self


class DeterminantSeed(Rounded):
    """A derived quantity; a text that is a number is a constant."""

    name: str
    at: Literal["metering", "netting", "derived"] = "derived"
    sum: list[Term] | None = None
    product: list[Term] | None = None
    greatest: list[Term] | None = None
    least: list[Term] | None = None
    first_known: list[Term] | None = None
    root_of_squares: list[Term] | None = None
    bank: list[Term] | None = None
    divided_by: str | None = Field(None, description="a quantity, or a number in quotes")
    from_month: Month | None = Field(None, description="a bank's year begins with it")
    left: str | None = Field(None, description="name of what a bank has left at its year's end")
    resets: Literal["yearly", "never"] = Field("yearly", description="when a bank begins at zero")
    at_least: Number | None = None
    at_most: Number | None = None
    when: When | None = None

    @property
    def operation(self) -> str:
        """The one operation that is given."""
        return next(iter(self.model_fields_set & _OPERATIONS))

    @property
    def divisor(self) -> Decimal | None:
        """What a product is divided by, where it is a number."""
        given = self.divided_by
        return Decimal(given) if given and is_number(given) else None

    @property
    def divided_by_operand(self) -> str | None:
        """What a product is divided by, where it is a quantity."""
        return self.divided_by if self.divisor is None else None

    @property
    def terms(self) -> list[Term]:
        """The operands and constants of the operation."""
        terms: list[Term] = getattr(self, self.operation)
        return terms

    @property
    def operands(self) -> list[Operand]:
        """The quantities among its terms."""
        return [
            term if isinstance(term, Operand) else Operand(of=term)
            for term in self.terms
            if isinstance(term, Operand) or not is_number(term)
        ]

    @property
    def constants(self) -> list[Decimal]:
        """The numbers among its terms."""
        return [Decimal(one) for one in self.terms if isinstance(one, str) and is_number(one)]

    @property
    def names(self) -> list[str]:
        """The names that it gives: its own, and that of what a bank has left."""
        return [self.name, self.left] if self.left else [self.name]

    @model_validator(mode="after")
    def _one_operation(self) -> "DeterminantSeed":
        if len(self.model_fields_set & _OPERATIONS) != 1:
            raise ValueError("give one of " + ", ".join(sorted(_OPERATIONS)))
        if self.divided_by and self.operation != "product":
            raise ValueError("divided_by goes with product")
        can_divide = self.divisor and self.divisor == round(self.divisor, 6)
        if self.divisor is not None and not can_divide:
            raise ValueError("divided_by is zero or has more than six decimals; correct it")
        if (self.left or self.from_month) and self.operation != "bank":
            raise ValueError("from_month and left go with bank")
        if self.resets == "never" and (self.operation != "bank" or self.left or self.from_month):
            raise ValueError("resets: never goes with bank, without from_month and left")
        constants = len(self.constants)
        if constants > 1 or (constants and self.operation not in ("sum", "product")):
            raise ValueError(
                "has a constant too many, or in an operation other than sum and product; give one"
                " constant there, or at_least or at_most of the result"
            )
        return self


_OPERATIONS = {"sum", "product", "greatest", "least", "first_known", "root_of_squares", "bank"}


class DemandTermSeed(Part):
    """A term of a demand: exactly one of measured, ratchet, floor, contract, cap."""

    measured: str | None = None
    ratchet: str | None = None
    contract: str | None = None
    floor: Number | None = None
    cap: Number | None = None
    percent: Annotated[Number, Field(ge=0)] = Decimal(100)
    months: list[Month] | None = None
    window: int | None = Field(None, ge=1, le=60, description="months, current one included")
    skip: int = Field(0, ge=0, le=12, description="latest months left out")
    average_of: int | None = Field(None, ge=2, le=60, description="highest months, averaged")
    from_month: Month | None = Field(None, description="the window's year begins with it")
    required: bool = False
    choice: str | None = None
    when: When | None = None

    @property
    def kind(self) -> str:
        """Which of the five kinds of term it is."""
        return next(iter(self.model_fields_set & _TERMS))

    @property
    def operand(self) -> str | None:
        """The quantity that it looks at; a floor or cap looks at none."""
        return self.measured or self.ratchet or self.contract

    @model_validator(mode="after")
    def _one_kind(self) -> "DemandTermSeed":
        if len(self.model_fields_set & _TERMS) != 1:
            raise ValueError("give one of measured, ratchet, floor, contract, cap")
        if (self.kind == "ratchet") != (self.window is not None):
            raise ValueError("a ratchet, and only a ratchet, has a window of months")
        if self.kind != "ratchet" and (self.average_of or self.from_month):
            raise ValueError("average_of and from_month go with ratchet")
        return self


_TERMS = {"measured", "ratchet", "contract", "floor", "cap"}


Member = TypeVar("Member")


class Combined(Part, Generic[Member]):
    """Members of which the greatest or the least counts."""

    greatest_of: list[Member] | None = None
    least_of: list[Member] | None = None

    @property
    def combination(self) -> str:
        """Which of the members counts: greatest or least."""
        return "greatest" if self.greatest_of else "least"

    @property
    def members(self) -> list[Member]:
        """What is compared."""
        return self.greatest_of or self.least_of or []

    @model_validator(mode="after")
    def _one_list(self) -> Self:
        if (self.greatest_of is None) == (self.least_of is None):
            raise ValueError("give one of greatest_of, least_of")
        return self


class DemandGroupSeed(Combined[DemandTermSeed]):
    """A nested group of terms, of the other kind than the demand it stands in."""

    when: When | None = None


def _member(value: Any) -> str:
    given = value if isinstance(value, dict) else getattr(value, "model_fields_set", {})
    return "Group" if {"greatest_of", "least_of"} & {*given} else "Term"


DemandMember = Annotated[
    Annotated[DemandTermSeed, Tag("Term")] | Annotated[DemandGroupSeed, Tag("Group")],
    Discriminator(_member),
]


class DemandSeed(Combined[DemandMember], Rounded):
    """A demand: greatest or least of terms and of nested groups of terms."""

    name: str = Field(description="its operand is NAME_demand_kw")
    measured: str | None = Field(
        None, description="reported as measured; kw, or the first measured term if none needs kw"
    )
    adjusted: str | None = Field(None, description="measured demand after power factor")
    known_within_months: int = Field(1, ge=1, le=60)

    @property
    def operand(self) -> str:
        """The name under which it is used."""
        return f"{self.name}{DEMAND_SUFFIX}"

    @property
    def groups(self) -> list[DemandGroupSeed]:
        """Its nested groups of terms."""
        return [member for member in self.members if isinstance(member, DemandGroupSeed)]

    @property
    def terms(self) -> list[DemandTermSeed]:
        """Its terms, those of nested groups included."""
        terms: list[DemandTermSeed] = []
        for member in self.members:
            terms += member.members if isinstance(member, DemandGroupSeed) else [member]
        return terms

    @property
    def clauses(self) -> list[When]:
        """The clauses of its groups and terms."""
        clauses = [*(term.when for term in self.terms), *(group.when for group in self.groups)]
        return [when for when in clauses if when]
