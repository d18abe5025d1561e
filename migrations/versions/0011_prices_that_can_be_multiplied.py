"""Publish prices with 19 digits, as in DuckDB, where 18 overflow when they are multiplied."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

PRICES = {"bill_line_item": "price", "rate_price": "price", "monthly_factor": "factor"}
NARROW, WIDE = sa.Numeric(18, 8), sa.Numeric(19, 8)


def upgrade() -> None:
    for table, column in PRICES.items():
        op.alter_column(table, column, existing_type=NARROW, type_=WIDE, schema="rating")


def downgrade() -> None:
    for table, column in PRICES.items():
        op.alter_column(table, column, existing_type=WIDE, type_=NARROW, schema="rating")
