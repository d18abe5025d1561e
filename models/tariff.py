"""The tariffs as rows: who prints them, when they hold, and what they say.

Everything below a version names the sheet it was read from and, where the sheet leaves
room, the ruling it is read under. A name that a version gives to a quantity (`kwh`,
`billing_demand_kw`, a slice of a split) is an *operand* wherever another row uses it.
"""

import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TARIFF, Base, Code, Day, Price, Quantity, Words

VERSION = f"{TARIFF}.version.version_id"
SHEET = f"{TARIFF}.sheet.sheet_id"
CONDITION_SET = f"{TARIFF}.condition_set.condition_set_id"


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
    utility: Mapped[Code] = mapped_column(
        ForeignKey(f"{TARIFF}.utility.utility"), primary_key=True
    )
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
        CheckConstraint("clock in ('service_end', 'billing_month')", name="clock"),
        CheckConstraint("status in ('complete', 'incomplete', 'unconfirmed')", name="status"),
        CheckConstraint("gross_percent >= 100", name="gross_percent"),
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
    closed_from: Mapped[Day | None] = mapped_column(comment="no enrolment from this day on")
    last_verified_on: Mapped[Day | None]
    sheet_id: Mapped[int] = mapped_column(ForeignKey(SHEET))
    ruling: Mapped[Words | None]


class SeasonMonth(Base):
    __tablename__ = "season_month"
    __table_args__ = (
        CheckConstraint("month between 1 and 12", name="month"),
        {"schema": TARIFF, "comment": "One row per version and calendar month of the label."},
    )
    version_id: Mapped[int] = mapped_column(ForeignKey(VERSION), primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    season: Mapped[Code]


class ConditionSet(Base):
    __tablename__ = "condition_set"
    __table_args__ = ({"schema": TARIFF, "comment": "One row per clause: all of its conditions."},)
    condition_set_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version_id: Mapped[int] = mapped_column(ForeignKey(VERSION))
    label: Mapped[Words] = mapped_column(comment="the clause in words")
    is_negated: Mapped[bool] = mapped_column(comment="holds where its conditions do not")


class Condition(Base):
    __tablename__ = "condition"
    __table_args__ = (
        CheckConstraint(
            "kind in ('attribute', 'season', 'period', 'option', 'contract_year', 'determinant')",
            name="kind",
        ),
        CheckConstraint(
            "comparison in ('at_least', 'above', 'at_most', 'below')", name="comparison"
        ),
        {"schema": TARIFF, "comment": "One row per test of a clause."},
    )
    condition_set_id: Mapped[int] = mapped_column(ForeignKey(CONDITION_SET), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[Code]
    subject: Mapped[Code | None] = mapped_column(comment="attribute or operand tested")
    comparison: Mapped[Code | None]
    bound: Mapped[Quantity | None] = mapped_column(comment="constant part of the bound")
    bound_factor: Mapped[Quantity | None] = mapped_column(comment="times bound_operand")
    bound_operand: Mapped[Code | None]


class ConditionValue(Base):
    __tablename__ = "condition_value"
    __table_args__ = ({"schema": TARIFF, "comment": "One row per value a test admits."},)
    condition_set_id: Mapped[int] = mapped_column(ForeignKey(CONDITION_SET), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[Code] = mapped_column(primary_key=True)


class ConditionSpan(Base):
    __tablename__ = "condition_span"
    __table_args__ = (
        {"schema": TARIFF, "comment": "One row per yearly span of days a period may touch."},
    )
    condition_set_id: Mapped[int] = mapped_column(ForeignKey(CONDITION_SET), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_day: Mapped[Code] = mapped_column(primary_key=True, comment="MM-DD")
    last_day: Mapped[Code] = mapped_column(comment="MM-DD, included; may lie in the next year")


class Determinant(Base):
    __tablename__ = "determinant"
    __table_args__ = (
        CheckConstraint(
            "operation in ('sum', 'product', 'greatest', 'least', 'first_known', 'bank')",
            name="operation",
        ),
        CheckConstraint("level between 1 and 11", name="level"),
        CheckConstraint("decimals between 0 and 6", name="decimals"),
        {"schema": TARIFF, "comment": "One row per derived quantity of a version."},
    )
    determinant_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version_id: Mapped[int] = mapped_column(ForeignKey(VERSION))
    ordinal: Mapped[int]
    name: Mapped[Code]
    level: Mapped[int] = mapped_column(comment="1 metering, 2 netting, 3-7 derived, 9-11 after")
    operation: Mapped[Code]
    constant: Mapped[Price] = mapped_column(comment="added to a sum, multiplied into a product")
    decimals: Mapped[int] = mapped_column(comment="the result is rounded half away from zero")
    at_least: Mapped[Quantity | None]
    at_most: Mapped[Quantity | None]
    condition_set_id: Mapped[int | None] = mapped_column(ForeignKey(CONDITION_SET))
    sheet_id: Mapped[int] = mapped_column(ForeignKey(SHEET))
    ruling: Mapped[Words | None]


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
        CheckConstraint(
            "kind in ('measured', 'ratchet', 'floor', 'contract', 'cap')", name="kind"
        ),
        CheckConstraint("percent >= 0", name="percent"),
        CheckConstraint("window_months >= 1 and skip_months >= 0", name="window"),
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
        {"schema": TARIFF, "comment": "One row per slice; steps of one name are added."},
    )
    split_id: Mapped[int] = mapped_column(ForeignKey(f"{TARIFF}.split.split_id"), primary_key=True)
    step_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    slice_name: Mapped[Code]
    from_quantity: Mapped[Quantity]
    to_quantity: Mapped[Quantity | None]
    limit_operand: Mapped[Code | None] = mapped_column(comment="edges are hours of this demand")
    share_operand: Mapped[Code | None] = mapped_column(comment="proportion: this slice of demand")


class Charge(Base):
    __tablename__ = "charge"
    __table_args__ = (
        UniqueConstraint("version_id", "code", "season", postgresql_nulls_not_distinct=True),
        CheckConstraint(
            "component in ('customer', 'energy', 'demand', 'facilities', 'minimum', 'discount',"
            " 'adjustment', 'rider', 'credit')",
            name="component",
        ),
        CheckConstraint(
            "kind in ('price', 'factor', 'percent', 'minimum', 'cap', 'difference')", name="kind"
        ),
        CheckConstraint("choice_rule in ('first', 'greatest')", name="choice_rule"),
        CheckConstraint("stage between 1 and 12", name="stage"),
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


class ChargeStep(Base):
    __tablename__ = "charge_step"
    __table_args__ = (
        CheckConstraint("to_quantity > from_quantity", name="range"),
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
        CheckConstraint("(component is null) <> (charge_code is null)", name="one_of_two"),
        {"schema": TARIFF, "comment": "One row per part of a percentage's or minimum's base."},
    )
    charge_id: Mapped[int] = mapped_column(
        ForeignKey(f"{TARIFF}.charge.charge_id"), primary_key=True
    )
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    component: Mapped[Code | None] = mapped_column(comment="all earlier lines of a component")
    charge_code: Mapped[Code | None] = mapped_column(comment="earlier lines of a charge")


class Requirement(Base):
    __tablename__ = "requirement"
    __table_args__ = ({"schema": TARIFF, "comment": "One row per operand a period cannot lack."},)
    version_id: Mapped[int] = mapped_column(ForeignKey(VERSION), primary_key=True)
    operand: Mapped[Code] = mapped_column(primary_key=True)


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


class ScheduleRider(Base):
    __tablename__ = "schedule_rider"
    __table_args__ = (
        {"schema": TARIFF, "comment": "One row per rider or clause that a version says it carries."},
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
    sheet_id: Mapped[int] = mapped_column(ForeignKey(SHEET))
    ruling: Mapped[Words | None]


class FormulaInput(Base):
    __tablename__ = "formula_input"
    __table_args__ = (
        CheckConstraint("side in ('numerator', 'denominator')", name="side"),
        CheckConstraint("sign in (-1, 1)", name="sign"),
        {"schema": TARIFF, "comment": "One row per input of a formula."},
    )
    version_id: Mapped[int] = mapped_column(ForeignKey(VERSION), primary_key=True)
    variable: Mapped[Code] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(comment="order on the sheet")
    symbol: Mapped[Code | None] = mapped_column(comment="letter on the sheet")
    side: Mapped[Code]
    sign: Mapped[int]


