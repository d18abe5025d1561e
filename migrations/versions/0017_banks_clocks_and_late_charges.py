"""Banks that never reset, versions that begin by a day and end by a month, least late charges."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

CLOCKS = "'service_end', 'billing_month'"


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
        "resets = 'yearly' or (resets = 'never' and operation = 'bank' and from_month is null)",
        schema="tariff",
    )
    _admit(f"{CLOCKS}, 'service_end_to_month'")
    op.add_column(
        "version",
        sa.Column(
            "late_charge_minimum",
            sa.Numeric(18, 2),
            comment="gross bill, least dollars above net",
        ),
        schema="tariff",
    )
    op.create_check_constraint(
        "late_charge_minimum",
        "version",
        "late_charge_minimum is null or (late_charge_minimum > 0 and gross_percent is not null)",
        schema="tariff",
    )


def downgrade() -> None:
    op.drop_column("version", "late_charge_minimum", schema="tariff")
    op.execute(
        "update tariff.version set clock = 'billing_month' where clock = 'service_end_to_month'"
    )
    _admit(CLOCKS)
    op.drop_column("determinant", "resets", schema="tariff")


def _admit(clocks: str) -> None:
    """Let a version go by these clocks and no other."""
    op.drop_constraint("clock", "version", type_="check", schema="tariff")
    op.create_check_constraint("clock", "version", f"clock in ({clocks})", schema="tariff")
