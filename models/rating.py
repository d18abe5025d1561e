"""The promised relations: what a rating run publishes.

Their names and columns are public. Money has two decimals, quantities six, prices eight.
"""

from decimal import Decimal
from typing import Annotated, get_args

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import (
    RATING,
    Base,
    Code,
    Component,
    Day,
    Money,
    Quantity,
    Words,
    index_on_server,
    on_server,
    starts_month,
)
from models.ledger import RUN

# Of 19 digits, so that DuckDB multiplies by quantities in 128 bits; of 18 it would overflow.
PublishedPrice = Annotated[Decimal, mapped_column(Numeric(19, 8))]
RATCHET_BINDS = "binding = 'ratchet'"
COMPONENTS: list[Component] = list(get_args(Component))


def _of_a_component() -> CheckConstraint:
    names = ", ".join(f"'{name}'" for name in COMPONENTS)
    return on_server(f"component in ({names})", "component")


class Bill(Base):
    __tablename__ = "bill"
    __table_args__ = (
        starts_month("billing_month"),
        on_server("read_to > read_from", "range"),
        on_server(f"net_amount = {' + '.join(f'{name}_amount' for name in COMPONENTS)}", "net"),
        index_on_server("ix_bill_schedule", "schedule", "billing_month"),
        {
            "schema": RATING,
            "comment": "One row per agreement and billing month that was billed.",
            "info": {"bulk": True},
        },
    )
    agreement_id: Mapped[Code] = mapped_column(primary_key=True)
    account_id: Mapped[Code | None]
    billing_month: Mapped[Day] = mapped_column(primary_key=True)
    read_from: Mapped[Day]
    read_to: Mapped[Day]
    utility: Mapped[Code]
    customer_class: Mapped[Code | None]
    schedule: Mapped[Code]
    version_effective_from: Mapped[Day]
    season: Mapped[Code | None]
    kwh: Mapped[Quantity | None] = mapped_column(comment="billed, after netting and uplift")
    billing_demand_kw: Mapped[Quantity | None]
    customer_amount: Mapped[Money]
    energy_amount: Mapped[Money]
    demand_amount: Mapped[Money]
    facilities_amount: Mapped[Money]
    minimum_amount: Mapped[Money]
    discount_amount: Mapped[Money]
    adjustment_amount: Mapped[Money]
    rider_amount: Mapped[Money]
    credit_amount: Mapped[Money]
    net_amount: Mapped[Money]
    gross_amount: Mapped[Money] = mapped_column(comment="what is due after the due date")
    run_id: Mapped[int] = mapped_column(ForeignKey(RUN))


class BillLineItem(Base):
    __tablename__ = "bill_line_item"
    __table_args__ = (
        starts_month("billing_month"),
        on_server("amount <> 0", "amount"),
        _of_a_component(),
        {"schema": RATING, "comment": "One row per line of a bill.", "info": {"bulk": True}},
    )
    agreement_id: Mapped[Code] = mapped_column(primary_key=True)
    billing_month: Mapped[Day] = mapped_column(primary_key=True)
    line_no: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="rises down the bill, with gaps"
    )
    component: Mapped[Code]
    schedule_or_rider: Mapped[Code]
    version_effective_from: Mapped[Day]
    charge_code: Mapped[Code]
    description: Mapped[Words]
    step_no: Mapped[int]
    determinant: Mapped[Code | None]
    quantity: Mapped[Quantity]
    unit: Mapped[Code]
    price: Mapped[PublishedPrice]
    amount: Mapped[Money]
    sheet: Mapped[Words]
    source_document: Mapped[Code]
    run_id: Mapped[int]


class BillingDemand(Base):
    __tablename__ = "billing_demand"
    __table_args__ = (
        starts_month("billing_month"),
        starts_month("ratchet_month"),
        on_server("ratchet_percent >= 0", "ratchet_percent"),
        CheckConstraint(
            "binding in ('measured', 'ratchet', 'floor', 'contract', 'cap')", name="binding"
        ),
        index_on_server(
            "ix_billing_demand_ratchet", "billing_month", "agreement_id", where=RATCHET_BINDS
        ),
        {
            "schema": RATING,
            "comment": "One row per agreement, billing month and demand.",
            "info": {"bulk": True},
        },
    )
    agreement_id: Mapped[Code] = mapped_column(primary_key=True)
    billing_month: Mapped[Day] = mapped_column(primary_key=True)
    demand_name: Mapped[Code] = mapped_column(primary_key=True)
    measured_kw: Mapped[Quantity | None]
    adjusted_kw: Mapped[Quantity | None]
    ratchet_kw: Mapped[Quantity | None] = mapped_column(comment="percentage of the peak")
    ratchet_month: Mapped[Day | None] = mapped_column(comment="latest month with the peak")
    ratchet_percent: Mapped[Quantity | None]
    floor_kw: Mapped[Quantity | None]
    unrounded_kw: Mapped[Quantity]
    demand_kw: Mapped[Quantity]
    binding: Mapped[Code]
    run_id: Mapped[int] = mapped_column(ForeignKey(RUN))


class UnbilledRead(Base):
    __tablename__ = "unbilled_read"
    __table_args__ = (
        starts_month("billing_month"),
        CheckConstraint(
            "reason in ('combined', 'no_rate_in_force', 'no_agreement', 'missing_determinant',"
            " 'unknown_schedule')",
            name="reason",
        ),
        {
            "schema": RATING,
            "comment": "One row per read without a bill of its own.",
            "info": {"bulk": True},
        },
    )
    agreement_id: Mapped[Code] = mapped_column(primary_key=True)
    billing_month: Mapped[Day] = mapped_column(primary_key=True)
    reason: Mapped[Code]
    detail: Mapped[Words]
    run_id: Mapped[int] = mapped_column(ForeignKey(RUN))


class RateSchedule(Base):
    __tablename__ = "rate_schedule"
    __table_args__ = (
        {"schema": RATING, "comment": "One row per schedule.", "info": {"bulk": True}},
    )
    utility: Mapped[Code] = mapped_column(primary_key=True)
    schedule: Mapped[Code] = mapped_column(primary_key=True)
    title: Mapped[Words]
    kind: Mapped[Code]


class RateVersion(Base):
    __tablename__ = "rate_version"
    __table_args__ = (
        on_server("effective_to > effective_from", "range"),
        {
            "schema": RATING,
            "comment": "One row per version of a schedule.",
            "info": {"bulk": True},
        },
    )
    utility: Mapped[Code] = mapped_column(primary_key=True)
    schedule: Mapped[Code] = mapped_column(primary_key=True)
    effective_from: Mapped[Day] = mapped_column(primary_key=True)
    effective_to: Mapped[Day | None]
    status: Mapped[Code]
    unconfirmed_from: Mapped[Day | None]
    source_document: Mapped[Code]
    sheet: Mapped[Words]


class RatePrice(Base):
    __tablename__ = "rate_price"
    __table_args__ = (
        _of_a_component(),
        {"schema": RATING, "comment": "One row per priced step.", "info": {"bulk": True}},
    )
    utility: Mapped[Code] = mapped_column(primary_key=True)
    schedule: Mapped[Code] = mapped_column(primary_key=True)
    version_effective_from: Mapped[Day] = mapped_column(primary_key=True)
    price_no: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="order of the prices on the sheet"
    )
    season: Mapped[Code | None]
    charge_code: Mapped[Code]
    component: Mapped[Code]
    step_no: Mapped[int]
    from_quantity: Mapped[Quantity | None]
    to_quantity: Mapped[Quantity | None]
    limit_unit: Mapped[Code | None]
    price: Mapped[PublishedPrice]
    unit: Mapped[Code] = mapped_column(comment="$/kWh, $/kW, $/month, $ flat …")
    condition: Mapped[str | None] = mapped_column(Text)
    sheet: Mapped[Words]


class MonthlyFactor(Base):
    __tablename__ = "monthly_factor"
    __table_args__ = (
        starts_month("billing_month"),
        {
            "schema": RATING,
            "comment": "One row per utility, rider and billing month.",
            "info": {"bulk": True},
        },
    )
    utility: Mapped[Code] = mapped_column(primary_key=True)
    rider: Mapped[Code] = mapped_column(primary_key=True)
    billing_month: Mapped[Day] = mapped_column(primary_key=True)
    factor: Mapped[PublishedPrice]
    unit: Mapped[Code]
    inputs: Mapped[Words] = mapped_column(comment="variable=value, in the order of the sheet")
    sheet: Mapped[Words]
