"""The customer classes of the sample's crowd: who takes which schedule, and how they use power.

Energy is in kWh for 30 days, shapes and load factors are per mille, so that all arithmetic is in
whole numbers.
"""

import datetime
from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import Field

from rating.sample.parts import Count, Ends, Percent, Term
from rating.seed.parts import Part

SHARES = 100_000
DRAWN_FROM = 1024


class Shape(Part):
    """How use follows the weather: the part that does not, and what each end of it adds."""

    flat: Count
    heated: Count
    cooled: Count


class Becomes(Part):
    """What the terms of an agreement may become."""

    schedule: str
    terms: list[Term]


class Investment(Part):
    """How many have extra facilities, and for how many thousand dollars."""

    percent: Percent
    thousands: Ends


class Profile(Part):
    """A class of customers; it is combined with, or billed to, agreements of another one."""

    name: str
    schedule: str
    customer_class: str = Field(alias="class")
    terms: list[Term]
    share: Count
    kwh: Ends = (0, 0)
    shape: str
    load: Ends = (0, 0)
    kw_percent: Percent = 0
    power_factor_percent: Percent = 0
    periods: bool = False
    investment: Investment | None = None
    combined_with: str | None = None
    billed_to: str | None = None
    becomes: Becomes | None = None

    @property
    def host(self) -> str:
        """The profile whose agreements it is billed to."""
        return self.combined_with or self.billed_to or ""


class Replaced(Part):
    """The rider of customers who come later."""

    first: datetime.date = Field(alias="from")
    by: str


class Rider(Part):
    """Who is enrolled in a rider, and when."""

    earliest: datetime.date
    within_days: Count
    of_1024: dict[str, Count]
    generates: bool = False
    least_kwh: Count = 0
    options: Annotated[list[str], Field(min_length=1)] | None = None
    quantity: Ends | None = None
    replaced: Replaced | None = None
    ends: datetime.date | None = None


class UnitChoice(Part):
    """A kind of unit that agreements of the crowd have."""

    schedule: str
    code: str
    watts: Count | None = None
    percent: Percent
    quantity: Ends


def places(profiles: Sequence[Profile], crowd: int) -> Iterator[tuple[Profile, int, int]]:
    """The places that each profile fills in its utility's crowd: first to before next.

    A profile leaves its places to the following one if that it is combined with has none.
    """
    taken, following = 0, 0
    filled = {""}
    for profile in profiles:
        taken, first = taken + profile.share, following
        if (profile.combined_with or "") in filled:
            following = crowd * taken // SHARES
        if following > first:
            filled.add(profile.name)
        yield profile, first, following
