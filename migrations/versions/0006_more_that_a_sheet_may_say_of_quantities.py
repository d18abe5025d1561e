"""Say more of quantities: rounding to steps, roots, clauses on opening and closing periods."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

ROUNDED = ("determinant", "demand_rule")


KINDS = "'attribute', 'season', 'period', 'option', 'contract_year', 'determinant'"
OPERATIONS = "'sum', 'product', 'greatest', 'least', 'first_known', 'bank'"


def upgrade() -> None:
    _admit("kind", "condition", f"{KINDS}, 'opening', 'closing'")
    _admit("operation", "determinant", f"{OPERATIONS}, 'root_of_squares'")
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
    _admit("kind", "condition", KINDS)
    _admit("operation", "determinant", OPERATIONS)
    for table in ROUNDED:
        op.drop_column(table, "rounding", schema="tariff")
        op.drop_column(table, "rounding_step", schema="tariff")


def _admit(column: str, table: str, values: str) -> None:
    """Let a column of codes hold these and no other."""
    op.drop_constraint(column, table, type_="check", schema="tariff")
    op.create_check_constraint(column, table, f"{column} in ({values})", schema="tariff")
