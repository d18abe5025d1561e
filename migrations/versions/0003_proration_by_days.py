"""Let a version prorate a change of rates or of seasons within a period by days."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

COLUMNS = {
    "prorates_rates": "a change of rates within a period counts by days",
    "prorates_seasons": "a change of season within a period counts by days",
}


def upgrade() -> None:
    for name, comment in COLUMNS.items():
        op.add_column(
            "version",
            sa.Column(
                name,
                sa.Boolean(),
                server_default=sa.text("false"),
                nullable=False,
                comment=comment,
            ),
            schema="tariff",
        )


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_column("version", name, schema="tariff")
