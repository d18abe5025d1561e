"""Say in the comments of `replaced_row` that it keeps the keys of added rows, too."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

OLD, NEW = (
    {
        "table": "One row per row that a later load replaced or emptied.",
        "load_id": "the load that replaced it",
        "row_key": None,
        "row_data": "the old row as JSON",
    },
    {
        "table": "One row per row that a later load replaced, emptied or added.",
        "load_id": "the load that did it",
        "row_key": "the key as a JSON array",
        "row_data": "the old row as JSON; null: added; of a day of intervals 1 for each quarter added",
    },
)
COLUMNS = {"load_id": sa.Integer(), "row_key": sa.Text(), "row_data": sa.Text()}


def upgrade() -> None:
    _comment(OLD, NEW)


def downgrade() -> None:
    _comment(NEW, OLD)


def _comment(before: dict[str, str | None], after: dict[str, str | None]) -> None:
    op.create_table_comment(
        "replaced_row", after["table"], existing_comment=before["table"], schema="portfolio"
    )
    for name, type_ in COLUMNS.items():
        op.alter_column(
            "replaced_row",
            name,
            existing_type=type_,
            existing_nullable=False,
            comment=after[name],
            existing_comment=before[name],
            schema="portfolio",
        )
