"""What is priced, and what it is priced with: charges, riders, formulas."""

from typing import get_args

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TARIFF, Base, Code, Component, Price, Quantity, Words

VERSION = f"{TARIFF}.version.version_id"
SHEET = f"{TARIFF}.sheet.sheet_id"
CONDITION_SET = f"{TARIFF}.condition_set.condition_set_id"


class Charge(Base):
    __tablename__ = "charge"
    __table_args__ = (
        UniqueConstraint("version_id", "code", "season", postgresql_nulls_not_distinct=True),
        CheckConstraint(f"component in {get_args(Component)}", name="component"),
        CheckConstraint(
            "kind in ('price', 'factor', 'percent', 'minimum', 'cap', 'difference')", name="kind"
        ),
        CheckConstraint("choice_rule in ('first', 'greatest')", name="choice_rule"),
        CheckConstraint("stage between 1 and 12", name="stage"),
        CheckConstraint("sign in (-1, 1)", name="sign"),
        CheckConstraint("kind = 'percent' or percent is null", name="percent"),
        {"schema": TARIFF, "comment": "One row per charge of a version (and season)."},
    )
    charge_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version_id: Mapped[int] = mapped_column(ForeignKey(VERSION))
    ordinal: Mapped[int]
    code: Mapped[Code]
    description: Mapped[Words]
    component: Mapped[Code]
    stage: Mapped[int] = mapped_column(comment="sees the lines of the stages before it")
    kind: Mapped[Code]
    operand: Mapped[Code | None] = mapped_column(comment="what is priced; empty: once a month")
    unit: Mapped[Code] = mapped_column(comment="of the quantity: kWh, kW, month, $")
    season: Mapped[Code | None]
    percent: Mapped[Quantity | None] = mapped_column(comment="of the base; negative takes off")
    sign: Mapped[int] = mapped_column(comment="-1 takes the amount off the bill")
    covers: Mapped[Code | None] = mapped_column(comment="with its like, prices all of this operand")
    blank_is_zero: Mapped[bool] = mapped_column(comment="an unknown operand is no quantity")
    is_one_time: Mapped[bool] = mapped_column(comment="units count in their first period only")
    choice: Mapped[Code | None] = mapped_column(comment="of charges of one choice, one is taken")
    choice_rule: Mapped[Code | None]
    condition_set_id: Mapped[int | None] = mapped_column(ForeignKey(CONDITION_SET))
    sheet_id: Mapped[int] = mapped_column(ForeignKey(SHEET))
    ruling: Mapped[Words | None]
    is_lamp: Mapped[bool] = mapped_column(comment="units of the code have watts")


class ChargeStep(Base):
    __tablename__ = "charge_step"
    __table_args__ = (
        CheckConstraint("to_quantity > from_quantity", name="range"),
        CheckConstraint("from_quantity >= 0", name="from_quantity"),
        CheckConstraint("(price is null) <> (amount is null)", name="price_or_amount"),
        {"schema": TARIFF, "comment": "One row per block step of a charge, with its price."},
    )
    charge_id: Mapped[int] = mapped_column(
        ForeignKey(f"{TARIFF}.charge.charge_id"), primary_key=True
    )
    step_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    description: Mapped[Words]
    from_quantity: Mapped[Quantity]
    to_quantity: Mapped[Quantity | None] = mapped_column(comment="empty: all over from_quantity")
    limit_operand: Mapped[Code | None] = mapped_column(comment="edges are multiplied by it")
    limit_unit: Mapped[Code | None] = mapped_column(comment="kWh, kW, hours use …")
    price: Mapped[Price | None] = mapped_column(comment="dollars per unit")
    amount: Mapped[Price | None] = mapped_column(comment="dollars, flat for the step")
    condition_set_id: Mapped[int | None] = mapped_column(ForeignKey(CONDITION_SET))


class ChargeBase(Base):
    __tablename__ = "charge_base"
    __table_args__ = (
        CheckConstraint(
            "(case when component is null then 0 else 1 end)"
            " + (case when charge_code is null then 0 else 1 end)"
            " + (case when schedule_id is null then 0 else 1 end) = 1",
            name="one_of_three",
        ),
        {"schema": TARIFF, "comment": "One row per part of a percentage's or minimum's base."},
    )
    charge_id: Mapped[int] = mapped_column(
        ForeignKey(f"{TARIFF}.charge.charge_id"), primary_key=True
    )
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    component: Mapped[Code | None] = mapped_column(comment="all earlier lines of a component")
    charge_code: Mapped[Code | None] = mapped_column(comment="earlier lines of a charge")
    is_elsewhere: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="the charge is another schedule's, not its own"
    )
    schedule_id: Mapped[int | None] = mapped_column(
        ForeignKey(f"{TARIFF}.schedule.schedule_id"),
        comment="all earlier lines of a schedule, clause or rider",
    )


class ScheduleRider(Base):
    __tablename__ = "schedule_rider"
    __table_args__ = (
        {
            "schema": TARIFF,
            "comment": "One row per rider or clause that a version says it carries.",
        },
    )
    version_id: Mapped[int] = mapped_column(ForeignKey(VERSION), primary_key=True)
    rider: Mapped[Code] = mapped_column(primary_key=True, comment="as printed")
    rider_schedule_id: Mapped[int | None] = mapped_column(
        ForeignKey(f"{TARIFF}.schedule.schedule_id"), comment="empty: the reference leads nowhere"
    )
    sheet_id: Mapped[int] = mapped_column(ForeignKey(SHEET))


class RiderApplicability(Base):
    __tablename__ = "rider_applicability"
    __table_args__ = (
        {"schema": TARIFF, "comment": "One row per schedule that a rider's sheet lists."},
    )
    version_id: Mapped[int] = mapped_column(ForeignKey(VERSION), primary_key=True)
    schedule: Mapped[Code] = mapped_column(primary_key=True, comment="as printed")
    schedule_id: Mapped[int | None] = mapped_column(
        ForeignKey(f"{TARIFF}.schedule.schedule_id"), comment="empty: the reference leads nowhere"
    )
    lacking: Mapped[Words | None] = mapped_column(comment="what no read of the schedule carries")
    sheet_id: Mapped[int] = mapped_column(ForeignKey(SHEET))


class Formula(Base):
    __tablename__ = "formula"
    __table_args__ = (
        CheckConstraint("quotient_decimals between 0 and 8", name="quotient_decimals"),
        CheckConstraint("factor_decimals between 0 and 8", name="factor_decimals"),
        CheckConstraint("denominator_multiplier <> 0", name="denominator_multiplier"),
        {
            "schema": TARIFF,
            "comment": "One row per monthly factor: (rounded(numerator ÷ denominator) − base)"
            " × scale.",
        },
    )
    version_id: Mapped[int] = mapped_column(ForeignKey(VERSION), primary_key=True)
    numerator_constant: Mapped[Price]
    denominator_multiplier: Mapped[Price]
    quotient_decimals: Mapped[int | None] = mapped_column(comment="empty: not rounded")
    base: Mapped[Price]
    scale: Mapped[Price]
    factor_decimals: Mapped[int]
    unit: Mapped[Code] = mapped_column(comment="$/kWh")
    is_check_only: Mapped[bool] = mapped_column(comment="held against printed prices, not rated")
    sheet_id: Mapped[int] = mapped_column(ForeignKey(SHEET))
    ruling: Mapped[Words | None]


class FormulaInput(Base):
    __tablename__ = "formula_input"
    __table_args__ = (
        CheckConstraint("side in ('numerator', 'denominator')", name="side"),
        CheckConstraint("sign in (-1, 1)", name="sign"),
        {"schema": TARIFF, "comment": "One row per input of a formula."},
    )
    version_id: Mapped[int] = mapped_column(
        ForeignKey(f"{TARIFF}.formula.version_id"), primary_key=True
    )
    variable: Mapped[Code] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(comment="order on the sheet")
    symbol: Mapped[Code | None] = mapped_column(comment="letter on the sheet")
    side: Mapped[Code]
    sign: Mapped[int]
