"""Say more of quantities: a number to divide by, a bank's year, and what is left of the bank."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

OPERATIONS = "'sum', 'product', 'greatest', 'least', 'first_known', 'root_of_squares', 'bank'"
LEFT = "select determinant_id from tariff.determinant where operation = 'bank_left'"


def upgrade() -> None:
    _admit(f"{OPERATIONS}, 'bank_left'")
    op.add_column(
        "determinant",
        sa.Column("divisor", sa.Numeric(18, 6), comment="number that a product is divided by"),
        schema="tariff",
    )
    op.create_check_constraint("divisor", "determinant", "divisor <> 0", schema="tariff")
    op.add_column(
        "determinant",
        sa.Column("from_month", sa.Integer(), comment="month in which a bank's year begins"),
        schema="tariff",
    )
    op.create_check_constraint(
        "from_month", "determinant", "from_month between 1 and 12", schema="tariff"
    )


def downgrade() -> None:
    op.drop_column("determinant", "from_month", schema="tariff")
    op.drop_column("determinant", "divisor", schema="tariff")
    op.execute(f"delete from tariff.determinant_term where determinant_id in ({LEFT})")
    op.execute("delete from tariff.determinant where operation = 'bank_left'")
    _admit(OPERATIONS)


def _admit(operations: str) -> None:
    """Let a determinant have these operations and no other."""
    op.drop_constraint("operation", "determinant", type_="check", schema="tariff")
    op.create_check_constraint(
        "operation", "determinant", f"operation in ({operations})", schema="tariff"
    )
