"""Who prints the tariffs, and when they hold: utilities, books, schedules, versions."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TARIFF, Base, Code, Day, Money, Quantity, Words

VERSION = f"{TARIFF}.version.version_id"
SHEET = f"{TARIFF}.sheet.sheet_id"


class Utility(Base):
    __tablename__ = "utility"
    __table_args__ = ({"schema": TARIFF, "comment": "One row per utility."},)
    utility: Mapped[Code] = mapped_column(primary_key=True)
    name: Mapped[Words]
    state: Mapped[Words | None]
    time_zone: Mapped[Words] = mapped_column(comment="IANA name, for interval reads")


class AgreementDeterminant(Base):
    __tablename__ = "agreement_determinant"
    __table_args__ = (
        {"schema": TARIFF, "comment": "One row per further numeric attribute of agreements."},
    )
    utility: Mapped[Code] = mapped_column(ForeignKey(f"{TARIFF}.utility.utility"), primary_key=True)
    operand: Mapped[Code] = mapped_column(primary_key=True)


class SourceDocument(Base):
    __tablename__ = "source_document"
    __table_args__ = ({"schema": TARIFF, "comment": "One row per printed rate book."},)
    document: Mapped[Code] = mapped_column(primary_key=True)
    utility: Mapped[Code] = mapped_column(ForeignKey(f"{TARIFF}.utility.utility"))
    title: Mapped[Words]
    as_of: Mapped[Day | None] = mapped_column(comment="the date on the book's cover")


class Sheet(Base):
    __tablename__ = "sheet"
    __table_args__ = (
        UniqueConstraint("document", "page", "ordinance", postgresql_nulls_not_distinct=True),
        {"schema": TARIFF, "comment": "One row per cited page of a book."},
    )
    sheet_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[Code] = mapped_column(ForeignKey(f"{TARIFF}.source_document.document"))
    page: Mapped[Words] = mapped_column(comment="as printed: T-9, p. 4")
    ordinance: Mapped[Words | None]


class Schedule(Base):
    __tablename__ = "schedule"
    __table_args__ = (
        UniqueConstraint("utility", "schedule"),
        CheckConstraint("kind in ('rate', 'lighting', 'rider', 'adjustment')", name="kind"),
        {"schema": TARIFF, "comment": "One row per schedule, rider or adjustment clause."},
    )
    schedule_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    utility: Mapped[Code] = mapped_column(ForeignKey(f"{TARIFF}.utility.utility"))
    schedule: Mapped[Code] = mapped_column(comment="designation as printed")
    title: Mapped[Words]
    kind: Mapped[Code]


class Version(Base):
    __tablename__ = "version"
    __table_args__ = (
        UniqueConstraint("schedule_id", "effective_from"),
        CheckConstraint("effective_to > effective_from", name="range"),
        CheckConstraint(
            "clock in ('service_end', 'billing_month', 'service_end_to_month')", name="clock"
        ),
        CheckConstraint("status in ('complete', 'incomplete', 'unconfirmed')", name="status"),
        CheckConstraint("gross_percent >= 100", name="gross_percent"),
        CheckConstraint(
            "late_charge_minimum is null"
            " or (late_charge_minimum > 0 and gross_percent is not null)",
            name="late_charge_minimum",
        ),
        ExcludeConstraint(
            ("schedule_id", "="),
            (text("daterange(effective_from, effective_to)"), "&&"),
            name="ex_version_schedule_id_range",
        ),
        {"schema": TARIFF, "comment": "One row per schedule and stretch of time it holds."},
    )
    version_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    schedule_id: Mapped[int] = mapped_column(ForeignKey(f"{TARIFF}.schedule.schedule_id"))
    effective_from: Mapped[Day]
    effective_to: Mapped[Day | None] = mapped_column(comment="first day it no longer holds")
    clock: Mapped[Code] = mapped_column(comment="what dates a period: last day or label")
    status: Mapped[Code]
    status_reason: Mapped[Words | None]
    unconfirmed_from: Mapped[Day | None] = mapped_column(comment="no text found from here on")
    gross_percent: Mapped[Quantity | None] = mapped_column(comment="gross bill, % of net")
    moves_fuel_into_base: Mapped[bool]
    closed_from: Mapped[Day | None] = mapped_column(comment="no enrollment from this day on")
    prorates_rates: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="a change of rates within a period counts by days"
    )
    prorates_seasons: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="a change of season within a period counts by days"
    )
    last_verified_on: Mapped[Day | None]
    sheet_id: Mapped[int] = mapped_column(ForeignKey(SHEET))
    ruling: Mapped[Words | None]
    late_charge_minimum: Mapped[Money | None] = mapped_column(
        comment="gross bill, least dollars above net"
    )


class SeasonMonth(Base):
    __tablename__ = "season_month"
    __table_args__ = (
        CheckConstraint("month between 1 and 12", name="month"),
        {"schema": TARIFF, "comment": "One row per version and calendar month of the label."},
    )
    version_id: Mapped[int] = mapped_column(ForeignKey(VERSION), primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    season: Mapped[Code]


class Requirement(Base):
    __tablename__ = "requirement"
    __table_args__ = ({"schema": TARIFF, "comment": "One row per operand a period cannot lack."},)
    version_id: Mapped[int] = mapped_column(ForeignKey(VERSION), primary_key=True)
    operand: Mapped[Code] = mapped_column(primary_key=True)
