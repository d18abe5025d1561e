"""Note whose bills a load can move, what a run starts from, and what a bill was before."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

AMOUNTS = (
    "customer", "energy", "demand", "facilities", "minimum", "discount", "adjustment", "rider",
    "credit", "net", "gross",
)  # fmt: skip
COMMENTS = {"net": "as it was billed before"}


def upgrade() -> None:
    op.create_table(
        "change",
        sa.Column("load_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False, comment="the agreement or utility"),
        sa.Column(
            "first_month",
            sa.Date(),
            nullable=False,
            comment="first billing month whose bill it can move; 0001-01-01: any",
        ),
        sa.CheckConstraint("kind in ('agreement', 'utility')", name=op.f("ck_change_kind")),
        sa.PrimaryKeyConstraint("load_id", "file", "kind", "subject", name=op.f("pk_change")),
        schema="portfolio",
        comment="One row per load, file, and agreement or utility whose rows it changed.",
    )
    op.create_table(
        "bill_history",
        sa.Column("agreement_id", sa.Text(), nullable=False),
        sa.Column("billing_month", sa.Date(), nullable=False),
        sa.Column("replaced_by_run_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "what", sa.Text(), nullable=False, comment="new: there was no bill before that run"
        ),
        sa.Column("run_id", sa.Integer(), nullable=True, comment="the run that had last rated it"),
        sa.Column("schedule", sa.Text(), nullable=True),
        sa.Column("version_effective_from", sa.Date(), nullable=True),
        sa.Column("kwh", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("billing_demand_kw", sa.Numeric(precision=18, scale=6), nullable=True),
        *(
            sa.Column(
                f"{name}_amount",
                sa.Numeric(precision=18, scale=2),
                nullable=True,
                comment=COMMENTS.get(name),
            )
            for name in AMOUNTS
        ),
        sa.Column(
            "difference_amount",
            sa.Numeric(precision=18, scale=2),
            nullable=False,
            comment="net amount after, less before",
        ),
        sa.CheckConstraint(
            "what in ('new', 'changed', 'removed')", name=op.f("ck_bill_history_what")
        ),
        sa.PrimaryKeyConstraint(
            "agreement_id", "billing_month", "replaced_by_run_id", name=op.f("pk_bill_history")
        ),
        schema="rating",
        comment="One row per bill that a later run changed, removed or added.",
    )
    op.add_column(
        "rating_run",
        sa.Column("load_id", sa.Integer(), nullable=True, comment="the last load that it rated"),
        schema="rating",
    )
    op.add_column(
        "rating_run",
        sa.Column(
            "base_run_id",
            sa.Integer(),
            nullable=True,
            comment="the run whose bills stay where nothing changed; blank: all were rated",
        ),
        schema="rating",
    )


def downgrade() -> None:
    op.drop_column("rating_run", "base_run_id", schema="rating")
    op.drop_column("rating_run", "load_id", schema="rating")
    op.drop_table("bill_history", schema="rating")
    op.drop_table("change", schema="portfolio")
