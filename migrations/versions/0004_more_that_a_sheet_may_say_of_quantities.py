"""Say more of quantities: rounding to steps, clauses on opening and closing periods."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

ROUNDED = ("determinant", "demand_rule")


KINDS = "'attribute', 'season', 'period', 'option', 'contract_year', 'determinant'"


def upgrade() -> None:
    _admit_kinds(f"{KINDS}, 'opening', 'closing'")
    for table in ROUNDED:
        op.add_column(
            table,
            sa.Column(
                "rounding_step",
                sa.Numeric(18, 6),
                comment="rounded to its multiples, not to decimals",
            ),
            schema="tariff",
        )
        op.add_column(
            table,
            sa.Column(
                "rounding",
                sa.Text(),
                server_default="nearest",
                nullable=False,
                comment="nearest: half away from zero; up; down",
            ),
            schema="tariff",
        )
        op.create_check_constraint(
            "rounding", table, "rounding in ('nearest', 'up', 'down')", schema="tariff"
        )
        op.create_check_constraint("rounding_step", table, "rounding_step > 0", schema="tariff")


def downgrade() -> None:
    _admit_kinds(KINDS)
    for table in ROUNDED:
        op.drop_column(table, "rounding", schema="tariff")
        op.drop_column(table, "rounding_step", schema="tariff")


def _admit_kinds(kinds: str) -> None:
    """Let `condition` hold tests of these kinds and of no other."""
    op.drop_constraint("kind", "condition", type_="check", schema="tariff")
    op.create_check_constraint("kind", "condition", f"kind in ({kinds})", schema="tariff")
