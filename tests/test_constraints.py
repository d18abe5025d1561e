"""Every check, exclusion and reference of PostgreSQL, each refusing a bad row."""

from collections.abc import Iterator
from typing import Any

import pytest
from helpers import GOLDEN, TARIFFS, agreement, read, write_portfolio
from postgres_server import new_database, query
from psycopg.errors import CheckViolation, ExclusionViolation, ForeignKeyViolation
from sqlalchemy import CheckConstraint, Constraint, ForeignKeyConstraint, Table, create_engine, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from models.base import Base
from rating.portfolio.load import load_folder
from rating.run.run import rate
from rating.setup import initialize

MIDDLE_OF_A_MONTH = "billing_month = date '2015-01-02'"
# What no row of the table may be set to.
BAD = {
    "ck_billed_amount_billing_month": MIDDLE_OF_A_MONTH,
    "ck_change_kind": "kind = 'schedule'",
    "ck_interval_read_interval_minutes": "interval_minutes = 7",
    "ck_interval_read_kwh": "kwh = -1",
    "ck_interval_read_kwh_received": "kwh_received = -1",
    "ck_meter_read_billing_month": MIDDLE_OF_A_MONTH,
    "ck_meter_read_kw": "kw = -1",
    "ck_meter_read_kw_off_peak": "kw_off_peak = -1",
    "ck_meter_read_kw_on_peak": "kw_on_peak = -1",
    "ck_meter_read_kwh": "kwh = -0.000001",
    "ck_meter_read_kwh_interruption": "kwh_interruption = -1",
    "ck_meter_read_kwh_off_peak": "kwh_off_peak = -1",
    "ck_meter_read_kwh_on_peak": "kwh_on_peak = -1",
    "ck_meter_read_kwh_received": "kwh_received = -1",
    "ck_meter_read_power_factor": "power_factor = 84",
    "ck_meter_read_range": "read_to = read_from",
    "ck_rider_enrollment_quantity": "quantity = -1",
    "ck_rider_enrollment_range": "end_date = start_date",
    "ck_unit_inventory_input_watts": "input_watts = -1",
    "ck_unit_inventory_quantity": "quantity = -1",
    "ck_unit_inventory_range": "end_date = start_date",
    "ck_bill_line_item_amount": "amount = 0",
    "ck_bill_line_item_billing_month": MIDDLE_OF_A_MONTH,
    "ck_bill_line_item_component": "component = 'postage'",
    "ck_rate_price_component": "component = 'postage'",
    "ck_rate_version_range": "effective_to = effective_from",
    "ck_billing_demand_ratchet_percent": "ratchet_percent = -1",
    "ck_monthly_factor_billing_month": MIDDLE_OF_A_MONTH,
    "ck_rating_run_from_month": "from_month = date '2015-01-02'",
    "ck_rating_run_to_month": "to_month = date '2015-01-02'",
    "ck_rating_run_months": "from_month = date '2015-02-01', to_month = date '2015-01-01'",
    "ck_rating_run_reads": "reads = bills + unbilled + 1",
    "ck_rating_run_status": "status = 'dreaming'",
    "ck_lighting_hours_billing_month": MIDDLE_OF_A_MONTH,
    "ck_lighting_hours_hours": "hours = -1",
    "ck_load_file_rows": "rows_loaded = rows_read - rows_rejected - 1",
    "ck_meter_read_quantity_billing_month": MIDDLE_OF_A_MONTH,
    "ck_rider_cost_input_billing_month": MIDDLE_OF_A_MONTH,
    "ck_service_agreement_backup_firm_kw": "backup_firm_kw = -1",
    "ck_service_agreement_investment": "extra_facilities_investment = -0.01",
    "ck_service_agreement_range": "end_date = start_date",
    "ck_bill_billing_month": MIDDLE_OF_A_MONTH,
    "ck_bill_net": "net_amount = net_amount + 0.01",
    "ck_bill_history_what": "what = 'forgotten'",
    "ck_bill_range": "read_to = read_from",
    "ck_billing_demand_billing_month": MIDDLE_OF_A_MONTH,
    "ck_billing_demand_binding": "binding = 'nothing'",
    "ck_billing_demand_ratchet_month": "ratchet_month = date '2015-01-02'",
    "ck_interval_coverage_billing_month": MIDDLE_OF_A_MONTH,
    "ck_interval_determinant_billing_month": MIDDLE_OF_A_MONTH,
    "ck_interval_determinant_source": "source = 'hearsay'",
    "ck_reconciliation_status": "status = 'perhaps'",
    "ck_unbilled_read_billing_month": MIDDLE_OF_A_MONTH,
    "ck_unbilled_read_reason": "reason = 'forgotten'",
    "ck_schedule_kind": "kind = 'other'",
    "ck_version_clock": "clock = 'sundial'",
    "ck_version_gross_percent": "gross_percent = 99.999999",
    "ck_version_late_charge_minimum": "gross_percent = 105, late_charge_minimum = 0",
    "ck_version_range": "effective_to = effective_from",
    "ck_version_status": "status = 'draft'",
    "ck_combination_quantity_when_one_blank": "when_one_blank = 'guess'",
    "ck_demand_rule_combination": "combination = 'average'",
    "ck_demand_rule_decimals": "decimals = 7",
    "ck_demand_rule_rounding": "rounding = 'sideways'",
    "ck_demand_rule_rounding_step": "rounding_step = 0",
    "ck_determinant_rounding": "rounding = 'sideways'",
    "ck_determinant_rounding_step": "rounding_step = 0",
    "ck_demand_term_average_of": "average_of = 1",
    "ck_demand_term_from_month": "from_month = 13",
    "ck_demand_rule_known_within_months": "known_within_months = -1",
    "ck_formula_denominator_multiplier": "denominator_multiplier = 0",
    "ck_formula_factor_decimals": "factor_decimals = 9",
    "ck_formula_quotient_decimals": "quotient_decimals = -1",
    "ck_printed_claim_decimals": "decimals = 9",
    "ck_season_month_month": "month = 13",
    "ck_time_of_use_demand_minutes": "demand_minutes = 45",
    "ck_charge_choice_rule": "choice_rule = 'last'",
    "ck_charge_component": "component = 'other'",
    "ck_charge_kind": "kind = 'other', percent = null",
    "ck_charge_percent": "kind = 'price', percent = 5",
    "ck_charge_sign": "sign = 0",
    "ck_charge_stage": "stage = 13",
    "ck_condition_comparison": "comparison = 'like'",
    "ck_condition_kind": "kind = 'mood'",
    "ck_demand_group_combination": "combination = 'average'",
    "ck_determinant_decimals": "decimals = 7",
    "ck_determinant_level": "level = 12",
    "ck_determinant_operation": "operation = 'guess'",
    "ck_determinant_divisor": "divisor = 0",
    "ck_determinant_from_month": "from_month = 13",
    "ck_determinant_resets": "resets = 'never', operation = 'sum'",
    "ck_eligibility_condition_attribute": "kind = 'attribute', attribute = null",
    "ck_eligibility_condition_comparison": "comparison = 'like'",
    "ck_eligibility_condition_demand": "kind = 'demand', attribute = null, bound = null",
    "ck_eligibility_condition_kind": "kind = 'mood', attribute = null, bound = null",
    "ck_eligibility_condition_months": "months = 13",
    "ck_formula_input_side": "side = 'left'",
    "ck_formula_input_sign": "sign = 0",
    "ck_split_kind": "kind = 'halves'",
    "ck_split_level": "level = 11",
    "ck_time_of_use_period_hours": "from_minute = 60, to_minute = 60",
    "ck_time_of_use_period_minutes": "to_minute = 1441",
    "ck_charge_base_one_of_three": "component = 'energy', charge_code = 'x'",
    "ck_charge_step_from_quantity": "from_quantity = -1",
    "ck_charge_step_price_or_amount": "price = 1, amount = 1",
    "ck_charge_step_range": "to_quantity = from_quantity",
    "ck_condition_span_first_day": "first_day = '13-01'",
    "ck_condition_span_last_day": "last_day = '1-32'",
    "ck_demand_term_kind": "kind = 'guess'",
    "ck_demand_term_percent": "percent = -1",
    "ck_demand_term_window": "window_months = 0",
    "ck_determinant_term_role": "role = 'extra'",
    "ck_determinant_term_when_unknown": "when_unknown = 'guess'",
    "ck_split_step_from_quantity": "from_quantity = -1",
    "ck_split_step_range": "to_quantity = from_quantity",
    "ck_time_of_use_day_day_kind": "day_kind = 'someday'",
    "ck_time_of_use_month_month": "month = 0",
    "ck_demand_term_month_month": "month = 13",
}
# What stands in a column only where others are blank.
INSTEAD = {
    "fk_charge_base_schedule_id_schedule": ", component = null, charge_code = null",
}
# Rows of the relations that neither the golden portfolio nor the tariffs fill.
ROWS = (
    "insert into portfolio.interval_read values ('A', '2015-01-01 00:00', 15, 1, 0)",
    "insert into rating.bill_history (agreement_id, billing_month, replaced_by_run_id, what,"
    " run_id, difference_amount) values ('A', '2015-01-01', 1, 'new', 1, 0)",
    "insert into rating.interval_coverage values ('A', '2015-01-01', 15, 1, 1, 0, 0, true, 1)",
    "insert into rating.interval_determinant values ('A', '2015-01-01', 'kwh', 1, 1, 0, 'read', 1)",
)
PORTFOLIO = {
    "service_agreements": [agreement("A", "RS-3", colour="green")],
    "meter_reads": [read("A", "2015-01", kwh="1", kvar="2"), read("A", "2015-02", kwh="-1")],
    "billed_amounts": [{"agreement_id": "A", "billing_month": "2015-01", "billed_net_amount": "1"}],
}


WRONG = {"INTEGER": "-1", "TEXT": "'nowhere'", "DATE": "date '1900-01-01'"}


@pytest.fixture(scope="module")
def full(postgres_server: URL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[URL]:
    """A database with a row in each table that has a check or a reference."""
    folder = tmp_path_factory.mktemp("constraints")
    corrected = {**PORTFOLIO, "meter_reads": [read("A", "2015-01", kwh="2", kvar="2")]}
    with new_database(postgres_server) as url:
        initialize(url, [TARIFFS])
        load_folder(url, write_portfolio(folder / "first", PORTFOLIO))
        load_folder(url, write_portfolio(folder / "second", corrected))
        load_folder(url, GOLDEN / "portfolio")
        assert rate(url).status == "published"
        for row in ROWS:
            query(url, row + " returning 1")
        yield url


def constraints(*kinds: type[Constraint]) -> list[Any]:
    """(table, constraint) of some kinds, as test parameters."""
    return [
        pytest.param(table, constraint, id=str(constraint.name or table.name))
        for table in Base.metadata.sorted_tables
        for constraint in sorted(table.constraints, key=lambda one: str(one.name))
        if isinstance(constraint, kinds)
    ]


def refusal(url: URL, statement: str) -> Any:
    """The error with which the database refuses a statement."""
    engine = create_engine(url, poolclass=NullPool)
    with pytest.raises(DBAPIError) as refused, engine.begin() as connection:
        connection.execute(text(statement))
    return refused.value.orig


def test_every_check_of_the_models_has_a_row_that_it_refuses():
    assert {param.id for param in constraints(CheckConstraint)} == set(BAD)


@pytest.mark.parametrize(("table", "check"), constraints(CheckConstraint))
def test_a_check_refuses_a_bad_row(full, table, check):
    error = refusal(full, changed_row(table, BAD[check.name]))
    assert isinstance(error, CheckViolation)
    assert error.diag.constraint_name == check.name


@pytest.mark.parametrize(("table", "reference"), constraints(ForeignKeyConstraint))
def test_a_reference_refuses_what_is_not_there(full, table, reference):
    column = list(reference.columns)[-1]
    wrong = WRONG[str(column.type)]
    if column.primary_key:
        statement = further_row(table.fullname, f"'{column.name}', {wrong}")
    else:
        instead = INSTEAD.get(str(reference.name), "")
        statement = changed_row(table, f"{column.name} = {wrong}{instead}")
    error = refusal(full, statement)
    assert isinstance(error, ForeignKeyViolation)
    assert error.diag.constraint_name == reference.name


def changed_row(table: Table, change: str) -> str:
    """A statement that changes one row of a table."""
    first = f"select min(ctid) from {table.fullname}"
    return f"update {table.fullname} set {change} where ctid = ({first})"


def further_row(table: str, values: str, where: str = "true") -> str:
    """A statement that adds a copy of one row with other values (name, value …)."""
    return (
        f"insert into {table} select (jsonb_populate_record("
        f"cast(null as {table}), to_jsonb(one) || jsonb_build_object({values}))).*"
        f" from (select * from {table} where {where} limit 1) as one"
    )


def test_versions_of_a_schedule_cannot_overlap(full):
    # A version that begins a day after another one, which lasts for years.
    later = "'version_id', 9001, 'effective_from', effective_from + 1, 'effective_to', null"
    error = refusal(full, further_row("tariff.version", later))
    assert isinstance(error, ExclusionViolation)


def test_terms_of_an_agreement_cannot_overlap(full):
    later = "'start_date', start_date + 1, 'end_date', null"
    of_one = "agreement_id = 'A'"
    error = refusal(full, further_row("portfolio.service_agreement", later, of_one))
    assert isinstance(error, ExclusionViolation)


def test_versions_and_terms_are_the_only_ranges():
    names = {param.id for param in constraints(ExcludeConstraint)}
    assert names == {"ex_version_schedule_id_range", "ex_service_agreement_range"}


def test_the_database_has_the_constraints_of_the_models_and_no_other(full):
    found = query(
        full,
        "select conname, contype from pg_constraint inner join pg_namespace"
        " on pg_namespace.oid = connamespace where nspname in ('tariff', 'portfolio', 'rating')"
        " and contype in ('c', 'f', 'x')",
    )
    kinds = {"c": CheckConstraint, "f": ForeignKeyConstraint, "x": ExcludeConstraint}
    for letter, kind in kinds.items():
        ours = {str(param.values[1].name) for param in constraints(kind)}
        assert {name for name, contype in found if contype == letter} == ours
