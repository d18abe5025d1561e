"""Keep all of a bill in history: account, read dates, utility, class and season, too."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

COLUMNS = {
    "account_id": sa.Text(),
    "read_from": sa.Date(),
    "read_to": sa.Date(),
    "utility": sa.Text(),
    "customer_class": sa.Text(),
    "season": sa.Text(),
}


def upgrade() -> None:
    for name, kind in COLUMNS.items():
        op.add_column("bill_history", sa.Column(name, kind), schema="rating")
    # What was not kept is taken to have been as it is now.
    op.execute(
        f"update rating.bill_history as old set {', '.join(f'{one} = bill.{one}' for one in COLUMNS)}"
        " from rating.bill as bill where old.agreement_id = bill.agreement_id"
        " and old.billing_month = bill.billing_month and old.what != 'new'"
    )


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_column("bill_history", name, schema="rating")
