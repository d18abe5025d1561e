"""What meters read every 15, 30 or 60 minutes, and what a rating run makes of it.

Energy is in kWh, power in kW. An instant is held as UTC without a time zone, so that it means
the same on every engine and under every session's settings.
"""

import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import PORTFOLIO, RATING, Base, Code, Day, Quantity, starts_month
from models.ledger import RUN


class IntervalRead(Base):
    __tablename__ = "interval_read"
    __table_args__ = (
        CheckConstraint("interval_minutes in (15, 30, 60)", name="interval_minutes"),
        CheckConstraint("kwh >= 0", name="kwh"),
        CheckConstraint("kwh_received >= 0", name="kwh_received"),
        {
            "schema": PORTFOLIO,
            "comment": "One row per agreement and interval read.",
            "info": {"bulk": True},
        },
    )
    agreement_id: Mapped[Code] = mapped_column(primary_key=True)
    interval_start: Mapped[datetime.datetime] = mapped_column(
        DateTime(timezone=False), primary_key=True, comment="UTC"
    )
    interval_minutes: Mapped[int]
    kwh: Mapped[Quantity | None] = mapped_column(comment="delivered, kWh")
    kwh_received: Mapped[Quantity | None] = mapped_column(comment="from the customer, kWh")


class IntervalDuplicate(Base):
    __tablename__ = "interval_duplicate"
    __table_args__ = (
        {
            "schema": PORTFOLIO,
            "comment": "One row per interval that the last load to have it had several times.",
            "info": {"bulk": True},
        },
    )
    agreement_id: Mapped[Code] = mapped_column(primary_key=True)
    interval_start: Mapped[datetime.datetime] = mapped_column(
        DateTime(timezone=False), primary_key=True, comment="UTC; all its rows were rejected"
    )


class IntervalCoverage(Base):
    __tablename__ = "interval_coverage"
    __table_args__ = (
        starts_month("billing_month"),
        {
            "schema": RATING,
            "comment": "One row per agreement and billing month with interval reads.",
            "info": {"bulk": True},
        },
    )
    agreement_id: Mapped[Code] = mapped_column(primary_key=True)
    billing_month: Mapped[Day] = mapped_column(primary_key=True)
    interval_minutes: Mapped[int] = mapped_column(comment="the shortest interval of the period")
    expected_intervals: Mapped[int] = mapped_column(comment="of that length, local days")
    missing_intervals: Mapped[int] = mapped_column(comment="of that length, without kWh")
    overlapping_intervals: Mapped[int] = mapped_column(comment="of that length, read twice")
    duplicate_intervals: Mapped[int] = mapped_column(comment="rejected, for their rows repeat")
    is_complete: Mapped[bool] = mapped_column(comment="nothing is missing, nothing overlaps")
    run_id: Mapped[int] = mapped_column(ForeignKey(RUN))


class IntervalDeterminant(Base):
    __tablename__ = "interval_determinant"
    __table_args__ = (
        starts_month("billing_month"),
        CheckConstraint("source in ('read', 'intervals', 'none')", name="source"),
        {
            "schema": RATING,
            "comment": "One row per agreement, billing month and determinant of interval reads.",
            "info": {"bulk": True},
        },
    )
    agreement_id: Mapped[Code] = mapped_column(primary_key=True)
    billing_month: Mapped[Day] = mapped_column(primary_key=True)
    determinant: Mapped[Code] = mapped_column(primary_key=True)
    interval_quantity: Mapped[Quantity] = mapped_column(comment="what the intervals come to")
    read_quantity: Mapped[Quantity | None] = mapped_column(comment="what the meter read says")
    difference: Mapped[Quantity | None] = mapped_column(comment="read less intervals")
    source: Mapped[Code] = mapped_column(comment="which of the two is billed")
    run_id: Mapped[int] = mapped_column(ForeignKey(RUN))
