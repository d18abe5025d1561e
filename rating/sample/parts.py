"""What the files that the sample is made from share: counts, ranges, stretches, terms."""

import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from rating.seed.parts import Part

Count = Annotated[int, Field(ge=0)]
Percent = Annotated[int, Field(ge=0, le=100)]
ByMonth = Annotated[list[Count], Field(min_length=12, max_length=12)]
Term = Literal[
    "single",
    "three",
    "primary",
    "transmission",
    "space",
    "water",
    "electric",
    "metered",
    "owned",
]


def _ascending(ends: tuple[int, int]) -> tuple[int, int]:
    if ends[0] > ends[1]:
        raise ValueError(f"{ends[0]} is above {ends[1]}; write the lower one first")
    return ends


Ends = Annotated[tuple[Count, Count], AfterValidator(_ascending)]
"""The lowest and the highest."""


class Weather(Part):
    """What the calendar months ask for, January first."""

    heating: ByMonth
    cooling: ByMonth
    sunshine: ByMonth


class Stretch(Part):
    """Its first day, and the first that is no longer in it."""

    first: datetime.date = Field(alias="from")
    before: datetime.date


class Movable(Part):
    """The first and the last month that may be asked for."""

    earliest: datetime.date
    latest: datetime.date


class Facts(Part):
    """A utility: its share of the agreements, its months and what holds in them."""

    utility: str
    prefix: Annotated[str, Field(pattern="^[A-Z]$")]
    percent: Percent | None = Field(description="of all agreements; null: those of no other")
    first_month: datetime.date
    movable: Movable | None = Field(None, description="absent: always the first month")
    scripts_begin: datetime.date
    combined_months: list[Annotated[int, Field(ge=1, le=12)]] = []
    excess_priced: list[Stretch] = Field([], description="absent: in all months")
    dark_hours: ByMonth | None = None
