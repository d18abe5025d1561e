"""The format of a seed file: one schedule, in the order and the words of its sheet.

Numbers are quoted decimals, so that the printed digits survive. Every dated group names the
sheet it was read from. `rating.seed.rows` turns these objects into rows.
"""

import datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import Field, field_validator, model_validator

from models.portfolio import MeterRead
from rating.seed.blocks import SplitSeed
from rating.seed.eligibility import EligibilitySeed
from rating.seed.findings import (
    AcknowledgedSeed,
    ClaimSeed,
    MentionSeed,
    NoteSeed,
    PrintedDateSeed,
)
from rating.seed.holidays import HolidaysSeed
from rating.seed.parts import Cited, Month, Number, Part
from rating.seed.pricing import ChargeSeed
from rating.seed.quantities import DemandSeed, DeterminantSeed
from rating.seed.time_of_use import TimeOfUseSeed


@cache
def time_zones() -> frozenset[str]:
    """The names of all time zones; they are looked up once, for each look reads many files."""
    return frozenset(available_timezones())


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
    """The gross bill as a percentage of the net bill, and by how many dollars more at least."""

    gross_percent: Annotated[Number, Field(ge=100)]
    at_least: Annotated[Number, Field(gt=0, decimal_places=2)] | None = None


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
    check_only: bool = Field(False, description="held against printed prices; it rates no read")


class ProratedSeed(Cited):
    """What changes within a period and counts by days; by default the last day decides."""

    rates: bool = False
    seasons: bool = False


class VersionSeed(Cited):
    """What a schedule says over one stretch of time."""

    effective_from: datetime.date
    effective_to: datetime.date | None = None
    document: str | None = Field(None, description="another book than the file's")
    clock: Literal["service_end", "billing_month", "service_end_to_month"] = "service_end"
    status: Literal["complete", "incomplete", "unconfirmed"] = "complete"
    status_reason: str | None = None
    unconfirmed_from: datetime.date | None = None
    moves_fuel_into_base: bool = False
    closed_from: datetime.date | None = Field(None, description="no enrollment from this day on")
    last_verified_on: datetime.date | None = None
    prorated_by_days: ProratedSeed | None = None
    requires: list[str] = []
    seasons: SeasonsSeed | None = None
    time_of_use: TimeOfUseSeed | None = None
    combine: CombineSeed | None = None
    determinants: list[DeterminantSeed] = []
    demands: list[DemandSeed] = []
    splits: list[SplitSeed] = []
    charges: list[ChargeSeed] = []
    riders: list[RiderReference] = []
    payment: PaymentSeed | None = None
    applies_to: AppliesToSeed | None = None
    formula: FormulaSeed | None = None
    eligibility: list[EligibilitySeed] = Field([], description="alternatives; absent: not recorded")
    printed_dates: list[PrintedDateSeed] = []
    claims: list[ClaimSeed] = []
    mentions: list[MentionSeed] = []
    notes: list[NoteSeed] = []
    acknowledged: list[AcknowledgedSeed] = []


class ScheduleSeed(Part):
    """A seed file: one schedule, rider or adjustment clause."""

    utility: str
    schedule: str
    title: str
    kind: Literal["rate", "lighting", "rider", "adjustment"]
    document: str
    notes: list[NoteSeed] = []
    acknowledged: list[AcknowledgedSeed] = []
    versions: list[VersionSeed] = Field(min_length=1)


class DocumentSeed(Part):
    """A printed rate book."""

    document: str
    title: str
    as_of: datetime.date | None = None


class UtilitySeed(Part):
    """A utility, its books and holidays, and what else its reads and agreements carry."""

    utility: str
    name: str
    state: str | None = None
    time_zone: str
    read_determinants: list[str] = []
    agreement_determinants: list[str] = []
    holidays: HolidaysSeed | None = None
    documents: list[DocumentSeed] = Field(min_length=1)

    @field_validator("agreement_determinants")
    @classmethod
    def _not_of_reads(cls, value: list[str]) -> list[str]:
        for name in value:
            if name in MeterRead.__table__.c:
                raise ValueError(f"{name} is a column of meter_reads; name the attribute otherwise")
        return value

    @field_validator("time_zone")
    @classmethod
    def _known(cls, value: str) -> str:
        known = time_zones()  # none where the machine has no such data
        if known and value not in known:
            raise ValueError(f"{value!r} is no time zone; write one as America/Chicago")
        return value
