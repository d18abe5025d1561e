"""Hold the components of lines and prices, percentages of ratchets, and counts of units."""

from collections.abc import Sequence

from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

OF_A_COMPONENT = (
    "component in ('customer', 'energy', 'demand', 'facilities', 'minimum', 'discount',"
    " 'adjustment', 'rider', 'credit')"
)
# (schema, table, name, condition)
CHECKS = [
    ("rating", "bill_line_item", "component", OF_A_COMPONENT),
    ("rating", "rate_price", "component", OF_A_COMPONENT),
    ("rating", "rate_version", "range", "effective_to > effective_from"),
    ("rating", "billing_demand", "ratchet_percent", "ratchet_percent >= 0"),
    ("rating", "rating_run", "from_month", "extract(day from from_month) = 1"),
    ("rating", "rating_run", "to_month", "extract(day from to_month) = 1"),
    ("portfolio", "unit_inventory", "quantity", "quantity >= 0"),
    ("portfolio", "rider_enrollment", "quantity", "quantity >= 0"),
]


def upgrade() -> None:
    for schema, table, name, condition in CHECKS:
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition, schema=schema)


def downgrade() -> None:
    for schema, table, name, _ in CHECKS:
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table, schema=schema)
