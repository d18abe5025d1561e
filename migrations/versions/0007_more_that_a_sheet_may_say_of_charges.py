"""Say more of charges: tests of what an attribute is not."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "condition",
        sa.Column(
            "is_negated",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="met by any value but those, or none",
        ),
        schema="tariff",
    )


def downgrade() -> None:
    op.drop_column("condition", "is_negated", schema="tariff")
