"""Say more of quantities: rounding to steps, roots, averaged peaks, opening and closing."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

ROUNDED = ("determinant", "demand_rule")


KINDS = "'attribute', 'season', 'period', 'option', 'contract_year', 'determinant'"
WINDOW = (
    ("average_of", "the highest so many months of the window are averaged", "average_of >= 2"),
    (
        "from_month",
        "the window reaches back to that month of the year at most",
        "from_month between 1 and 12",
    ),
)
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
    for name, comment, check in WINDOW:
        op.add_column(
            "demand_term", sa.Column(name, sa.Integer(), comment=comment), schema="tariff"
        )
        op.create_check_constraint(name, "demand_term", check, schema="tariff")


def downgrade() -> None:
    for name, _, _ in WINDOW:
        op.drop_column("demand_term", name, schema="tariff")
    _admit("kind", "condition", KINDS)
    _admit("operation", "determinant", OPERATIONS)
    for table in ROUNDED:
        op.drop_column(table, "rounding", schema="tariff")
        op.drop_column(table, "rounding_step", schema="tariff")


def _admit(column: str, table: str, values: str) -> None:
    """Let a column of codes hold these and no other."""
    op.drop_constraint(column, table, type_="check", schema="tariff")
    op.create_check_constraint(column, table, f"{column} in ({values})", schema="tariff")
