"""Find one month of one schedule, and where a ratchet binds, without reading every bill."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_bill_schedule", "bill", ["schedule", "billing_month"], schema="rating")
    op.create_index(
        "ix_billing_demand_ratchet",
        "billing_demand",
        ["billing_month", "agreement_id"],
        schema="rating",
        postgresql_where=sa.text("binding = 'ratchet'"),
    )


def downgrade() -> None:
    op.drop_index("ix_billing_demand_ratchet", "billing_demand", schema="rating")
    op.drop_index("ix_bill_schedule", "bill", schema="rating")
