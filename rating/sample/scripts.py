"""The sample's scripted agreements, whose reads are written out."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from rating.sample.parts import Count, Ends, Term
from rating.seed.parts import Part

Values = Annotated[list[Decimal | None], Field(min_length=1)]


class Enrolled(Part):
    """The rider of a script: from a day, or from the beginning of a month by its number."""

    code: str
    start: Count | datetime.date
    option: str | None = None
    quantity: Count | None = None


class Unit(Part):
    """A unit of a script, between months by their number; its quantity keeps its digits."""

    code: str
    quantity: Annotated[Decimal, Field(ge=0)]
    watts: Count | None = None
    start: Count | None = None
    end: Count | None = None


class Contributions(Part):
    """The units of contributions to a pole, one of each kind and wattage."""

    watts: list[Count]
    kinds: list[str]


class Poles(Part):
    """Units of several codes, one more of each than of the one before."""

    codes: list[str]
    quantity: Count
    watts: Count
    contributions: Contributions | None = None

    def units(self) -> Iterator[Unit]:
        """All of them; the contributions to a further pole begin each month."""
        for place, code in enumerate(self.codes):
            yield Unit(code=code, quantity=Decimal(self.quantity + place), watts=self.watts)
            if self.contributions:
                for watts in self.contributions.watts:
                    for kind in self.contributions.kinds:
                        name = f"{code}:{watts}:{kind}"
                        yield Unit(code=name, quantity=Decimal(1), start=place)


class Reads(Part):
    """The values of the reads by their columns: the next one each month, or the month's of 12."""

    kwh: Values | None = None
    kwh_received: Values | None = None
    kwh_on_peak: Values | None = None
    kwh_off_peak: Values | None = None
    kw: Values | None = None
    kw_on_peak: Values | None = None
    kw_off_peak: Values | None = None
    power_factor: Values | None = None
    kwh_interruption: Values | None = None


READ_VALUES = list(Reads.model_fields)


class Script(Reads):
    """A scripted agreement; `months` are the first and the last one served, from 0."""

    name: str
    schedule: str
    customer_class: str = Field(alias="class")
    terms: list[Term] = []
    months: Ends | None = None
    investment: Decimal | None = None
    backup: Decimal | None = None
    partner: str | None = None
    rider: Enrolled | None = None
    units: list[Unit] = []
    poles: Poles | None = None

    def all_units(self) -> list[Unit]:
        """Its units, those of its poles too."""
        return [*self.units, *(self.poles.units() if self.poles else ())]
