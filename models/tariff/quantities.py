"""What is computed before anything is priced: quantities, demands, slices."""

from decimal import Decimal
from typing import Annotated

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TARIFF, Base, Code, Price, Quantity, Words

VERSION = f"{TARIFF}.version.version_id"
SHEET = f"{TARIFF}.sheet.sheet_id"
CONDITION_SET = f"{TARIFF}.condition_set.condition_set_id"
ROUNDING = "rounding in ('nearest', 'up', 'down')"
Step = Annotated[
    Decimal, mapped_column(Numeric(18, 6), comment="rounded to its multiples, not to decimals")
]
Rounding = Annotated[
    str,
    mapped_column(Text, server_default="nearest", comment="nearest: half away from zero; up; down"),
]


class Determinant(Base):
    __tablename__ = "determinant"
    __table_args__ = (
        CheckConstraint(
            "operation in ('sum', 'product', 'greatest', 'least', 'first_known',"
            " 'root_of_squares', 'bank', 'bank_left')",
            name="operation",
        ),
        CheckConstraint("level between 1 and 11", name="level"),
        CheckConstraint("decimals between 0 and 6", name="decimals"),
        CheckConstraint(ROUNDING, name="rounding"),
        CheckConstraint("rounding_step > 0", name="rounding_step"),
        CheckConstraint("divisor <> 0", name="divisor"),
        CheckConstraint("from_month between 1 and 12", name="from_month"),
        CheckConstraint(
            "resets = 'yearly' or (resets = 'never' and operation = 'bank' and from_month is null)",
            name="resets",
        ),
        {"schema": TARIFF, "comment": "One row per derived quantity of a version."},
    )
    determinant_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version_id: Mapped[int] = mapped_column(ForeignKey(VERSION))
    ordinal: Mapped[int]
    name: Mapped[Code]
    level: Mapped[int] = mapped_column(comment="1 metering, 2 netting, 3-7 derived, 9-11 after")
    operation: Mapped[Code]
    constant: Mapped[Price] = mapped_column(comment="added to a sum, multiplied into a product")
    divisor: Mapped[Quantity | None] = mapped_column(comment="number that a product is divided by")
    from_month: Mapped[int | None] = mapped_column(comment="month in which a bank's year begins")
    decimals: Mapped[int] = mapped_column(comment="the result is rounded half away from zero")
    rounding_step: Mapped[Step | None]
    rounding: Mapped[Rounding]
    at_least: Mapped[Quantity | None]
    at_most: Mapped[Quantity | None]
    condition_set_id: Mapped[int | None] = mapped_column(ForeignKey(CONDITION_SET))
    sheet_id: Mapped[int] = mapped_column(ForeignKey(SHEET))
    ruling: Mapped[Words | None]
    resets: Mapped[Code] = mapped_column(comment="when a bank begins at zero: yearly, never")


class DeterminantTerm(Base):
    __tablename__ = "determinant_term"
    __table_args__ = (
        CheckConstraint("role in ('term', 'divisor')", name="role"),
        CheckConstraint("when_unknown in ('unknown', 'zero', 'skip')", name="when_unknown"),
        {"schema": TARIFF, "comment": "One row per operand of a derived quantity."},
    )
    determinant_id: Mapped[int] = mapped_column(
        ForeignKey(f"{TARIFF}.determinant.determinant_id"), primary_key=True
    )
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    operand: Mapped[Code]
    coefficient: Mapped[Price]
    role: Mapped[Code]
    when_unknown: Mapped[Code]


class DemandRule(Base):
    __tablename__ = "demand_rule"
    __table_args__ = (
        UniqueConstraint("version_id", "name"),
        CheckConstraint("combination in ('greatest', 'least')", name="combination"),
        CheckConstraint("decimals between 0 and 6", name="decimals"),
        CheckConstraint("known_within_months >= 0", name="known_within_months"),
        CheckConstraint(ROUNDING, name="rounding"),
        CheckConstraint("rounding_step > 0", name="rounding_step"),
        {"schema": TARIFF, "comment": "One row per demand that a version determines."},
    )
    demand_rule_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version_id: Mapped[int] = mapped_column(ForeignKey(VERSION))
    ordinal: Mapped[int]
    name: Mapped[Code] = mapped_column(comment="billing, distribution …; its operand ends in _kw")
    combination: Mapped[Code] = mapped_column(comment="of its groups")
    measured_operand: Mapped[Code] = mapped_column(comment="kW as read")
    adjusted_operand: Mapped[Code] = mapped_column(comment="kW after power factor")
    known_within_months: Mapped[int] = mapped_column(
        comment="no demand unless adjusted kW is known in that many months"
    )
    decimals: Mapped[int] = mapped_column(comment="of the final rounding; 0 is whole kW")
    rounding_step: Mapped[Step | None]
    rounding: Mapped[Rounding]
    sheet_id: Mapped[int] = mapped_column(ForeignKey(SHEET))
    ruling: Mapped[Words | None]


class DemandGroup(Base):
    __tablename__ = "demand_group"
    __table_args__ = (
        CheckConstraint("combination in ('greatest', 'least')", name="combination"),
        {"schema": TARIFF, "comment": "One row per group of terms of a demand rule."},
    )
    demand_group_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    demand_rule_id: Mapped[int] = mapped_column(ForeignKey(f"{TARIFF}.demand_rule.demand_rule_id"))
    ordinal: Mapped[int]
    combination: Mapped[Code] = mapped_column(comment="of its terms")
    condition_set_id: Mapped[int | None] = mapped_column(ForeignKey(CONDITION_SET))


class DemandTerm(Base):
    __tablename__ = "demand_term"
    __table_args__ = (
        CheckConstraint("kind in ('measured', 'ratchet', 'floor', 'contract', 'cap')", name="kind"),
        CheckConstraint("percent >= 0", name="percent"),
        CheckConstraint("window_months >= 1 and skip_months >= 0", name="window"),
        CheckConstraint("average_of >= 2", name="average_of"),
        CheckConstraint("from_month between 1 and 12", name="from_month"),
        {"schema": TARIFF, "comment": "One row per term of a demand group."},
    )
    demand_term_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    demand_group_id: Mapped[int] = mapped_column(
        ForeignKey(f"{TARIFF}.demand_group.demand_group_id")
    )
    ordinal: Mapped[int]
    kind: Mapped[Code]
    operand: Mapped[Code | None]
    percent: Mapped[Quantity] = mapped_column(comment="of the operand or its window maximum")
    constant_kw: Mapped[Quantity | None]
    window_months: Mapped[int | None] = mapped_column(comment="months looked at, current included")
    skip_months: Mapped[int] = mapped_column(comment="latest months left out of the window")
    average_of: Mapped[int | None] = mapped_column(
        comment="the highest so many months of the window are averaged"
    )
    from_month: Mapped[int | None] = mapped_column(
        comment="the window reaches back to that month of the year at most"
    )
    is_required: Mapped[bool] = mapped_column(comment="unknown, it voids its group")
    choice: Mapped[Code | None] = mapped_column(comment="of terms of one choice, one must apply")
    condition_set_id: Mapped[int | None] = mapped_column(ForeignKey(CONDITION_SET))


class DemandTermMonth(Base):
    __tablename__ = "demand_term_month"
    __table_args__ = (
        CheckConstraint("month between 1 and 12", name="month"),
        {"schema": TARIFF, "comment": "One row per calendar month that a ratchet looks at."},
    )
    demand_term_id: Mapped[int] = mapped_column(
        ForeignKey(f"{TARIFF}.demand_term.demand_term_id"), primary_key=True
    )
    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Split(Base):
    __tablename__ = "split"
    __table_args__ = (
        CheckConstraint("kind in ('blocks', 'proportion')", name="kind"),
        CheckConstraint("level between 12 and 14", name="level"),
        {"schema": TARIFF, "comment": "One row per division of a quantity into slices."},
    )
    split_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version_id: Mapped[int] = mapped_column(ForeignKey(VERSION))
    ordinal: Mapped[int]
    level: Mapped[int]
    operand: Mapped[Code] = mapped_column(comment="what is divided")
    kind: Mapped[Code]
    condition_set_id: Mapped[int | None] = mapped_column(ForeignKey(CONDITION_SET))
    sheet_id: Mapped[int] = mapped_column(ForeignKey(SHEET))
    ruling: Mapped[Words | None]


class SplitStep(Base):
    __tablename__ = "split_step"
    __table_args__ = (
        CheckConstraint("to_quantity > from_quantity", name="range"),
        CheckConstraint("from_quantity >= 0", name="from_quantity"),
        {"schema": TARIFF, "comment": "One row per slice; steps of one name are added."},
    )
    split_id: Mapped[int] = mapped_column(ForeignKey(f"{TARIFF}.split.split_id"), primary_key=True)
    step_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    slice_name: Mapped[Code]
    from_quantity: Mapped[Quantity]
    to_quantity: Mapped[Quantity | None]
    limit_operand: Mapped[Code | None] = mapped_column(comment="edges are hours of this demand")
    share_operand: Mapped[Code | None] = mapped_column(comment="proportion: this slice of demand")


class Combination(Base):
    __tablename__ = "combination"
    __table_args__ = (
        {"schema": TARIFF, "comment": "One row per season in which reads join a partner's."},
    )
    version_id: Mapped[int] = mapped_column(ForeignKey(VERSION), primary_key=True)
    season: Mapped[Code] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey(SHEET))
    ruling: Mapped[Words | None]


class CombinationQuantity(Base):
    __tablename__ = "combination_quantity"
    __table_args__ = (
        CheckConstraint("when_one_blank in ('zero', 'unknown')", name="when_one_blank"),
        {"schema": TARIFF, "comment": "One row per quantity that is added to the partner's."},
    )
    version_id: Mapped[int] = mapped_column(ForeignKey(VERSION), primary_key=True)
    operand: Mapped[Code] = mapped_column(primary_key=True)
    when_one_blank: Mapped[Code]
