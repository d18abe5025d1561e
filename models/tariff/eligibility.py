"""Whom a schedule is for: the conditions that its sheet states, as rows.

A version has one rule per alternative: a customer who satisfies all conditions of one of them
qualifies. Demands are those of the previous calendar year, months without a read left out.
"""

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TARIFF, Base, Code, Quantity, Words

VERSION = f"{TARIFF}.version.version_id"
SHEET = f"{TARIFF}.sheet.sheet_id"
RULE = f"{TARIFF}.eligibility_rule.eligibility_rule_id"
CONDITION = f"{TARIFF}.eligibility_condition"


class EligibilityRule(Base):
    __tablename__ = "eligibility_rule"
    __table_args__ = (
        UniqueConstraint("version_id", "ordinal"),
        {"schema": TARIFF, "comment": "One row per alternative by which a customer qualifies."},
    )
    eligibility_rule_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version_id: Mapped[int] = mapped_column(ForeignKey(VERSION))
    ordinal: Mapped[int]
    words: Mapped[Words | None] = mapped_column(comment="whom the sheet says it is for")
    beyond_data: Mapped[Words | None] = mapped_column(
        comment="what the sheet asks for besides, and no portfolio says"
    )
    sheet_id: Mapped[int] = mapped_column(ForeignKey(SHEET))
    ruling: Mapped[Words | None]


class EligibilityCondition(Base):
    __tablename__ = "eligibility_condition"
    __table_args__ = (
        CheckConstraint("kind in ('attribute', 'demand', 'unless')", name="kind"),
        CheckConstraint("(kind = 'attribute') = (attribute is not null)", name="attribute"),
        CheckConstraint(
            "(kind = 'demand') = (comparison is not null and bound is not null"
            " and months is not null)",
            name="demand",
        ),
        CheckConstraint(
            "comparison in ('at_least', 'above', 'at_most', 'below')", name="comparison"
        ),
        CheckConstraint("months between 1 and 12", name="months"),
        {"schema": TARIFF, "comment": "One row per condition of an alternative."},
    )
    eligibility_rule_id: Mapped[int] = mapped_column(ForeignKey(RULE), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[Code] = mapped_column(
        comment="unless: no customer who qualifies for one of the schedules named"
    )
    attribute: Mapped[Code | None] = mapped_column(comment="of the agreement")
    is_negated: Mapped[bool] = mapped_column(comment="any value but those named")
    comparison: Mapped[Code | None] = mapped_column(
        comment="at_least, above: in so many months; at_most, below: in fewer months over it"
    )
    bound: Mapped[Quantity | None] = mapped_column(comment="kW")
    months: Mapped[int | None] = mapped_column(comment="of the previous calendar year")


class EligibilityValue(Base):
    __tablename__ = "eligibility_value"
    __table_args__ = (
        ForeignKeyConstraint(
            ["eligibility_rule_id", "ordinal"],
            [f"{CONDITION}.eligibility_rule_id", f"{CONDITION}.ordinal"],
            name="fk_eligibility_value_condition",
        ),
        {
            "schema": TARIFF,
            "comment": "One row per value admitted, quantity whose greatest counts, or schedule"
            " that comes first.",
        },
    )
    eligibility_rule_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[Code] = mapped_column(primary_key=True)
