"""Tell units without watts, such as poles, from lamps."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "charge",
        sa.Column(
            "is_lamp",
            sa.Boolean(),
            nullable=False,
            server_default=sa.true(),
            comment="units of the code have watts",
        ),
        schema="tariff",
    )
    op.alter_column("charge", "is_lamp", server_default=None, schema="tariff")


def downgrade() -> None:
    op.drop_column("charge", "is_lamp", schema="tariff")
