"""One spoilt row of the build is found by the check that it breaks, and by that one alone."""

from dataclasses import dataclass, field

import duckdb
import pytest
from helpers import execute, file_copy, select

from rating.run.dbt_build import dbt_build
from rating.run.run import checks_of
from rating.store.urls import database_file

# What is wrong in every bill whose lines, or whose counterpart, are wrong or missing.
FOOTING = {"lines_keep_their_component", "lines_foot_to_bills", "components_foot_to_lines"}
BILLED = {"billed_energy_is_determined_energy", "billed_demand_is_determined_demand"}


@dataclass(frozen=True)
class Corruption:
    """A spoilt row: the checks that must find it, and those that may find it too."""

    words: str
    statement: str
    must: set[str]
    may: set[str] = field(default_factory=set)


# Each corruption has a schedule, and so a scope, of its own: one rebuild shows them all.
CORRUPTIONS = {
    "RS-4": Corruption(
        "a net amount",
        "update {build}.bill set net_amount = net_amount + 0.01 where {key}",
        {"lines_foot_to_bills"},
    ),
    "GS-1": Corruption(
        "an energy amount",
        "update {build}.bill set energy_amount = energy_amount + 0.01 where {key}",
        {"components_foot_to_lines"},
    ),
    "RS-3": Corruption(
        "billed kWh, by a millionth",
        "update {build}.bill set kwh = kwh + 0.000001 where {key}",
        {"billed_energy_is_determined_energy"},
    ),
    "LGS-1": Corruption(
        "billed demand, by a millionth",
        "update {build}.bill set billing_demand_kw = billing_demand_kw + 0.000001 where {key}",
        {"billed_demand_is_determined_demand"},
    ),
    "TEGS": Corruption(
        "a line's amount",
        "update {build}.bill_line_item set amount = amount + 0.01 where {key} and line_no = 1",
        {"lines_are_as_priced", "lines_foot_to_bills"},
        FOOTING,
    ),
    "LP-2": Corruption(
        "a line's quantity, by a millionth",
        "update {build}.bill_line_item set quantity = quantity + 0.000001"
        " where {key} and line_no = 1",
        {"line_quantities_are_as_priced"},
    ),
    "CH-1": Corruption(
        "a bill that is missing",
        "delete from {build}.bill where {key}",
        {"every_read_has_one_outcome", "every_rated_request_has_a_bill"},
        FOOTING | BILLED,
    ),
    "EDU-1": Corruption(
        "a line that is missing",
        "delete from {build}.bill_line_item where {key} and line_no = 1",
        {"lines_are_as_priced", "line_quantities_are_as_priced", "lines_foot_to_bills"},
        FOOTING,
    ),
    "GSSH-1": Corruption(
        "an unbilled read that is missing",
        "delete from {build}.unbilled_read where {unbilled}",
        {"every_read_has_one_outcome"},
    ),
    "SP-1": Corruption(
        "a bill that stands twice",
        "insert into {build}.bill select * from {build}.bill where {key}",
        {"every_read_has_one_outcome"},
        {"every_rated_request_has_a_bill"} | FOOTING | BILLED,
    ),
    "TRS-2": Corruption(
        "a read both billed and unbilled",
        "insert into {build}.unbilled_read select agreement_id, billing_month, 'combined', '', 1"
        " from {build}.bill where {key}",
        {"every_read_has_one_outcome"},
    ),
    "SCIS-1": Corruption(
        "energy that is not priced, by a millionth",
        "update {build}.int_charge_step__priced as priced"
        " set slice_quantity = slice_quantity - 0.000001"
        " from {build}.int_recipe__charge_step as step, {build}.int_request__production as request"
        " where priced.step_key = step.step_key and priced.request_id = request.request_id"
        " and step.covers = 'kwh' and step.step_no = 1 and {request_key}",
        {"priced_energy_is_billed_energy"},
    ),
    "PSL-2FR": Corruption(
        "a bill of a month without a read",
        "update {build}.bill set billing_month = date '2031-01-01' where {key}",
        {"every_read_has_one_outcome", "every_rated_request_has_a_bill"},
        FOOTING | BILLED,
    ),
    "PL-3": Corruption(
        "a line of a month without a bill",
        "insert into {build}.bill_line_item select * replace (date '2031-01-01' as billing_month)"
        " from {build}.bill_line_item where {key} and line_no = 1",
        set(),
        {"every_line_has_a_bill", "lines_are_as_priced", "line_quantities_are_as_priced"} | FOOTING,
    ),
}
# Where a line or bill is counted that has no schedule of its own.
OTHER_SCOPES = {"no bill", "no request", "no agreement"}


def make_tables(url) -> None:
    """Make tables of those views of the build whose rows are to be spoilt."""
    views = select(
        url,
        "select view_name from duckdb_views() where schema_name = 'rating_build' and view_name in"
        " ('bill', 'bill_line_item', 'unbilled_read', 'int_charge_step__priced')",
    )
    for row in views:
        name = f"rating_build.{row['view_name']}"
        execute(
            url,
            f"create table {name}_rows as select * from {name}",
            f"drop view {name}",
            f"alter table {name}_rows rename to {row['view_name']}",
        )


def spoil(url, schedule: str, statement: str) -> None:
    """Spoil one row of a schedule; of its bills the first."""
    (bill,) = select(
        url,
        "select agreement_id, billing_month from rating_build.bill where schedule = ?"
        " and net_amount > 0 order by agreement_id, billing_month limit 1",
        [schedule],
    )
    key = "{0}agreement_id = '{agreement_id}' and {0}billing_month = date '{billing_month}'"
    (unbilled,) = select(
        url,
        "select agreement_id, billing_month from rating_build.unbilled_read"
        " where reason = 'combined' order by agreement_id, billing_month limit 1",
    )
    execute(
        url,
        statement.format(
            build="rating_build",
            key=key.format("", **bill),
            request_key=key.format("request.", **bill),
            unbilled=key.format("", **unbilled),
        ),
    )


@pytest.fixture(scope="module")
def failed(golden, tmp_path_factory) -> dict[str, set[str]]:
    """The checks that fail by scope, after every corruption and a rebuild of the checks."""
    url = file_copy(golden.url, tmp_path_factory.mktemp("spoilt"))
    make_tables(url)
    for schedule, corruption in CORRUPTIONS.items():
        spoil(url, schedule, corruption.statement)
    nodes = dbt_build(
        url,
        {"RATEBOOK_RUN_ID": "99"},
        arguments=("run", "--select", "path:models/reconciliation"),
    )
    assert not [node for node in nodes if node.is_bad]
    found: dict[str, set[str]] = {}
    query = "select scope, check_name from rating_build.reconciliation where status != 'pass'"
    for row in select(url, query):
        found.setdefault(row["scope"], set()).add(row["check_name"])
    return found


@pytest.mark.parametrize("schedule", CORRUPTIONS, ids=[one.words for one in CORRUPTIONS.values()])
def test_spoilt_row_is_found_by_its_checks_and_no_others(failed, schedule):
    corruption = CORRUPTIONS[schedule]
    found = failed.get(f"ipl-mo {schedule}", set())
    if corruption.words == "a line of a month without a bill":
        found = found.union(*(failed.get(scope, set()) for scope in OTHER_SCOPES))
    assert found
    assert corruption.must <= found <= corruption.must | corruption.may


def test_no_check_fails_where_nothing_is_spoilt(failed):
    assert failed.keys() <= {f"ipl-mo {schedule}" for schedule in CORRUPTIONS} | OTHER_SCOPES


def test_every_check_passes_on_the_untouched_portfolio(golden):
    assert {check.check_name for check in golden.report.checks} == {
        "every_read_has_one_outcome",
        "every_rated_request_has_a_bill",
        "lines_are_as_priced",
        "line_quantities_are_as_priced",
        "lines_foot_to_bills",
        "components_foot_to_lines",
        "lines_keep_their_component",
        "priced_energy_is_billed_energy",
        "billed_energy_is_determined_energy",
        "billed_demand_is_determined_demand",
    }
    assert not golden.report.failed_checks


def test_every_check_states_what_it_expected_and_what_it_found(golden):
    for check in golden.report.checks:
        assert check.expected == check.actual
        assert check.difference == 0


def test_every_schedule_with_a_bill_is_a_scope_of_the_checks(golden):
    schedules = {f"{bill['utility']} {bill['schedule']}" for bill in golden.bills}
    assert schedules <= {
        check.scope for check in golden.report.checks if check.check_name == "lines_foot_to_bills"
    }


def test_checks_of_a_run_are_kept_with_the_run(golden):
    rows = select(golden.url, "select distinct run_id from rating.reconciliation")
    assert rows == [{"run_id": golden.report.run_id}]


def test_checks_are_listed_failed_ones_first(golden, tmp_path):
    copy = database_file(file_copy(golden.url, tmp_path))
    with duckdb.connect(str(copy)) as connection:
        connection.execute(
            "update rating.reconciliation set status = 'fail'"
            " where check_name = 'lines_foot_to_bills' and scope = 'ipl-mo RS-4'"
        )
        found = checks_of(connection, golden.report.run_id)
    assert [(check.status, check.scope) for check in found][:2] == [
        ("fail", "ipl-mo RS-4"),
        ("pass", found[1].scope),
    ]
