"""Keep interval reads, the times of use they are read into, and what they come to."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "interval_duplicate",
        sa.Column("agreement_id", sa.Text(), nullable=False),
        sa.Column(
            "interval_start",
            sa.DateTime(),
            nullable=False,
            comment="UTC; all its rows were rejected",
        ),
        sa.PrimaryKeyConstraint(
            "agreement_id", "interval_start", name=op.f("pk_interval_duplicate")
        ),
        schema="portfolio",
        comment="One row per interval that the last load to have it had several times.",
    )
    op.create_table(
        "interval_read",
        sa.Column("agreement_id", sa.Text(), nullable=False),
        sa.Column("interval_start", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column("interval_minutes", sa.Integer(), nullable=False),
        sa.Column(
            "kwh", sa.Numeric(precision=18, scale=6), nullable=True, comment="delivered, kWh"
        ),
        sa.Column(
            "kwh_received",
            sa.Numeric(precision=18, scale=6),
            nullable=True,
            comment="from the customer, kWh",
        ),
        sa.CheckConstraint(
            "interval_minutes in (15, 30, 60)", name=op.f("ck_interval_read_interval_minutes")
        ),
        sa.CheckConstraint("kwh >= 0", name=op.f("ck_interval_read_kwh")),
        sa.CheckConstraint("kwh_received >= 0", name=op.f("ck_interval_read_kwh_received")),
        sa.PrimaryKeyConstraint("agreement_id", "interval_start", name=op.f("pk_interval_read")),
        schema="portfolio",
        comment="One row per agreement and interval read.",
    )
    op.create_table(
        "interval_coverage",
        sa.Column("agreement_id", sa.Text(), nullable=False),
        sa.Column("billing_month", sa.Date(), nullable=False),
        sa.Column(
            "interval_minutes",
            sa.Integer(),
            nullable=False,
            comment="the shortest interval of the period",
        ),
        sa.Column(
            "expected_intervals", sa.Integer(), nullable=False, comment="of that length, local days"
        ),
        sa.Column(
            "missing_intervals", sa.Integer(), nullable=False, comment="of that length, without kWh"
        ),
        sa.Column(
            "overlapping_intervals",
            sa.Integer(),
            nullable=False,
            comment="of that length, read twice",
        ),
        sa.Column(
            "duplicate_intervals",
            sa.Integer(),
            nullable=False,
            comment="rejected, for their rows repeat",
        ),
        sa.Column(
            "is_complete",
            sa.Boolean(),
            nullable=False,
            comment="nothing is missing, nothing overlaps",
        ),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("agreement_id", "billing_month", name=op.f("pk_interval_coverage")),
        schema="rating",
        comment="One row per agreement and billing month with interval reads.",
    )
    op.create_table(
        "interval_determinant",
        sa.Column("agreement_id", sa.Text(), nullable=False),
        sa.Column("billing_month", sa.Date(), nullable=False),
        sa.Column("determinant", sa.Text(), nullable=False),
        sa.Column(
            "interval_quantity",
            sa.Numeric(precision=18, scale=6),
            nullable=False,
            comment="what the intervals come to",
        ),
        sa.Column(
            "read_quantity",
            sa.Numeric(precision=18, scale=6),
            nullable=True,
            comment="what the meter read says",
        ),
        sa.Column(
            "difference",
            sa.Numeric(precision=18, scale=6),
            nullable=True,
            comment="read less intervals",
        ),
        sa.Column("source", sa.Text(), nullable=False, comment="which of the two is billed"),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "source in ('read', 'intervals', 'none')", name=op.f("ck_interval_determinant_source")
        ),
        sa.PrimaryKeyConstraint(
            "agreement_id", "billing_month", "determinant", name=op.f("pk_interval_determinant")
        ),
        schema="rating",
        comment="One row per agreement, billing month and determinant of interval reads.",
    )
    op.create_table(
        "holiday",
        sa.Column("utility", sa.Text(), nullable=False),
        sa.Column("holiday", sa.Text(), nullable=False, comment="its name"),
        sa.Column("holiday_date", sa.Date(), nullable=False, comment="by the calendar"),
        sa.Column(
            "observed_date",
            sa.Date(),
            nullable=False,
            comment="the day it is kept on, which counts",
        ),
        sa.ForeignKeyConstraint(
            ["utility"], ["tariff.utility.utility"], name=op.f("fk_holiday_utility_utility")
        ),
        sa.PrimaryKeyConstraint("utility", "holiday", "holiday_date", name=op.f("pk_holiday")),
        schema="tariff",
        comment="One row per utility, holiday and its date.",
    )
    op.create_table(
        "time_of_use",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column(
            "demand_minutes",
            sa.Integer(),
            nullable=False,
            comment="kW is an average over so long, or over an interval that is longer",
        ),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("ruling", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "demand_minutes in (15, 30, 60)", name=op.f("ck_time_of_use_demand_minutes")
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["tariff.sheet.sheet_id"], name=op.f("fk_time_of_use_sheet_id_sheet")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["tariff.version.version_id"],
            name=op.f("fk_time_of_use_version_id_version"),
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_time_of_use")),
        schema="tariff",
        comment="One row per version that says how intervals are read.",
    )
    op.create_table(
        "time_of_use_holiday",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("holiday", sa.Text(), nullable=False, comment="of the utility's holidays"),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["tariff.time_of_use.version_id"],
            name=op.f("fk_time_of_use_holiday_version_id_time_of_use"),
        ),
        sa.PrimaryKeyConstraint("version_id", "holiday", name=op.f("pk_time_of_use_holiday")),
        schema="tariff",
        comment="One row per holiday that is no other day of the week.",
    )
    op.create_table(
        "time_of_use_period",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("period", sa.Text(), nullable=False, comment="P of the determinants kwh_P, kw_P"),
        sa.Column("from_minute", sa.Integer(), nullable=False, comment="after local midnight"),
        sa.Column(
            "to_minute",
            sa.Integer(),
            nullable=False,
            comment="first minute that no longer counts; at or before from_minute: over midnight",
        ),
        sa.CheckConstraint("from_minute <> to_minute", name=op.f("ck_time_of_use_period_hours")),
        sa.CheckConstraint(
            "from_minute between 0 and 1439 and to_minute between 1 and 1440",
            name=op.f("ck_time_of_use_period_minutes"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["tariff.time_of_use.version_id"],
            name=op.f("fk_time_of_use_period_version_id_time_of_use"),
        ),
        sa.PrimaryKeyConstraint("version_id", "ordinal", name=op.f("pk_time_of_use_period")),
        schema="tariff",
        comment="One row per window of a period; the first match counts.",
    )
    op.create_table(
        "time_of_use_day",
        sa.Column("version_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "day_kind",
            sa.Text(),
            nullable=False,
            comment="monday … sunday, where it is no holiday; holiday",
        ),
        sa.CheckConstraint(
            "day_kind in ('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday', 'holiday')",
            name=op.f("ck_time_of_use_day_day_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id", "ordinal"],
            ["tariff.time_of_use_period.version_id", "tariff.time_of_use_period.ordinal"],
            name=op.f("fk_time_of_use_day_version_id_ordinal_time_of_use_period"),
        ),
        sa.PrimaryKeyConstraint(
            "version_id", "ordinal", "day_kind", name=op.f("pk_time_of_use_day")
        ),
        schema="tariff",
        comment="One row per window and kind of day it is open on.",
    )
    op.create_table(
        "time_of_use_month",
        sa.Column("version_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Integer(), autoincrement=False, nullable=False),
        sa.CheckConstraint("month between 1 and 12", name=op.f("ck_time_of_use_month_month")),
        sa.ForeignKeyConstraint(
            ["version_id", "ordinal"],
            ["tariff.time_of_use_period.version_id", "tariff.time_of_use_period.ordinal"],
            name=op.f("fk_time_of_use_month_version_id_ordinal_time_of_use_period"),
        ),
        sa.PrimaryKeyConstraint(
            "version_id", "ordinal", "month", name=op.f("pk_time_of_use_month")
        ),
        schema="tariff",
        comment="One row per window and calendar month it is open in.",
    )


def downgrade() -> None:
    op.drop_table("time_of_use_month", schema="tariff")
    op.drop_table("time_of_use_day", schema="tariff")
    op.drop_table("time_of_use_period", schema="tariff")
    op.drop_table("time_of_use_holiday", schema="tariff")
    op.drop_table("time_of_use", schema="tariff")
    op.drop_table("holiday", schema="tariff")
    op.drop_table("interval_determinant", schema="rating")
    op.drop_table("interval_coverage", schema="rating")
    op.drop_table("interval_read", schema="portfolio")
    op.drop_table("interval_duplicate", schema="portfolio")
