"""Clauses of a sheet: what must hold for a charge, a term or a quantity to apply."""

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TARIFF, Base, Code, Quantity, Words

VERSION = f"{TARIFF}.version.version_id"
CONDITION_SET = f"{TARIFF}.condition_set.condition_set_id"


MONTH_AND_DAY = "(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"


def _of_condition() -> ForeignKeyConstraint:
    """The reference of a value or span to its condition."""
    condition = f"{TARIFF}.condition"
    return ForeignKeyConstraint(
        ["condition_set_id", "ordinal"], [f"{condition}.condition_set_id", f"{condition}.ordinal"]
    )


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
            "kind in ('attribute', 'season', 'period', 'opening', 'closing', 'option',"
            " 'contract_year', 'determinant')",
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
    is_negated: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="met by any value but those, or none"
    )
    comparison: Mapped[Code | None]
    bound: Mapped[Quantity | None] = mapped_column(comment="constant part of the bound")
    bound_factor: Mapped[Quantity | None] = mapped_column(comment="times bound_operand")
    bound_operand: Mapped[Code | None]


class ConditionValue(Base):
    __tablename__ = "condition_value"
    __table_args__ = (
        _of_condition(),
        {"schema": TARIFF, "comment": "One row per value a test admits."},
    )
    condition_set_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[Code] = mapped_column(primary_key=True)


class ConditionSpan(Base):
    __tablename__ = "condition_span"
    __table_args__ = (
        _of_condition(),
        CheckConstraint(f"first_day similar to '{MONTH_AND_DAY}'", name="first_day"),
        CheckConstraint(f"last_day similar to '{MONTH_AND_DAY}'", name="last_day"),
        {"schema": TARIFF, "comment": "One row per yearly span of days a period may touch."},
    )
    condition_set_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_day: Mapped[Code] = mapped_column(primary_key=True, comment="MM-DD")
    last_day: Mapped[Code] = mapped_column(comment="MM-DD, included; may lie in the next year")
