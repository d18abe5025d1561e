"""Give cost inputs the eight decimals of a price, and two comments the spelling of the pages."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

SIX, EIGHT = sa.Numeric(18, 6), sa.Numeric(20, 8)


def upgrade() -> None:
    op.alter_column("rider_cost_input", "value", existing_type=SIX, type_=EIGHT, schema="portfolio")
    _comment("enrollment", "enrolment")


def downgrade() -> None:
    op.alter_column("rider_cost_input", "value", existing_type=EIGHT, type_=SIX, schema="portfolio")
    _comment("enrolment", "enrollment")


def _comment(word: str, old: str) -> None:
    grain, closed = "One row per agreement, rider and start of {}.", "no {} from this day on"
    op.create_table_comment(
        "rider_enrollment", grain.format(word), existing_comment=grain.format(old),
        schema="portfolio",
    )  # fmt: skip
    op.alter_column(
        "version", "closed_from", comment=closed.format(word),
        existing_comment=closed.format(old), existing_type=sa.Date(), schema="tariff",
    )  # fmt: skip
