"""When electricity is used: the periods of the day and year that meters are read into.

Each period P of a version makes the determinants `kwh_P`, `kw_P` and `kwh_received_P` of
interval reads. Times are minutes after local midnight; the time zone is the utility's.
"""

from typing import Literal, get_args

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TARIFF, Base, Code, Day, Words

VERSION = f"{TARIFF}.version.version_id"
DayKind = Literal[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "holiday",
]  # fmt: skip
DAY_KINDS: tuple[DayKind, ...] = get_args(DayKind)


class Holiday(Base):
    __tablename__ = "holiday"
    __table_args__ = ({"schema": TARIFF, "comment": "One row per utility, holiday and its date."},)
    utility: Mapped[Code] = mapped_column(ForeignKey(f"{TARIFF}.utility.utility"), primary_key=True)
    holiday: Mapped[Code] = mapped_column(primary_key=True, comment="its name")
    holiday_date: Mapped[Day] = mapped_column(primary_key=True, comment="by the calendar")
    observed_date: Mapped[Day] = mapped_column(comment="the day it is kept on, which counts")


class TimeOfUse(Base):
    __tablename__ = "time_of_use"
    __table_args__ = (
        CheckConstraint("demand_minutes in (15, 30, 60)", name="demand_minutes"),
        {"schema": TARIFF, "comment": "One row per version that says how intervals are read."},
    )
    version_id: Mapped[int] = mapped_column(ForeignKey(VERSION), primary_key=True)
    demand_minutes: Mapped[int] = mapped_column(
        comment="kW is an average over so long, or over an interval that is longer"
    )
    sheet_id: Mapped[int] = mapped_column(ForeignKey(f"{TARIFF}.sheet.sheet_id"))
    ruling: Mapped[Words | None]


class TimeOfUseHoliday(Base):
    __tablename__ = "time_of_use_holiday"
    __table_args__ = (
        {"schema": TARIFF, "comment": "One row per holiday that is no other day of the week."},
    )
    version_id: Mapped[int] = mapped_column(
        ForeignKey(f"{TARIFF}.time_of_use.version_id"), primary_key=True
    )
    holiday: Mapped[Code] = mapped_column(primary_key=True, comment="of the utility's holidays")


class TimeOfUsePeriod(Base):
    __tablename__ = "time_of_use_period"
    __table_args__ = (
        CheckConstraint(
            "from_minute between 0 and 1439 and to_minute between 1 and 1440", name="minutes"
        ),
        CheckConstraint("from_minute <> to_minute", name="hours"),
        {"schema": TARIFF, "comment": "One row per window of a period; the first match counts."},
    )
    version_id: Mapped[int] = mapped_column(
        ForeignKey(f"{TARIFF}.time_of_use.version_id"), primary_key=True
    )
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    period: Mapped[Code] = mapped_column(comment="P of the determinants kwh_P, kw_P")
    from_minute: Mapped[int] = mapped_column(comment="after local midnight")
    to_minute: Mapped[int] = mapped_column(
        comment="first minute that no longer counts; at or before from_minute: over midnight"
    )


def _of_period() -> ForeignKeyConstraint:
    """The reference of a window's months and days to the window."""
    period = f"{TARIFF}.time_of_use_period"
    return ForeignKeyConstraint(
        ["version_id", "ordinal"], [f"{period}.version_id", f"{period}.ordinal"]
    )


class TimeOfUseMonth(Base):
    __tablename__ = "time_of_use_month"
    __table_args__ = (
        _of_period(),
        CheckConstraint("month between 1 and 12", name="month"),
        {"schema": TARIFF, "comment": "One row per window and calendar month it is open in."},
    )
    version_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class TimeOfUseDay(Base):
    __tablename__ = "time_of_use_day"
    __table_args__ = (
        _of_period(),
        CheckConstraint(f"day_kind in {DAY_KINDS}", name="day_kind"),
        {"schema": TARIFF, "comment": "One row per window and kind of day it is open on."},
    )
    version_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day_kind: Mapped[Code] = mapped_column(
        primary_key=True, comment="monday … sunday, where it is no holiday; holiday"
    )
