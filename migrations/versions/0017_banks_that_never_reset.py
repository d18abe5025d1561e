"""Banks that carry their excess on for ever."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "determinant",
        sa.Column(
            "resets",
            sa.Text(),
            nullable=False,
            server_default="yearly",
            comment="when a bank begins at zero: yearly, never",
        ),
        schema="tariff",
    )
    op.alter_column("determinant", "resets", server_default=None, schema="tariff")
    op.create_check_constraint(
        "resets",
        "determinant",
        "resets = 'yearly'"
        " or (resets = 'never' and operation = 'bank' and from_month is null)",
        schema="tariff",
    )


def downgrade() -> None:
    op.drop_column("determinant", "resets", schema="tariff")
