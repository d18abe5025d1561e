"""The ledgers: what was loaded when, what did not load, what it replaced, and what was rated."""

import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import (
    PORTFOLIO,
    RATING,
    Base,
    Code,
    Day,
    Money,
    Quantity,
    Words,
    starts_month,
)

LOAD = f"{PORTFOLIO}.load.load_id"
RUN = f"{RATING}.rating_run.run_id"


class Load(Base):
    __tablename__ = "load"
    __table_args__ = ({"schema": PORTFOLIO, "comment": "One row per loaded portfolio folder."},)
    load_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    loaded_at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True))
    folder: Mapped[Words]
    is_replacing: Mapped[bool] = mapped_column(comment="the portfolio was emptied first")


class LoadFile(Base):
    __tablename__ = "load_file"
    __table_args__ = (
        CheckConstraint("rows_read = rows_loaded + rows_rejected", name="rows"),
        {"schema": PORTFOLIO, "comment": "One row per file of a load."},
    )
    load_id: Mapped[int] = mapped_column(ForeignKey(LOAD), primary_key=True, autoincrement=False)
    file: Mapped[Code] = mapped_column(primary_key=True)
    rows_read: Mapped[int]
    rows_loaded: Mapped[int]
    rows_rejected: Mapped[int]


class ReplacedRow(Base):
    __tablename__ = "replaced_row"
    __table_args__ = (
        {
            "schema": PORTFOLIO,
            "comment": "One row per row that a later load replaced, emptied or added.",
            "info": {"bulk": True},
        },
    )
    load_id: Mapped[int] = mapped_column(
        ForeignKey(LOAD), primary_key=True, autoincrement=False, comment="the load that did it"
    )
    file: Mapped[Code] = mapped_column(primary_key=True)
    row_key: Mapped[Code] = mapped_column(primary_key=True, comment="the key as a JSON array")
    row_data: Mapped[Words] = mapped_column(
        comment="the old row as JSON; null: added; of a day of intervals 1 for each quarter added"
    )


class Change(Base):
    __tablename__ = "change"
    __table_args__ = (
        CheckConstraint("kind in ('agreement', 'utility')", name="kind"),
        {
            "schema": PORTFOLIO,
            "comment": "One row per load, file, and agreement or utility whose rows it changed.",
            "info": {"bulk": True},
        },
    )
    load_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    file: Mapped[Code] = mapped_column(primary_key=True)
    kind: Mapped[Code] = mapped_column(primary_key=True)
    subject: Mapped[Code] = mapped_column(primary_key=True, comment="the agreement or utility")
    first_month: Mapped[Day] = mapped_column(
        comment="first billing month whose bill it can move; 0001-01-01: any"
    )


class RejectedRow(Base):
    __tablename__ = "rejected_row"
    __table_args__ = (
        {
            "schema": RATING,
            "comment": "One row per row of a portfolio file that did not load.",
            "info": {"bulk": True},
        },
    )
    load_id: Mapped[int] = mapped_column(ForeignKey(LOAD), primary_key=True, autoincrement=False)
    file: Mapped[Code] = mapped_column(primary_key=True)
    source_row_number: Mapped[int] = mapped_column(
        primary_key=True, comment="1 is the first row after the header"
    )
    reason: Mapped[Words]
    row_data: Mapped[Words] = mapped_column(comment="the row as JSON, as it was read")


class RatingRun(Base):
    __tablename__ = "rating_run"
    __table_args__ = (
        CheckConstraint("status in ('running', 'failed', 'published')", name="status"),
        CheckConstraint("from_month <= to_month", name="months"),
        CheckConstraint("reads = bills + unbilled", name="reads"),
        starts_month("from_month"),
        starts_month("to_month"),
        {"schema": RATING, "comment": "One row per rating run."},
    )
    run_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    started_at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True))
    finished_at: Mapped[datetime.datetime | None] = mapped_column(DateTime(timezone=True))
    status: Mapped[Code]
    engine: Mapped[Code]
    code_version: Mapped[Code]
    from_month: Mapped[Day | None]
    to_month: Mapped[Day | None]
    tariff_hash: Mapped[Code | None]
    portfolio_hash: Mapped[Code | None]
    reads: Mapped[int | None]
    bills: Mapped[int | None]
    unbilled: Mapped[int | None]
    net_amount: Mapped[Money | None]
    message: Mapped[Words | None]
    load_id: Mapped[int | None] = mapped_column(comment="the last load that it rated")
    base_run_id: Mapped[int | None] = mapped_column(
        comment="the run whose bills stay where nothing changed; blank: all were rated"
    )


class Reconciliation(Base):
    __tablename__ = "reconciliation"
    __table_args__ = (
        CheckConstraint("status in ('pass', 'fail')", name="status"),
        {"schema": RATING, "comment": "One row per check of a run and scope."},
    )
    run_id: Mapped[int] = mapped_column(ForeignKey(RUN), primary_key=True, autoincrement=False)
    check_name: Mapped[Code] = mapped_column(primary_key=True)
    scope: Mapped[Code] = mapped_column(primary_key=True, comment="all, or utility and schedule")
    expected: Mapped[Quantity | None]
    actual: Mapped[Quantity | None]
    difference: Mapped[Quantity | None]
    status: Mapped[Code]


class BillHistory(Base):
    __tablename__ = "bill_history"
    __table_args__ = (
        CheckConstraint("what in ('new', 'changed', 'removed')", name="what"),
        {
            "schema": RATING,
            "comment": "One row per bill that a later run changed, removed or added.",
            "info": {"bulk": True},
        },
    )
    agreement_id: Mapped[Code] = mapped_column(primary_key=True)
    billing_month: Mapped[Day] = mapped_column(primary_key=True)
    replaced_by_run_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    what: Mapped[Code] = mapped_column(comment="new: there was no bill before that run")
    run_id: Mapped[int | None] = mapped_column(comment="the run that had last rated it")
    schedule: Mapped[Code | None]
    version_effective_from: Mapped[Day | None]
    kwh: Mapped[Quantity | None]
    billing_demand_kw: Mapped[Quantity | None]
    customer_amount: Mapped[Money | None]
    energy_amount: Mapped[Money | None]
    demand_amount: Mapped[Money | None]
    facilities_amount: Mapped[Money | None]
    minimum_amount: Mapped[Money | None]
    discount_amount: Mapped[Money | None]
    adjustment_amount: Mapped[Money | None]
    rider_amount: Mapped[Money | None]
    credit_amount: Mapped[Money | None]
    net_amount: Mapped[Money | None] = mapped_column(comment="as it was billed before")
    gross_amount: Mapped[Money | None]
    difference_amount: Mapped[Money] = mapped_column(comment="net amount after, less before")
    account_id: Mapped[Code | None]
    read_from: Mapped[Day | None]
    read_to: Mapped[Day | None]
    utility: Mapped[Code | None]
    customer_class: Mapped[Code | None]
    season: Mapped[Code | None]
