"""Say more of charges: what an attribute is not, bases elsewhere, percentages in steps."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

ONE_PERCENT = "(kind = 'percent') = (percent is not null)"
PERCENT_OR_STEPS = "kind = 'percent' or percent is null"
ONE_OF_TWO = "(component is null) <> (charge_code is null)"
ONE_OF_THREE = (
    "(case when component is null then 0 else 1 end)"
    " + (case when charge_code is null then 0 else 1 end)"
    " + (case when schedule_id is null then 0 else 1 end) = 1"
)


def upgrade() -> None:
    op.drop_constraint("percent", "charge", type_="check", schema="tariff")
    op.create_check_constraint("percent", "charge", PERCENT_OR_STEPS, schema="tariff")
    op.add_column(
        "charge_base",
        sa.Column(
            "is_elsewhere",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="the charge is another schedule's, not its own",
        ),
        schema="tariff",
    )
    op.add_column(
        "charge_base",
        sa.Column(
            "schedule_id", sa.Integer(), comment="all earlier lines of a schedule, clause or rider"
        ),
        schema="tariff",
    )
    op.create_foreign_key(
        op.f("fk_charge_base_schedule_id_schedule"),
        "charge_base",
        "schedule",
        ["schedule_id"],
        ["schedule_id"],
        source_schema="tariff",
        referent_schema="tariff",
    )
    op.drop_constraint("one_of_two", "charge_base", type_="check", schema="tariff")
    op.create_check_constraint("one_of_three", "charge_base", ONE_OF_THREE, schema="tariff")
    op.add_column(
        "condition",
        sa.Column(
            "is_negated",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="met by any value but those, or none",
        ),
        schema="tariff",
    )


def downgrade() -> None:
    op.drop_column("condition", "is_negated", schema="tariff")
    op.execute("delete from tariff.charge_base where schedule_id is not null")
    op.drop_constraint("one_of_three", "charge_base", type_="check", schema="tariff")
    op.create_check_constraint("one_of_two", "charge_base", ONE_OF_TWO, schema="tariff")
    op.drop_column("charge_base", "schedule_id", schema="tariff")
    op.drop_column("charge_base", "is_elsewhere", schema="tariff")
    op.execute("update tariff.charge set percent = 0 where kind = 'percent' and percent is null")
    op.drop_constraint("percent", "charge", type_="check", schema="tariff")
    op.create_check_constraint("percent", "charge", ONE_PERCENT, schema="tariff")
