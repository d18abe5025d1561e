"""Make the tables of the tariffs, of the portfolio and of the published bills."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

SCHEMAS = ("tariff", "portfolio", "rating")


def upgrade() -> None:
    op.execute("create extension if not exists btree_gist")
    for schema in SCHEMAS:
        op.execute(f"create schema if not exists {schema}")
    op.create_table(
        "billed_amount",
        sa.Column("agreement_id", sa.Text(), nullable=False),
        sa.Column("billing_month", sa.Date(), nullable=False),
        sa.Column("billed_net_amount", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("customer_amount", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("energy_amount", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("demand_amount", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("facilities_amount", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("minimum_amount", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("discount_amount", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("adjustment_amount", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("rider_amount", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("credit_amount", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.CheckConstraint(
            "extract(day from billing_month) = 1", name=op.f("ck_billed_amount_billing_month")
        ),
        sa.PrimaryKeyConstraint("agreement_id", "billing_month", name=op.f("pk_billed_amount")),
        schema="portfolio",
        comment="One row per agreement, billing month: what the billing system charged.",
    )
    op.create_table(
        "load",
        sa.Column("load_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column(
            "is_replacing", sa.Boolean(), nullable=False, comment="the portfolio was emptied first"
        ),
        sa.PrimaryKeyConstraint("load_id", name=op.f("pk_load")),
        schema="portfolio",
        comment="One row per loaded portfolio folder.",
    )
    op.create_table(
        "meter_read",
        sa.Column("agreement_id", sa.Text(), nullable=False),
        sa.Column("billing_month", sa.Date(), nullable=False),
        sa.Column("read_from", sa.Date(), nullable=False, comment="first day of service"),
        sa.Column(
            "read_to", sa.Date(), nullable=False, comment="day after the last day of service"
        ),
        sa.Column(
            "kwh", sa.Numeric(precision=18, scale=6), nullable=True, comment="delivered, kWh"
        ),
        sa.Column(
            "kwh_received",
            sa.Numeric(precision=18, scale=6),
            nullable=True,
            comment="from the customer, kWh",
        ),
        sa.Column("kwh_on_peak", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("kwh_off_peak", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column(
            "kw", sa.Numeric(precision=18, scale=6), nullable=True, comment="maximum measured, kW"
        ),
        sa.Column("kw_on_peak", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("kw_off_peak", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column(
            "power_factor", sa.Numeric(precision=18, scale=6), nullable=True, comment="fraction"
        ),
        sa.Column(
            "kwh_interruption",
            sa.Numeric(precision=18, scale=6),
            nullable=True,
            comment="used while interrupted",
        ),
        sa.CheckConstraint(
            "extract(day from billing_month) = 1", name=op.f("ck_meter_read_billing_month")
        ),
        sa.CheckConstraint("kwh >= 0", name=op.f("ck_meter_read_kwh")),
        sa.CheckConstraint(
            "power_factor > 0 and power_factor <= 1", name=op.f("ck_meter_read_power_factor")
        ),
        sa.CheckConstraint("read_to > read_from", name=op.f("ck_meter_read_range")),
        sa.PrimaryKeyConstraint("agreement_id", "billing_month", name=op.f("pk_meter_read")),
        schema="portfolio",
        comment="One row per agreement and billing month read.",
    )
    op.create_table(
        "meter_read_quantity",
        sa.Column("agreement_id", sa.Text(), nullable=False),
        sa.Column("billing_month", sa.Date(), nullable=False),
        sa.Column("determinant", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.CheckConstraint(
            "extract(day from billing_month) = 1", name=op.f("ck_meter_read_quantity_billing_month")
        ),
        sa.PrimaryKeyConstraint(
            "agreement_id", "billing_month", "determinant", name=op.f("pk_meter_read_quantity")
        ),
        schema="portfolio",
        comment="One row per further determinant of a read (kvar, kva, kw_coincident …).",
    )
    op.create_table(
        "replaced_row",
        sa.Column(
            "load_id",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="the load that replaced it",
        ),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_data", sa.Text(), nullable=False, comment="the old row as JSON"),
        sa.PrimaryKeyConstraint("load_id", "file", "row_key", name=op.f("pk_replaced_row")),
        schema="portfolio",
        comment="One row per row that a later load replaced or emptied.",
    )
    op.create_table(
        "rider_enrollment",
        sa.Column("agreement_id", sa.Text(), nullable=False),
        sa.Column("rider", sa.Text(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("option", sa.Text(), nullable=True, comment="column of the rider's table"),
        sa.Column(
            "quantity",
            sa.Numeric(precision=18, scale=6),
            nullable=True,
            comment="blocks, kW of participation …",
        ),
        sa.CheckConstraint("end_date > start_date", name=op.f("ck_rider_enrollment_range")),
        sa.PrimaryKeyConstraint(
            "agreement_id", "rider", "start_date", name=op.f("pk_rider_enrollment")
        ),
        schema="portfolio",
        comment="One row per agreement, rider and start of enrolment.",
    )
    op.create_table(
        "service_agreement_attribute",
        sa.Column("agreement_id", sa.Text(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("attribute", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "agreement_id", "start_date", "attribute", name=op.f("pk_service_agreement_attribute")
        ),
        schema="portfolio",
        comment="One row per further attribute of an agreement's stretch of terms.",
    )
    op.create_table(
        "unit_inventory",
        sa.Column("agreement_id", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column(
            "input_watts",
            sa.Numeric(precision=18, scale=6),
            nullable=False,
            comment="a lamp's, ballast included; 0 where blank",
        ),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.CheckConstraint("end_date > start_date", name=op.f("ck_unit_inventory_range")),
        sa.CheckConstraint("input_watts >= 0", name=op.f("ck_unit_inventory_input_watts")),
        sa.PrimaryKeyConstraint(
            "agreement_id", "unit_code", "input_watts", "start_date", name=op.f("pk_unit_inventory")
        ),
        schema="portfolio",
        comment="One row per agreement, unit code, input watts and start.",
    )
    op.create_table(
        "bill",
        sa.Column("agreement_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=True),
        sa.Column("billing_month", sa.Date(), nullable=False),
        sa.Column("read_from", sa.Date(), nullable=False),
        sa.Column("read_to", sa.Date(), nullable=False),
        sa.Column("utility", sa.Text(), nullable=False),
        sa.Column("customer_class", sa.Text(), nullable=True),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("version_effective_from", sa.Date(), nullable=False),
        sa.Column("season", sa.Text(), nullable=True),
        sa.Column(
            "kwh",
            sa.Numeric(precision=18, scale=6),
            nullable=True,
            comment="billed, after netting and uplift",
        ),
        sa.Column("billing_demand_kw", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("customer_amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("energy_amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("demand_amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("facilities_amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("minimum_amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("discount_amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("adjustment_amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("rider_amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("credit_amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("net_amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column(
            "gross_amount",
            sa.Numeric(precision=18, scale=2),
            nullable=False,
            comment="what is due after the due date",
        ),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("agreement_id", "billing_month", name=op.f("pk_bill")),
        schema="rating",
        comment="One row per agreement and billing month that was billed.",
    )
    op.create_table(
        "bill_line_item",
        sa.Column("agreement_id", sa.Text(), nullable=False),
        sa.Column("billing_month", sa.Date(), nullable=False),
        sa.Column(
            "line_no",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="rises down the bill, with gaps",
        ),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("schedule_or_rider", sa.Text(), nullable=False),
        sa.Column("version_effective_from", sa.Date(), nullable=False),
        sa.Column("charge_code", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("step_no", sa.Integer(), nullable=False),
        sa.Column("determinant", sa.Text(), nullable=True),
        sa.Column("quantity", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("price", sa.Numeric(precision=18, scale=8), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("source_document", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "agreement_id", "billing_month", "line_no", name=op.f("pk_bill_line_item")
        ),
        schema="rating",
        comment="One row per line of a bill.",
    )
    op.create_table(
        "billing_demand",
        sa.Column("agreement_id", sa.Text(), nullable=False),
        sa.Column("billing_month", sa.Date(), nullable=False),
        sa.Column("demand_name", sa.Text(), nullable=False),
        sa.Column("measured_kw", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("adjusted_kw", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column(
            "ratchet_kw",
            sa.Numeric(precision=18, scale=6),
            nullable=True,
            comment="percentage of the peak",
        ),
        sa.Column("ratchet_month", sa.Date(), nullable=True, comment="latest month with the peak"),
        sa.Column("ratchet_percent", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("floor_kw", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("unrounded_kw", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("demand_kw", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("binding", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "binding in ('measured', 'ratchet', 'floor', 'contract', 'cap')",
            name=op.f("ck_billing_demand_binding"),
        ),
        sa.PrimaryKeyConstraint(
            "agreement_id", "billing_month", "demand_name", name=op.f("pk_billing_demand")
        ),
        schema="rating",
        comment="One row per agreement, billing month and demand.",
    )
    op.create_table(
        "monthly_factor",
        sa.Column("utility", sa.Text(), nullable=False),
        sa.Column("rider", sa.Text(), nullable=False),
        sa.Column("billing_month", sa.Date(), nullable=False),
        sa.Column("factor", sa.Numeric(precision=18, scale=8), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column(
            "inputs", sa.Text(), nullable=False, comment="variable=value, in the order of the sheet"
        ),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "utility", "rider", "billing_month", name=op.f("pk_monthly_factor")
        ),
        schema="rating",
        comment="One row per utility, rider and billing month.",
    )
    op.create_table(
        "rate_price",
        sa.Column("utility", sa.Text(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("version_effective_from", sa.Date(), nullable=False),
        sa.Column(
            "price_no",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="order of the prices on the sheet",
        ),
        sa.Column("season", sa.Text(), nullable=True),
        sa.Column("charge_code", sa.Text(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("step_no", sa.Integer(), nullable=False),
        sa.Column("from_quantity", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("to_quantity", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("limit_unit", sa.Text(), nullable=True),
        sa.Column("price", sa.Numeric(precision=18, scale=8), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False, comment="$/kWh, $/kW, $/month, $ flat …"),
        sa.Column("condition", sa.Text(), nullable=True),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "utility", "schedule", "version_effective_from", "price_no", name=op.f("pk_rate_price")
        ),
        schema="rating",
        comment="One row per priced step.",
    )
    op.create_table(
        "rate_schedule",
        sa.Column("utility", sa.Text(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("utility", "schedule", name=op.f("pk_rate_schedule")),
        schema="rating",
        comment="One row per schedule.",
    )
    op.create_table(
        "rate_version",
        sa.Column("utility", sa.Text(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("unconfirmed_from", sa.Date(), nullable=True),
        sa.Column("source_document", sa.Text(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "utility", "schedule", "effective_from", name=op.f("pk_rate_version")
        ),
        schema="rating",
        comment="One row per version of a schedule.",
    )
    op.create_table(
        "rating_run",
        sa.Column("run_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("code_version", sa.Text(), nullable=False),
        sa.Column("from_month", sa.Date(), nullable=True),
        sa.Column("to_month", sa.Date(), nullable=True),
        sa.Column("tariff_hash", sa.Text(), nullable=True),
        sa.Column("portfolio_hash", sa.Text(), nullable=True),
        sa.Column("reads", sa.Integer(), nullable=True),
        sa.Column("bills", sa.Integer(), nullable=True),
        sa.Column("unbilled", sa.Integer(), nullable=True),
        sa.Column("net_amount", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "status in ('running', 'failed', 'published')", name=op.f("ck_rating_run_status")
        ),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_rating_run")),
        schema="rating",
        comment="One row per rating run.",
    )
    op.create_table(
        "reconciliation",
        sa.Column("run_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("check_name", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False, comment="all, or utility and schedule"),
        sa.Column("expected", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("actual", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("difference", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.CheckConstraint("status in ('pass', 'fail')", name=op.f("ck_reconciliation_status")),
        sa.PrimaryKeyConstraint("run_id", "check_name", "scope", name=op.f("pk_reconciliation")),
        schema="rating",
        comment="One row per check of a run and scope.",
    )
    op.create_table(
        "rejected_row",
        sa.Column("load_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column(
            "source_row_number",
            sa.Integer(),
            nullable=False,
            comment="1 is the first row after the header",
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("row_data", sa.Text(), nullable=False, comment="the row as JSON, as it was read"),
        sa.PrimaryKeyConstraint(
            "load_id", "file", "source_row_number", name=op.f("pk_rejected_row")
        ),
        schema="rating",
        comment="One row per row of a portfolio file that did not load.",
    )
    op.create_table(
        "unbilled_read",
        sa.Column("agreement_id", sa.Text(), nullable=False),
        sa.Column("billing_month", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "reason in ('combined', 'no_rate_in_force', 'no_agreement', 'missing_determinant', 'unknown_schedule')",
            name=op.f("ck_unbilled_read_reason"),
        ),
        sa.PrimaryKeyConstraint("agreement_id", "billing_month", name=op.f("pk_unbilled_read")),
        schema="rating",
        comment="One row per read without a bill of its own.",
    )
    op.create_table(
        "utility",
        sa.Column("utility", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=False, comment="IANA name, for interval reads"),
        sa.PrimaryKeyConstraint("utility", name=op.f("pk_utility")),
        schema="tariff",
        comment="One row per utility.",
    )
    op.create_table(
        "lighting_hours",
        sa.Column("utility", sa.Text(), nullable=False),
        sa.Column("billing_month", sa.Date(), nullable=False),
        sa.Column(
            "hours", sa.Numeric(precision=18, scale=6), nullable=True, comment="dusk to dawn, hours"
        ),
        sa.CheckConstraint(
            "extract(day from billing_month) = 1", name=op.f("ck_lighting_hours_billing_month")
        ),
        sa.CheckConstraint("hours >= 0", name=op.f("ck_lighting_hours_hours")),
        sa.ForeignKeyConstraint(
            ["utility"], ["tariff.utility.utility"], name=op.f("fk_lighting_hours_utility_utility")
        ),
        sa.PrimaryKeyConstraint("utility", "billing_month", name=op.f("pk_lighting_hours")),
        schema="portfolio",
        comment="One row per utility and billing month.",
    )
    op.create_table(
        "load_file",
        sa.Column("load_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("rows_loaded", sa.Integer(), nullable=False),
        sa.Column("rows_rejected", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["load_id"], ["portfolio.load.load_id"], name=op.f("fk_load_file_load_id_load")
        ),
        sa.PrimaryKeyConstraint("load_id", "file", name=op.f("pk_load_file")),
        schema="portfolio",
        comment="One row per file of a load.",
    )
    op.create_table(
        "rider_cost_input",
        sa.Column("utility", sa.Text(), nullable=False),
        sa.Column("rider", sa.Text(), nullable=False),
        sa.Column("billing_month", sa.Date(), nullable=False),
        sa.Column("variable", sa.Text(), nullable=False),
        sa.Column("value", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.CheckConstraint(
            "extract(day from billing_month) = 1", name=op.f("ck_rider_cost_input_billing_month")
        ),
        sa.ForeignKeyConstraint(
            ["utility"],
            ["tariff.utility.utility"],
            name=op.f("fk_rider_cost_input_utility_utility"),
        ),
        sa.PrimaryKeyConstraint(
            "utility", "rider", "billing_month", "variable", name=op.f("pk_rider_cost_input")
        ),
        schema="portfolio",
        comment="One row per utility, rider, billing month and variable of its formula.",
    )
    op.create_table(
        "service_agreement",
        sa.Column("agreement_id", sa.Text(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=True, comment="first day that no longer counts"),
        sa.Column("account_id", sa.Text(), nullable=True),
        sa.Column("utility", sa.Text(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False, comment="may be one that no tariff holds"),
        sa.Column("customer_class", sa.Text(), nullable=True),
        sa.Column("voltage", sa.Text(), nullable=True),
        sa.Column("phase", sa.Text(), nullable=True),
        sa.Column("space_heating", sa.Boolean(), nullable=False),
        sa.Column("water_heating", sa.Boolean(), nullable=False),
        sa.Column("all_electric", sa.Boolean(), nullable=False),
        sa.Column("secondary_metered", sa.Boolean(), nullable=False),
        sa.Column("customer_owned_transformation", sa.Boolean(), nullable=False),
        sa.Column(
            "extra_facilities_investment",
            sa.Numeric(precision=18, scale=2),
            nullable=True,
            comment="dollars",
        ),
        sa.Column(
            "backup_firm_kw",
            sa.Numeric(precision=18, scale=6),
            nullable=True,
            comment="contracted kW",
        ),
        sa.Column("combined_with_agreement_id", sa.Text(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("agreement_id"), "="),
            (sa.text("daterange(start_date, end_date)"), "&&"),
            using="gist",
            name="ex_service_agreement_range",
        ),
        sa.CheckConstraint("backup_firm_kw >= 0", name=op.f("ck_service_agreement_backup_firm_kw")),
        sa.CheckConstraint("end_date > start_date", name=op.f("ck_service_agreement_range")),
        sa.CheckConstraint(
            "extra_facilities_investment >= 0", name=op.f("ck_service_agreement_investment")
        ),
        sa.ForeignKeyConstraint(
            ["utility"],
            ["tariff.utility.utility"],
            name=op.f("fk_service_agreement_utility_utility"),
        ),
        sa.PrimaryKeyConstraint("agreement_id", "start_date", name=op.f("pk_service_agreement")),
        schema="portfolio",
        comment="One row per agreement and stretch of time with the same terms.",
    )
    op.create_table(
        "agreement_determinant",
        sa.Column("utility", sa.Text(), nullable=False),
        sa.Column("operand", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["utility"],
            ["tariff.utility.utility"],
            name=op.f("fk_agreement_determinant_utility_utility"),
        ),
        sa.PrimaryKeyConstraint("utility", "operand", name=op.f("pk_agreement_determinant")),
        schema="tariff",
        comment="One row per further numeric attribute of agreements.",
    )
    op.create_table(
        "schedule",
        sa.Column("schedule_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("utility", sa.Text(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False, comment="designation as printed"),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind in ('rate', 'lighting', 'rider', 'adjustment')", name=op.f("ck_schedule_kind")
        ),
        sa.ForeignKeyConstraint(
            ["utility"], ["tariff.utility.utility"], name=op.f("fk_schedule_utility_utility")
        ),
        sa.PrimaryKeyConstraint("schedule_id", name=op.f("pk_schedule")),
        sa.UniqueConstraint("utility", "schedule", name=op.f("uq_schedule_utility_schedule")),
        schema="tariff",
        comment="One row per schedule, rider or adjustment clause.",
    )
    op.create_table(
        "source_document",
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("utility", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True, comment="the date on the book's cover"),
        sa.ForeignKeyConstraint(
            ["utility"], ["tariff.utility.utility"], name=op.f("fk_source_document_utility_utility")
        ),
        sa.PrimaryKeyConstraint("document", name=op.f("pk_source_document")),
        schema="tariff",
        comment="One row per printed rate book.",
    )
    op.create_table(
        "sheet",
        sa.Column("sheet_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False, comment="as printed: T-9, p. 4"),
        sa.Column("ordinance", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document"],
            ["tariff.source_document.document"],
            name=op.f("fk_sheet_document_source_document"),
        ),
        sa.PrimaryKeyConstraint("sheet_id", name=op.f("pk_sheet")),
        sa.UniqueConstraint(
            "document",
            "page",
            "ordinance",
            name=op.f("uq_sheet_document_page_ordinance"),
            postgresql_nulls_not_distinct=True,
        ),
        schema="tariff",
        comment="One row per cited page of a book.",
    )
    op.create_table(
        "version",
        sa.Column("version_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("schedule_id", sa.Integer(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True, comment="first day it no longer holds"),
        sa.Column(
            "clock", sa.Text(), nullable=False, comment="what dates a period: last day or label"
        ),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_reason", sa.Text(), nullable=True),
        sa.Column(
            "unconfirmed_from", sa.Date(), nullable=True, comment="no text found from here on"
        ),
        sa.Column(
            "gross_percent",
            sa.Numeric(precision=18, scale=6),
            nullable=True,
            comment="gross bill, % of net",
        ),
        sa.Column("moves_fuel_into_base", sa.Boolean(), nullable=False),
        sa.Column("closed_from", sa.Date(), nullable=True, comment="no enrolment from this day on"),
        sa.Column("last_verified_on", sa.Date(), nullable=True),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("ruling", sa.Text(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("schedule_id"), "="),
            (sa.text("daterange(effective_from, effective_to)"), "&&"),
            using="gist",
            name="ex_version_schedule_id_range",
        ),
        sa.CheckConstraint(
            "clock in ('service_end', 'billing_month')", name=op.f("ck_version_clock")
        ),
        sa.CheckConstraint(
            "status in ('complete', 'incomplete', 'unconfirmed')", name=op.f("ck_version_status")
        ),
        sa.CheckConstraint("effective_to > effective_from", name=op.f("ck_version_range")),
        sa.CheckConstraint("gross_percent >= 100", name=op.f("ck_version_gross_percent")),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            ["tariff.schedule.schedule_id"],
            name=op.f("fk_version_schedule_id_schedule"),
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["tariff.sheet.sheet_id"], name=op.f("fk_version_sheet_id_sheet")
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_version")),
        sa.UniqueConstraint(
            "schedule_id", "effective_from", name=op.f("uq_version_schedule_id_effective_from")
        ),
        schema="tariff",
        comment="One row per schedule and stretch of time it holds.",
    )
    op.create_table(
        "acknowledgement",
        sa.Column("acknowledgement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("schedule_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True, comment="empty: of whatever version"),
        sa.Column("rule", sa.Text(), nullable=False, comment="name of the rule of `ratebook lint`"),
        sa.Column(
            "subject", sa.Text(), nullable=True, comment="empty: whatever the rule finds here"
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            ["tariff.schedule.schedule_id"],
            name=op.f("fk_acknowledgement_schedule_id_schedule"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["tariff.version.version_id"],
            name=op.f("fk_acknowledgement_version_id_version"),
        ),
        sa.PrimaryKeyConstraint("acknowledgement_id", name=op.f("pk_acknowledgement")),
        schema="tariff",
        comment="One row per finding of a rule that is known and accepted.",
    )
    op.create_table(
        "combination",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("season", sa.Text(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("ruling", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["tariff.sheet.sheet_id"], name=op.f("fk_combination_sheet_id_sheet")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["tariff.version.version_id"],
            name=op.f("fk_combination_version_id_version"),
        ),
        sa.PrimaryKeyConstraint("version_id", "season", name=op.f("pk_combination")),
        schema="tariff",
        comment="One row per season in which reads join a partner's.",
    )
    op.create_table(
        "combination_quantity",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("operand", sa.Text(), nullable=False),
        sa.Column("when_one_blank", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "when_one_blank in ('zero', 'unknown')",
            name=op.f("ck_combination_quantity_when_one_blank"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["tariff.version.version_id"],
            name=op.f("fk_combination_quantity_version_id_version"),
        ),
        sa.PrimaryKeyConstraint("version_id", "operand", name=op.f("pk_combination_quantity")),
        schema="tariff",
        comment="One row per quantity that is added to the partner's.",
    )
    op.create_table(
        "condition_set",
        sa.Column("condition_set_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False, comment="the clause in words"),
        sa.Column(
            "is_negated", sa.Boolean(), nullable=False, comment="holds where its conditions do not"
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["tariff.version.version_id"],
            name=op.f("fk_condition_set_version_id_version"),
        ),
        sa.PrimaryKeyConstraint("condition_set_id", name=op.f("pk_condition_set")),
        schema="tariff",
        comment="One row per clause: all of its conditions.",
    )
    op.create_table(
        "demand_rule",
        sa.Column("demand_rule_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column(
            "name",
            sa.Text(),
            nullable=False,
            comment="billing, distribution …; its operand ends in _kw",
        ),
        sa.Column("combination", sa.Text(), nullable=False, comment="of its groups"),
        sa.Column("measured_operand", sa.Text(), nullable=False, comment="kW as read"),
        sa.Column("adjusted_operand", sa.Text(), nullable=False, comment="kW after power factor"),
        sa.Column(
            "known_within_months",
            sa.Integer(),
            nullable=False,
            comment="no demand unless adjusted kW is known in that many months",
        ),
        sa.Column(
            "decimals", sa.Integer(), nullable=False, comment="of the final rounding; 0 is whole kW"
        ),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("ruling", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "combination in ('greatest', 'least')", name=op.f("ck_demand_rule_combination")
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["tariff.sheet.sheet_id"], name=op.f("fk_demand_rule_sheet_id_sheet")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["tariff.version.version_id"],
            name=op.f("fk_demand_rule_version_id_version"),
        ),
        sa.PrimaryKeyConstraint("demand_rule_id", name=op.f("pk_demand_rule")),
        sa.UniqueConstraint("version_id", "name", name=op.f("uq_demand_rule_version_id_name")),
        schema="tariff",
        comment="One row per demand that a version determines.",
    )
    op.create_table(
        "eligibility_rule",
        sa.Column("eligibility_rule_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True, comment="whom the sheet says it is for"),
        sa.Column(
            "beyond_data",
            sa.Text(),
            nullable=True,
            comment="what the sheet asks for besides, and no portfolio says",
        ),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("ruling", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["tariff.sheet.sheet_id"], name=op.f("fk_eligibility_rule_sheet_id_sheet")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["tariff.version.version_id"],
            name=op.f("fk_eligibility_rule_version_id_version"),
        ),
        sa.PrimaryKeyConstraint("eligibility_rule_id", name=op.f("pk_eligibility_rule")),
        sa.UniqueConstraint(
            "version_id", "ordinal", name=op.f("uq_eligibility_rule_version_id_ordinal")
        ),
        schema="tariff",
        comment="One row per alternative by which a customer qualifies.",
    )
    op.create_table(
        "formula",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("numerator_constant", sa.Numeric(precision=18, scale=8), nullable=False),
        sa.Column("denominator_multiplier", sa.Numeric(precision=18, scale=8), nullable=False),
        sa.Column("quotient_decimals", sa.Integer(), nullable=True, comment="empty: not rounded"),
        sa.Column("base", sa.Numeric(precision=18, scale=8), nullable=False),
        sa.Column("scale", sa.Numeric(precision=18, scale=8), nullable=False),
        sa.Column("factor_decimals", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False, comment="$/kWh"),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("ruling", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["tariff.sheet.sheet_id"], name=op.f("fk_formula_sheet_id_sheet")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["tariff.version.version_id"],
            name=op.f("fk_formula_version_id_version"),
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_formula")),
        schema="tariff",
        comment="One row per monthly factor: (rounded(numerator ÷ denominator) − base) × scale.",
    )
    op.create_table(
        "formula_input",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("variable", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False, comment="order on the sheet"),
        sa.Column("symbol", sa.Text(), nullable=True, comment="letter on the sheet"),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("sign", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "side in ('numerator', 'denominator')", name=op.f("ck_formula_input_side")
        ),
        sa.CheckConstraint("sign in (-1, 1)", name=op.f("ck_formula_input_sign")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["tariff.version.version_id"],
            name=op.f("fk_formula_input_version_id_version"),
        ),
        sa.PrimaryKeyConstraint("version_id", "variable", name=op.f("pk_formula_input")),
        schema="tariff",
        comment="One row per input of a formula.",
    )
    op.create_table(
        "printed_claim",
        sa.Column("claim_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False, comment="as the sheet says it"),
        sa.Column(
            "stated",
            sa.Numeric(precision=18, scale=8),
            nullable=False,
            comment="what the sheet says the product is",
        ),
        sa.Column(
            "decimals",
            sa.Integer(),
            nullable=False,
            comment="decimals printed, at which they are compared",
        ),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("ruling", sa.Text(), nullable=True),
        sa.CheckConstraint("decimals between 0 and 8", name=op.f("ck_printed_claim_decimals")),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["tariff.sheet.sheet_id"], name=op.f("fk_printed_claim_sheet_id_sheet")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["tariff.version.version_id"],
            name=op.f("fk_printed_claim_version_id_version"),
        ),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("pk_printed_claim")),
        schema="tariff",
        comment="One row per product that a sheet states.",
    )
    op.create_table(
        "printed_date",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("printed_date", sa.Date(), nullable=False, comment="in force from, as printed"),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["tariff.sheet.sheet_id"], name=op.f("fk_printed_date_sheet_id_sheet")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["tariff.version.version_id"],
            name=op.f("fk_printed_date_version_id_version"),
        ),
        sa.PrimaryKeyConstraint("version_id", "ordinal", name=op.f("pk_printed_date")),
        schema="tariff",
        comment="One row per effective date that contents or a sheet print for a version.",
    )
    op.create_table(
        "reader_note",
        sa.Column("note_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("schedule_id", sa.Integer(), nullable=False),
        sa.Column(
            "version_id", sa.Integer(), nullable=True, comment="empty: of the schedule as a whole"
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            ["tariff.schedule.schedule_id"],
            name=op.f("fk_reader_note_schedule_id_schedule"),
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["tariff.sheet.sheet_id"], name=op.f("fk_reader_note_sheet_id_sheet")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["tariff.version.version_id"],
            name=op.f("fk_reader_note_version_id_version"),
        ),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_reader_note")),
        schema="tariff",
        comment="One row per remark that only a reader can make.",
    )
    op.create_table(
        "requirement",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("operand", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["tariff.version.version_id"],
            name=op.f("fk_requirement_version_id_version"),
        ),
        sa.PrimaryKeyConstraint("version_id", "operand", name=op.f("pk_requirement")),
        schema="tariff",
        comment="One row per operand a period cannot lack.",
    )
    op.create_table(
        "rider_applicability",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False, comment="as printed"),
        sa.Column(
            "schedule_id", sa.Integer(), nullable=True, comment="empty: the reference leads nowhere"
        ),
        sa.Column(
            "lacking", sa.Text(), nullable=True, comment="what no read of the schedule carries"
        ),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            ["tariff.schedule.schedule_id"],
            name=op.f("fk_rider_applicability_schedule_id_schedule"),
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"],
            ["tariff.sheet.sheet_id"],
            name=op.f("fk_rider_applicability_sheet_id_sheet"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["tariff.version.version_id"],
            name=op.f("fk_rider_applicability_version_id_version"),
        ),
        sa.PrimaryKeyConstraint("version_id", "schedule", name=op.f("pk_rider_applicability")),
        schema="tariff",
        comment="One row per schedule that a rider's sheet lists.",
    )
    op.create_table(
        "schedule_mention",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False, comment="as printed"),
        sa.Column(
            "schedule_id", sa.Integer(), nullable=True, comment="empty: the reference leads nowhere"
        ),
        sa.Column("words", sa.Text(), nullable=True, comment="what the text says of it"),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            ["tariff.schedule.schedule_id"],
            name=op.f("fk_schedule_mention_schedule_id_schedule"),
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["tariff.sheet.sheet_id"], name=op.f("fk_schedule_mention_sheet_id_sheet")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["tariff.version.version_id"],
            name=op.f("fk_schedule_mention_version_id_version"),
        ),
        sa.PrimaryKeyConstraint("version_id", "ordinal", name=op.f("pk_schedule_mention")),
        schema="tariff",
        comment="One row per schedule that a version's text names, neither carried nor listed as one it applies to.",
    )
    op.create_table(
        "schedule_rider",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("rider", sa.Text(), nullable=False, comment="as printed"),
        sa.Column(
            "rider_schedule_id",
            sa.Integer(),
            nullable=True,
            comment="empty: the reference leads nowhere",
        ),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rider_schedule_id"],
            ["tariff.schedule.schedule_id"],
            name=op.f("fk_schedule_rider_rider_schedule_id_schedule"),
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["tariff.sheet.sheet_id"], name=op.f("fk_schedule_rider_sheet_id_sheet")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["tariff.version.version_id"],
            name=op.f("fk_schedule_rider_version_id_version"),
        ),
        sa.PrimaryKeyConstraint("version_id", "rider", name=op.f("pk_schedule_rider")),
        schema="tariff",
        comment="One row per rider or clause that a version says it carries.",
    )
    op.create_table(
        "season_month",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("season", sa.Text(), nullable=False),
        sa.CheckConstraint("month between 1 and 12", name=op.f("ck_season_month_month")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["tariff.version.version_id"],
            name=op.f("fk_season_month_version_id_version"),
        ),
        sa.PrimaryKeyConstraint("version_id", "month", name=op.f("pk_season_month")),
        schema="tariff",
        comment="One row per version and calendar month of the label.",
    )
    op.create_table(
        "charge",
        sa.Column("charge_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column(
            "stage", sa.Integer(), nullable=False, comment="sees the lines of the stages before it"
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "operand", sa.Text(), nullable=True, comment="what is priced; empty: once a month"
        ),
        sa.Column("unit", sa.Text(), nullable=False, comment="of the quantity: kWh, kW, month, $"),
        sa.Column("season", sa.Text(), nullable=True),
        sa.Column(
            "percent",
            sa.Numeric(precision=18, scale=6),
            nullable=True,
            comment="of the base; negative takes off",
        ),
        sa.Column("sign", sa.Integer(), nullable=False, comment="-1 takes the amount off the bill"),
        sa.Column(
            "covers", sa.Text(), nullable=True, comment="with its like, prices all of this operand"
        ),
        sa.Column(
            "blank_is_zero",
            sa.Boolean(),
            nullable=False,
            comment="an unknown operand is no quantity",
        ),
        sa.Column(
            "is_one_time",
            sa.Boolean(),
            nullable=False,
            comment="units count in their first period only",
        ),
        sa.Column(
            "choice", sa.Text(), nullable=True, comment="of charges of one choice, one is taken"
        ),
        sa.Column("choice_rule", sa.Text(), nullable=True),
        sa.Column("condition_set_id", sa.Integer(), nullable=True),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("ruling", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "choice_rule in ('first', 'greatest')", name=op.f("ck_charge_choice_rule")
        ),
        sa.CheckConstraint(
            "component in ('customer', 'energy', 'demand', 'facilities', 'minimum', 'discount', 'adjustment', 'rider', 'credit')",
            name=op.f("ck_charge_component"),
        ),
        sa.CheckConstraint(
            "kind in ('price', 'factor', 'percent', 'minimum', 'cap', 'difference')",
            name=op.f("ck_charge_kind"),
        ),
        sa.CheckConstraint("stage between 1 and 12", name=op.f("ck_charge_stage")),
        sa.ForeignKeyConstraint(
            ["condition_set_id"],
            ["tariff.condition_set.condition_set_id"],
            name=op.f("fk_charge_condition_set_id_condition_set"),
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["tariff.sheet.sheet_id"], name=op.f("fk_charge_sheet_id_sheet")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["tariff.version.version_id"], name=op.f("fk_charge_version_id_version")
        ),
        sa.PrimaryKeyConstraint("charge_id", name=op.f("pk_charge")),
        sa.UniqueConstraint(
            "version_id",
            "code",
            "season",
            name=op.f("uq_charge_version_id_code_season"),
            postgresql_nulls_not_distinct=True,
        ),
        schema="tariff",
        comment="One row per charge of a version (and season).",
    )
    op.create_table(
        "condition",
        sa.Column("condition_set_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True, comment="attribute or operand tested"),
        sa.Column("comparison", sa.Text(), nullable=True),
        sa.Column(
            "bound",
            sa.Numeric(precision=18, scale=6),
            nullable=True,
            comment="constant part of the bound",
        ),
        sa.Column(
            "bound_factor",
            sa.Numeric(precision=18, scale=6),
            nullable=True,
            comment="times bound_operand",
        ),
        sa.Column("bound_operand", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "comparison in ('at_least', 'above', 'at_most', 'below')",
            name=op.f("ck_condition_comparison"),
        ),
        sa.CheckConstraint(
            "kind in ('attribute', 'season', 'period', 'option', 'contract_year', 'determinant')",
            name=op.f("ck_condition_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["condition_set_id"],
            ["tariff.condition_set.condition_set_id"],
            name=op.f("fk_condition_condition_set_id_condition_set"),
        ),
        sa.PrimaryKeyConstraint("condition_set_id", "ordinal", name=op.f("pk_condition")),
        schema="tariff",
        comment="One row per test of a clause.",
    )
    op.create_table(
        "condition_span",
        sa.Column("condition_set_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_day", sa.Text(), nullable=False, comment="MM-DD"),
        sa.Column(
            "last_day",
            sa.Text(),
            nullable=False,
            comment="MM-DD, included; may lie in the next year",
        ),
        sa.ForeignKeyConstraint(
            ["condition_set_id"],
            ["tariff.condition_set.condition_set_id"],
            name=op.f("fk_condition_span_condition_set_id_condition_set"),
        ),
        sa.PrimaryKeyConstraint(
            "condition_set_id", "ordinal", "first_day", name=op.f("pk_condition_span")
        ),
        schema="tariff",
        comment="One row per yearly span of days a period may touch.",
    )
    op.create_table(
        "condition_value",
        sa.Column("condition_set_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["condition_set_id"],
            ["tariff.condition_set.condition_set_id"],
            name=op.f("fk_condition_value_condition_set_id_condition_set"),
        ),
        sa.PrimaryKeyConstraint(
            "condition_set_id", "ordinal", "value", name=op.f("pk_condition_value")
        ),
        schema="tariff",
        comment="One row per value a test admits.",
    )
    op.create_table(
        "demand_group",
        sa.Column("demand_group_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("demand_rule_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("combination", sa.Text(), nullable=False, comment="of its terms"),
        sa.Column("condition_set_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "combination in ('greatest', 'least')", name=op.f("ck_demand_group_combination")
        ),
        sa.ForeignKeyConstraint(
            ["condition_set_id"],
            ["tariff.condition_set.condition_set_id"],
            name=op.f("fk_demand_group_condition_set_id_condition_set"),
        ),
        sa.ForeignKeyConstraint(
            ["demand_rule_id"],
            ["tariff.demand_rule.demand_rule_id"],
            name=op.f("fk_demand_group_demand_rule_id_demand_rule"),
        ),
        sa.PrimaryKeyConstraint("demand_group_id", name=op.f("pk_demand_group")),
        schema="tariff",
        comment="One row per group of terms of a demand rule.",
    )
    op.create_table(
        "determinant",
        sa.Column("determinant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "level",
            sa.Integer(),
            nullable=False,
            comment="1 metering, 2 netting, 3-7 derived, 9-11 after",
        ),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column(
            "constant",
            sa.Numeric(precision=18, scale=8),
            nullable=False,
            comment="added to a sum, multiplied into a product",
        ),
        sa.Column(
            "decimals",
            sa.Integer(),
            nullable=False,
            comment="the result is rounded half away from zero",
        ),
        sa.Column("at_least", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("at_most", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("condition_set_id", sa.Integer(), nullable=True),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("ruling", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "operation in ('sum', 'product', 'greatest', 'least', 'first_known', 'bank')",
            name=op.f("ck_determinant_operation"),
        ),
        sa.CheckConstraint("decimals between 0 and 6", name=op.f("ck_determinant_decimals")),
        sa.CheckConstraint("level between 1 and 11", name=op.f("ck_determinant_level")),
        sa.ForeignKeyConstraint(
            ["condition_set_id"],
            ["tariff.condition_set.condition_set_id"],
            name=op.f("fk_determinant_condition_set_id_condition_set"),
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["tariff.sheet.sheet_id"], name=op.f("fk_determinant_sheet_id_sheet")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["tariff.version.version_id"],
            name=op.f("fk_determinant_version_id_version"),
        ),
        sa.PrimaryKeyConstraint("determinant_id", name=op.f("pk_determinant")),
        schema="tariff",
        comment="One row per derived quantity of a version.",
    )
    op.create_table(
        "eligibility_condition",
        sa.Column("eligibility_rule_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="unless: no customer who qualifies for one of the schedules named",
        ),
        sa.Column("attribute", sa.Text(), nullable=True, comment="of the agreement"),
        sa.Column("is_negated", sa.Boolean(), nullable=False, comment="any value but those named"),
        sa.Column(
            "comparison",
            sa.Text(),
            nullable=True,
            comment="at_least, above: in so many months; at_most, below: in fewer months over it",
        ),
        sa.Column("bound", sa.Numeric(precision=18, scale=6), nullable=True, comment="kW"),
        sa.Column("months", sa.Integer(), nullable=True, comment="of the previous calendar year"),
        sa.CheckConstraint(
            "(kind = 'attribute') = (attribute is not null)",
            name=op.f("ck_eligibility_condition_attribute"),
        ),
        sa.CheckConstraint(
            "(kind = 'demand') = (comparison is not null and bound is not null and months is not null)",
            name=op.f("ck_eligibility_condition_demand"),
        ),
        sa.CheckConstraint(
            "comparison in ('at_least', 'above', 'at_most', 'below')",
            name=op.f("ck_eligibility_condition_comparison"),
        ),
        sa.CheckConstraint(
            "kind in ('attribute', 'demand', 'unless')", name=op.f("ck_eligibility_condition_kind")
        ),
        sa.CheckConstraint("months between 1 and 12", name=op.f("ck_eligibility_condition_months")),
        sa.ForeignKeyConstraint(
            ["eligibility_rule_id"],
            ["tariff.eligibility_rule.eligibility_rule_id"],
            name=op.f("fk_eligibility_condition_eligibility_rule_id_eligibility_rule"),
        ),
        sa.PrimaryKeyConstraint(
            "eligibility_rule_id", "ordinal", name=op.f("pk_eligibility_condition")
        ),
        schema="tariff",
        comment="One row per condition of an alternative.",
    )
    op.create_table(
        "eligibility_value",
        sa.Column("eligibility_rule_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["eligibility_rule_id"],
            ["tariff.eligibility_rule.eligibility_rule_id"],
            name=op.f("fk_eligibility_value_eligibility_rule_id_eligibility_rule"),
        ),
        sa.PrimaryKeyConstraint(
            "eligibility_rule_id", "ordinal", "value", name=op.f("pk_eligibility_value")
        ),
        schema="tariff",
        comment="One row per value admitted, quantity whose greatest counts, or schedule that comes first.",
    )
    op.create_table(
        "printed_claim_factor",
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("factor", sa.Numeric(precision=18, scale=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["claim_id"],
            ["tariff.printed_claim.claim_id"],
            name=op.f("fk_printed_claim_factor_claim_id_printed_claim"),
        ),
        sa.PrimaryKeyConstraint("claim_id", "ordinal", name=op.f("pk_printed_claim_factor")),
        schema="tariff",
        comment="One row per factor of a stated product.",
    )
    op.create_table(
        "split",
        sa.Column("split_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("operand", sa.Text(), nullable=False, comment="what is divided"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("condition_set_id", sa.Integer(), nullable=True),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("ruling", sa.Text(), nullable=True),
        sa.CheckConstraint("kind in ('blocks', 'proportion')", name=op.f("ck_split_kind")),
        sa.CheckConstraint("level between 12 and 14", name=op.f("ck_split_level")),
        sa.ForeignKeyConstraint(
            ["condition_set_id"],
            ["tariff.condition_set.condition_set_id"],
            name=op.f("fk_split_condition_set_id_condition_set"),
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["tariff.sheet.sheet_id"], name=op.f("fk_split_sheet_id_sheet")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["tariff.version.version_id"], name=op.f("fk_split_version_id_version")
        ),
        sa.PrimaryKeyConstraint("split_id", name=op.f("pk_split")),
        schema="tariff",
        comment="One row per division of a quantity into slices.",
    )
    op.create_table(
        "charge_base",
        sa.Column("charge_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "component", sa.Text(), nullable=True, comment="all earlier lines of a component"
        ),
        sa.Column("charge_code", sa.Text(), nullable=True, comment="earlier lines of a charge"),
        sa.CheckConstraint(
            "(component is null) <> (charge_code is null)", name=op.f("ck_charge_base_one_of_two")
        ),
        sa.ForeignKeyConstraint(
            ["charge_id"], ["tariff.charge.charge_id"], name=op.f("fk_charge_base_charge_id_charge")
        ),
        sa.PrimaryKeyConstraint("charge_id", "ordinal", name=op.f("pk_charge_base")),
        schema="tariff",
        comment="One row per part of a percentage's or minimum's base.",
    )
    op.create_table(
        "charge_step",
        sa.Column("charge_id", sa.Integer(), nullable=False),
        sa.Column("step_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("from_quantity", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column(
            "to_quantity",
            sa.Numeric(precision=18, scale=6),
            nullable=True,
            comment="empty: all over from_quantity",
        ),
        sa.Column("limit_operand", sa.Text(), nullable=True, comment="edges are multiplied by it"),
        sa.Column("limit_unit", sa.Text(), nullable=True, comment="kWh, kW, hours use …"),
        sa.Column(
            "price", sa.Numeric(precision=18, scale=8), nullable=True, comment="dollars per unit"
        ),
        sa.Column(
            "amount",
            sa.Numeric(precision=18, scale=8),
            nullable=True,
            comment="dollars, flat for the step",
        ),
        sa.Column("condition_set_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(price is null) <> (amount is null)", name=op.f("ck_charge_step_price_or_amount")
        ),
        sa.CheckConstraint("to_quantity > from_quantity", name=op.f("ck_charge_step_range")),
        sa.ForeignKeyConstraint(
            ["charge_id"], ["tariff.charge.charge_id"], name=op.f("fk_charge_step_charge_id_charge")
        ),
        sa.ForeignKeyConstraint(
            ["condition_set_id"],
            ["tariff.condition_set.condition_set_id"],
            name=op.f("fk_charge_step_condition_set_id_condition_set"),
        ),
        sa.PrimaryKeyConstraint("charge_id", "step_no", name=op.f("pk_charge_step")),
        schema="tariff",
        comment="One row per block step of a charge, with its price.",
    )
    op.create_table(
        "demand_term",
        sa.Column("demand_term_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("demand_group_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("operand", sa.Text(), nullable=True),
        sa.Column(
            "percent",
            sa.Numeric(precision=18, scale=6),
            nullable=False,
            comment="of the operand or its window maximum",
        ),
        sa.Column("constant_kw", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column(
            "window_months",
            sa.Integer(),
            nullable=True,
            comment="months looked at, current included",
        ),
        sa.Column(
            "skip_months",
            sa.Integer(),
            nullable=False,
            comment="latest months left out of the window",
        ),
        sa.Column(
            "is_required", sa.Boolean(), nullable=False, comment="unknown, it voids its group"
        ),
        sa.Column(
            "choice", sa.Text(), nullable=True, comment="of terms of one choice, one must apply"
        ),
        sa.Column("condition_set_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind in ('measured', 'ratchet', 'floor', 'contract', 'cap')",
            name=op.f("ck_demand_term_kind"),
        ),
        sa.CheckConstraint("percent >= 0", name=op.f("ck_demand_term_percent")),
        sa.CheckConstraint(
            "window_months >= 1 and skip_months >= 0", name=op.f("ck_demand_term_window")
        ),
        sa.ForeignKeyConstraint(
            ["condition_set_id"],
            ["tariff.condition_set.condition_set_id"],
            name=op.f("fk_demand_term_condition_set_id_condition_set"),
        ),
        sa.ForeignKeyConstraint(
            ["demand_group_id"],
            ["tariff.demand_group.demand_group_id"],
            name=op.f("fk_demand_term_demand_group_id_demand_group"),
        ),
        sa.PrimaryKeyConstraint("demand_term_id", name=op.f("pk_demand_term")),
        schema="tariff",
        comment="One row per term of a demand group.",
    )
    op.create_table(
        "determinant_term",
        sa.Column("determinant_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("operand", sa.Text(), nullable=False),
        sa.Column("coefficient", sa.Numeric(precision=18, scale=8), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("when_unknown", sa.Text(), nullable=False),
        sa.CheckConstraint("role in ('term', 'divisor')", name=op.f("ck_determinant_term_role")),
        sa.CheckConstraint(
            "when_unknown in ('unknown', 'zero', 'skip')",
            name=op.f("ck_determinant_term_when_unknown"),
        ),
        sa.ForeignKeyConstraint(
            ["determinant_id"],
            ["tariff.determinant.determinant_id"],
            name=op.f("fk_determinant_term_determinant_id_determinant"),
        ),
        sa.PrimaryKeyConstraint("determinant_id", "ordinal", name=op.f("pk_determinant_term")),
        schema="tariff",
        comment="One row per operand of a derived quantity.",
    )
    op.create_table(
        "split_step",
        sa.Column("split_id", sa.Integer(), nullable=False),
        sa.Column("step_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slice_name", sa.Text(), nullable=False),
        sa.Column("from_quantity", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("to_quantity", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column(
            "limit_operand", sa.Text(), nullable=True, comment="edges are hours of this demand"
        ),
        sa.Column(
            "share_operand", sa.Text(), nullable=True, comment="proportion: this slice of demand"
        ),
        sa.CheckConstraint("to_quantity > from_quantity", name=op.f("ck_split_step_range")),
        sa.ForeignKeyConstraint(
            ["split_id"], ["tariff.split.split_id"], name=op.f("fk_split_step_split_id_split")
        ),
        sa.PrimaryKeyConstraint("split_id", "step_no", name=op.f("pk_split_step")),
        schema="tariff",
        comment="One row per slice; steps of one name are added.",
    )
    op.create_table(
        "demand_term_month",
        sa.Column("demand_term_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), autoincrement=False, nullable=False),
        sa.CheckConstraint("month between 1 and 12", name=op.f("ck_demand_term_month_month")),
        sa.ForeignKeyConstraint(
            ["demand_term_id"],
            ["tariff.demand_term.demand_term_id"],
            name=op.f("fk_demand_term_month_demand_term_id_demand_term"),
        ),
        sa.PrimaryKeyConstraint("demand_term_id", "month", name=op.f("pk_demand_term_month")),
        schema="tariff",
        comment="One row per calendar month that a ratchet looks at.",
    )


def downgrade() -> None:
    op.drop_table("demand_term_month", schema="tariff")
    op.drop_table("split_step", schema="tariff")
    op.drop_table("determinant_term", schema="tariff")
    op.drop_table("demand_term", schema="tariff")
    op.drop_table("charge_step", schema="tariff")
    op.drop_table("charge_base", schema="tariff")
    op.drop_table("split", schema="tariff")
    op.drop_table("printed_claim_factor", schema="tariff")
    op.drop_table("eligibility_value", schema="tariff")
    op.drop_table("eligibility_condition", schema="tariff")
    op.drop_table("determinant", schema="tariff")
    op.drop_table("demand_group", schema="tariff")
    op.drop_table("condition_value", schema="tariff")
    op.drop_table("condition_span", schema="tariff")
    op.drop_table("condition", schema="tariff")
    op.drop_table("charge", schema="tariff")
    op.drop_table("season_month", schema="tariff")
    op.drop_table("schedule_rider", schema="tariff")
    op.drop_table("schedule_mention", schema="tariff")
    op.drop_table("rider_applicability", schema="tariff")
    op.drop_table("requirement", schema="tariff")
    op.drop_table("reader_note", schema="tariff")
    op.drop_table("printed_date", schema="tariff")
    op.drop_table("printed_claim", schema="tariff")
    op.drop_table("formula_input", schema="tariff")
    op.drop_table("formula", schema="tariff")
    op.drop_table("eligibility_rule", schema="tariff")
    op.drop_table("demand_rule", schema="tariff")
    op.drop_table("condition_set", schema="tariff")
    op.drop_table("combination_quantity", schema="tariff")
    op.drop_table("combination", schema="tariff")
    op.drop_table("acknowledgement", schema="tariff")
    op.drop_table("version", schema="tariff")
    op.drop_table("sheet", schema="tariff")
    op.drop_table("source_document", schema="tariff")
    op.drop_table("schedule", schema="tariff")
    op.drop_table("agreement_determinant", schema="tariff")
    op.drop_table("service_agreement", schema="portfolio")
    op.drop_table("rider_cost_input", schema="portfolio")
    op.drop_table("load_file", schema="portfolio")
    op.drop_table("lighting_hours", schema="portfolio")
    op.drop_table("utility", schema="tariff")
    op.drop_table("unbilled_read", schema="rating")
    op.drop_table("rejected_row", schema="rating")
    op.drop_table("reconciliation", schema="rating")
    op.drop_table("rating_run", schema="rating")
    op.drop_table("rate_version", schema="rating")
    op.drop_table("rate_schedule", schema="rating")
    op.drop_table("rate_price", schema="rating")
    op.drop_table("monthly_factor", schema="rating")
    op.drop_table("billing_demand", schema="rating")
    op.drop_table("bill_line_item", schema="rating")
    op.drop_table("bill", schema="rating")
    op.drop_table("unit_inventory", schema="portfolio")
    op.drop_table("service_agreement_attribute", schema="portfolio")
    op.drop_table("rider_enrollment", schema="portfolio")
    op.drop_table("replaced_row", schema="portfolio")
    op.drop_table("meter_read_quantity", schema="portfolio")
    op.drop_table("meter_read", schema="portfolio")
    op.drop_table("load", schema="portfolio")
    op.drop_table("billed_amount", schema="portfolio")
    for schema in SCHEMAS:
        op.execute(f"drop schema {schema}")
