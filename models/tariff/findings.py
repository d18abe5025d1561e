"""What is said about a schedule besides its prices: printed dates, claims, mentions, notes.

The checks of the tariffs look at these rows; no bill depends on them.
"""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TARIFF, Base, Code, Day, Price, Words

SCHEDULE = f"{TARIFF}.schedule.schedule_id"
VERSION = f"{TARIFF}.version.version_id"
SHEET = f"{TARIFF}.sheet.sheet_id"


class PrintedDate(Base):
    __tablename__ = "printed_date"
    __table_args__ = (
        {
            "schema": TARIFF,
            "comment": "One row per effective date that contents or a sheet print for a version.",
        },
    )
    version_id: Mapped[int] = mapped_column(ForeignKey(VERSION), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    printed_date: Mapped[Day] = mapped_column(comment="in force from, as printed")
    sheet_id: Mapped[int] = mapped_column(ForeignKey(SHEET))


class PrintedClaim(Base):
    __tablename__ = "printed_claim"
    __table_args__ = (
        CheckConstraint("decimals between 0 and 8", name="decimals"),
        {"schema": TARIFF, "comment": "One row per product that a sheet states."},
    )
    claim_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version_id: Mapped[int] = mapped_column(ForeignKey(VERSION))
    words: Mapped[Words] = mapped_column(comment="as the sheet says it")
    stated: Mapped[Price] = mapped_column(comment="what the sheet says the product is")
    decimals: Mapped[int] = mapped_column(comment="decimals printed, at which they are compared")
    sheet_id: Mapped[int] = mapped_column(ForeignKey(SHEET))
    ruling: Mapped[Words | None]


class PrintedClaimFactor(Base):
    __tablename__ = "printed_claim_factor"
    __table_args__ = ({"schema": TARIFF, "comment": "One row per factor of a stated product."},)
    claim_id: Mapped[int] = mapped_column(
        ForeignKey(f"{TARIFF}.printed_claim.claim_id"), primary_key=True
    )
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    factor: Mapped[Price]


class ScheduleMention(Base):
    __tablename__ = "schedule_mention"
    __table_args__ = (
        {
            "schema": TARIFF,
            "comment": "One row per schedule that a version's text names, neither carried nor"
            " listed as one it applies to.",
        },
    )
    version_id: Mapped[int] = mapped_column(ForeignKey(VERSION), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    schedule: Mapped[Code] = mapped_column(comment="as printed")
    schedule_id: Mapped[int | None] = mapped_column(
        ForeignKey(SCHEDULE), comment="empty: the reference leads nowhere"
    )
    words: Mapped[Words | None] = mapped_column(comment="what the text says of it")
    sheet_id: Mapped[int] = mapped_column(ForeignKey(SHEET))


class ReaderNote(Base):
    __tablename__ = "reader_note"
    __table_args__ = (
        {"schema": TARIFF, "comment": "One row per remark that only a reader can make."},
    )
    note_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    schedule_id: Mapped[int] = mapped_column(ForeignKey(SCHEDULE))
    version_id: Mapped[int | None] = mapped_column(
        ForeignKey(VERSION), comment="empty: of the schedule as a whole"
    )
    note: Mapped[Words]
    sheet_id: Mapped[int] = mapped_column(ForeignKey(SHEET))


class Acknowledgement(Base):
    __tablename__ = "acknowledgement"
    __table_args__ = (
        {"schema": TARIFF, "comment": "One row per finding of a rule that is known and accepted."},
    )
    acknowledgement_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    schedule_id: Mapped[int] = mapped_column(ForeignKey(SCHEDULE))
    version_id: Mapped[int | None] = mapped_column(
        ForeignKey(VERSION), comment="empty: of whatever version"
    )
    rule: Mapped[Code] = mapped_column(comment="name of the rule of `ratebook lint`")
    subject: Mapped[Code | None] = mapped_column(comment="empty: whatever the rule finds here")
    reason: Mapped[Words]
