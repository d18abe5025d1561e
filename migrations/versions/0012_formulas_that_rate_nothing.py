"""Mark formulas that are held against printed prices and rate no read."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    column = sa.Column(
        "is_check_only", sa.Boolean(), nullable=False, server_default=sa.false(),
        comment="held against printed prices, not rated",
    )  # fmt: skip
    op.add_column("formula", column, schema="tariff")
    op.alter_column("formula", "is_check_only", server_default=None, schema="tariff")


def downgrade() -> None:
    op.drop_column("formula", "is_check_only", schema="tariff")
