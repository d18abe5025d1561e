"""Hold references, signs, percentages and months of tariffs, portfolio and bills.

References to a utility, and of further values to their row, are judged at the end of a
transaction: tariffs are loaded again under a portfolio, and a correction writes a row anew.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

DEFERRED = {"deferrable": True, "initially": "DEFERRED"}
UTILITY = ("utility", "tariff.utility", "utility")
CONDITION = ("condition_set_id, ordinal", "tariff.condition", "condition_set_id, ordinal")
RULE_CONDITION = (
    "eligibility_rule_id, ordinal",
    "tariff.eligibility_condition",
    "eligibility_rule_id, ordinal",
)
LOAD = ("load_id", "portfolio.load", "load_id")
RUN = ("run_id", "rating.rating_run", "run_id")
# (table, name, (columns, referred table, its columns), deferred, what it takes the place of)
REFERENCES = [
    ("portfolio.service_agreement", "fk_service_agreement_utility_utility", UTILITY, True, UTILITY),
    ("portfolio.rider_cost_input", "fk_rider_cost_input_utility_utility", UTILITY, True, UTILITY),
    ("portfolio.lighting_hours", "fk_lighting_hours_utility_utility", UTILITY, True, UTILITY),
    ("portfolio.service_agreement_attribute", "fk_service_agreement_attribute_terms",
     ("agreement_id, start_date", "portfolio.service_agreement", "agreement_id, start_date"),
     True, None),
    ("portfolio.meter_read_quantity", "fk_meter_read_quantity_read",
     ("agreement_id, billing_month", "portfolio.meter_read", "agreement_id, billing_month"),
     True, None),
    ("portfolio.replaced_row", "fk_replaced_row_load_id_load", LOAD, False, None),
    ("rating.rejected_row", "fk_rejected_row_load_id_load", LOAD, False, None),
    ("rating.reconciliation", "fk_reconciliation_run_id_rating_run", RUN, False, None),
    ("rating.bill", "fk_bill_run_id_rating_run", RUN, False, None),
    ("rating.billing_demand", "fk_billing_demand_run_id_rating_run", RUN, False, None),
    ("rating.unbilled_read", "fk_unbilled_read_run_id_rating_run", RUN, False, None),
    ("rating.interval_coverage", "fk_interval_coverage_run_id_rating_run", RUN, False, None),
    ("rating.interval_determinant", "fk_interval_determinant_run_id_rating_run", RUN, False, None),
    ("tariff.condition_span", "fk_condition_span_condition_set_id_ordinal_condition", CONDITION,
     False, ("condition_set_id", "tariff.condition_set", "condition_set_id")),
    ("tariff.condition_value", "fk_condition_value_condition_set_id_ordinal_condition", CONDITION,
     False, ("condition_set_id", "tariff.condition_set", "condition_set_id")),
    ("tariff.eligibility_value", "fk_eligibility_value_condition", RULE_CONDITION,
     False, ("eligibility_rule_id", "tariff.eligibility_rule", "eligibility_rule_id")),
    ("tariff.formula_input", "fk_formula_input_version_id_formula",
     ("version_id", "tariff.formula", "version_id"),
     False, ("version_id", "tariff.version", "version_id")),
]  # fmt: skip

MONTH_AND_DAY = "(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
MONTH_START = "extract(day from billing_month) = 1"
NOT_NEGATIVE = (
    "kwh_received", "kwh_on_peak", "kwh_off_peak", "kw", "kw_on_peak", "kw_off_peak",
    "kwh_interruption",
)  # fmt: skip
OF_A_MONTH = (
    "bill", "bill_line_item", "billing_demand", "unbilled_read", "monthly_factor",
    "interval_coverage", "interval_determinant",
)  # fmt: skip
AMOUNTS = (
    "customer_amount + energy_amount + demand_amount + facilities_amount + minimum_amount"
    " + discount_amount + adjustment_amount + rider_amount + credit_amount"
)
# (table, name, condition)
CHECKS = [
    ("portfolio.load_file", "rows", "rows_read = rows_loaded + rows_rejected"),
    *(("portfolio.meter_read", name, f"{name} >= 0") for name in NOT_NEGATIVE),
    ("tariff.charge", "sign", "sign in (-1, 1)"),
    ("tariff.charge", "percent", "(kind = 'percent') = (percent is not null)"),
    ("tariff.charge_step", "from_quantity", "from_quantity >= 0"),
    ("tariff.formula", "quotient_decimals", "quotient_decimals between 0 and 8"),
    ("tariff.formula", "factor_decimals", "factor_decimals between 0 and 8"),
    ("tariff.formula", "denominator_multiplier", "denominator_multiplier <> 0"),
    ("tariff.demand_rule", "decimals", "decimals between 0 and 6"),
    ("tariff.demand_rule", "known_within_months", "known_within_months >= 0"),
    ("tariff.split_step", "from_quantity", "from_quantity >= 0"),
    ("tariff.condition_span", "first_day", f"first_day similar to '{MONTH_AND_DAY}'"),
    ("tariff.condition_span", "last_day", f"last_day similar to '{MONTH_AND_DAY}'"),
    ("rating.rating_run", "months", "from_month <= to_month"),
    ("rating.rating_run", "reads", "reads = bills + unbilled"),
    *((f"rating.{table}", "billing_month", MONTH_START) for table in OF_A_MONTH),
    ("rating.billing_demand", "ratchet_month", "extract(day from ratchet_month) = 1"),
    ("rating.bill", "range", "read_to > read_from"),
    ("rating.bill", "net", f"net_amount = {AMOUNTS}"),
    ("rating.bill_line_item", "amount", "amount <> 0"),
]


def upgrade() -> None:
    for table, name, reference, is_deferred, former in REFERENCES:
        if former is not None:
            _drop(table, _former_name(table, former))
        _add_reference(table, name, reference, is_deferred)
    for table, name, condition in CHECKS:
        schema, table_name = table.split(".")
        op.create_check_constraint(
            op.f(f"ck_{table_name}_{name}"), table_name, condition, schema=schema
        )


def downgrade() -> None:
    for table, name, _ in CHECKS:
        _drop(table, f"ck_{table.split('.')[1]}_{name}")
    for table, name, _, _, former in REFERENCES:
        _drop(table, name)
        if former is not None:
            _add_reference(table, _former_name(table, former), former, False)


def _former_name(table: str, reference: tuple[str, str, str]) -> str:
    columns, referred, _ = reference
    return f"fk_{table.split('.')[1]}_{columns}_{referred.split('.')[1]}"


def _drop(table: str, name: str) -> None:
    schema, table_name = table.split(".")
    op.drop_constraint(op.f(name), table_name, schema=schema)


def _add_reference(
    table: str, name: str, reference: tuple[str, str, str], is_deferred: bool
) -> None:
    schema, table_name = table.split(".")
    columns, referred, referred_columns = reference
    referred_schema, referred_name = referred.split(".")
    op.create_foreign_key(
        op.f(name),
        table_name,
        referred_name,
        columns.split(", "),
        referred_columns.split(", "),
        source_schema=schema,
        referent_schema=referred_schema,
        **(DEFERRED if is_deferred else {}),
    )
