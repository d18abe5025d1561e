"""The promised relations have the promised columns and no others than those written down here."""

from decimal import Decimal

import pytest
from helpers import select

from rating.store.export import promised_relations

# As in the contract, one relation a line; its keys first.
PROMISED = {
    "bill": "agreement_id account_id billing_month read_from read_to utility customer_class"
    " schedule version_effective_from season kwh billing_demand_kw customer_amount energy_amount"
    " demand_amount facilities_amount minimum_amount discount_amount adjustment_amount rider_amount"
    " credit_amount net_amount gross_amount run_id",
    "bill_line_item": "agreement_id billing_month line_no component schedule_or_rider"
    " version_effective_from charge_code description step_no determinant quantity unit price amount"
    " sheet source_document run_id",
    "billing_demand": "agreement_id billing_month demand_name measured_kw adjusted_kw ratchet_kw"
    " ratchet_month ratchet_percent floor_kw unrounded_kw demand_kw binding",
    "unbilled_read": "agreement_id billing_month reason detail",
    "rejected_row": "load_id file source_row_number reason row_data",
    "rating_run": "run_id started_at finished_at status engine code_version from_month to_month"
    " tariff_hash portfolio_hash reads bills unbilled net_amount message",
    "reconciliation": "run_id check_name scope expected actual difference status",
    "rate_schedule": "utility schedule title kind",
    "rate_version": "utility schedule effective_from effective_to status source_document",
    "rate_price": "utility schedule version_effective_from season charge_code component step_no"
    " from_quantity to_quantity limit_unit price unit condition sheet",
    "monthly_factor": "utility rider billing_month factor unit inputs sheet",
    # Not in the contract: what bills were before, what interval reads lack, and what they come to.
    "bill_history": "agreement_id billing_month replaced_by_run_id what run_id schedule"
    " version_effective_from kwh billing_demand_kw customer_amount energy_amount demand_amount"
    " facilities_amount minimum_amount discount_amount adjustment_amount rider_amount credit_amount"
    " net_amount gross_amount difference_amount account_id read_from read_to utility"
    " customer_class season",
    "interval_coverage": "agreement_id billing_month interval_minutes expected_intervals"
    " missing_intervals overlapping_intervals duplicate_intervals is_complete run_id",
    "interval_determinant": "agreement_id billing_month determinant interval_quantity"
    " read_quantity difference source run_id",
}
# The golden portfolio has no interval reads, and is rated once.
EMPTY = {"bill_history", "interval_coverage", "interval_determinant"}
ADDED = {
    "rating_run": "load_id base_run_id",
    "billing_demand": "run_id",
    "unbilled_read": "run_id",
    "rate_version": "unconfirmed_from sheet",
    "rate_price": "price_no",
}


def types(golden, relation):
    """The columns of a relation with their types."""
    rows = select(golden.url, f"describe rating.{relation}")
    return {row["column_name"]: row["column_type"] for row in rows}


def test_every_promised_relation_is_there_and_no_other():
    assert promised_relations() == sorted(PROMISED)


@pytest.mark.parametrize("relation", PROMISED)
def test_relation_has_the_promised_columns(golden, relation):
    expected = [*PROMISED[relation].split(), *ADDED.get(relation, "").split()]
    assert sorted(types(golden, relation)) == sorted(expected)


@pytest.mark.parametrize("relation", PROMISED)
def test_money_has_two_decimals_quantities_six_and_prices_eight(golden, relation):
    for column, kind in types(golden, relation).items():
        if column.endswith("_amount") or column == "amount":
            assert kind == "DECIMAL(18,2)", column
        elif column.endswith(("_kw", "kwh", "quantity", "_percent")):
            assert kind == "DECIMAL(18,6)", column
        elif column in ("price", "factor"):
            assert kind == "DECIMAL(19,8)", column


def test_quantity_times_price_comes_to_the_amount_without_a_cast(golden):
    lines = "select amount, round(quantity * price, 2) as product from rating.bill_line_item"
    found = select(golden.url, f"select * from ({lines}) where amount <> product")
    assert found == []
    (largest,) = select(golden.url, f"select max(amount) as usd from ({lines})")
    assert largest["usd"] > 92_234  # what 64 bits with fourteen decimals would hold


@pytest.mark.parametrize(
    "relation", [name for name, columns in PROMISED.items() if "billing_month" in columns.split()]
)
def test_billing_month_is_the_first_of_the_month(golden, relation):
    assert types(golden, relation)["billing_month"] == "DATE"
    found = select(golden.url, f"select distinct day(billing_month) as d from rating.{relation}")
    assert found == [{"d": 1}] or (found == [] and relation in EMPTY)


def test_components_are_the_promised_ones(golden):
    assert {line["component"] for line in golden.lines} <= {
        "customer", "energy", "demand", "facilities", "minimum", "discount", "adjustment",
        "rider", "credit",
    }  # fmt: skip


def test_components_of_a_bill_foot_to_its_net_amount(golden):
    columns = [name for name in PROMISED["bill"].split() if name.endswith("_amount")]
    parts = [name for name in columns if name not in ("net_amount", "gross_amount")]
    for bill in golden.bills:
        assert sum((bill[name] for name in parts), Decimal(0)) == bill["net_amount"]


def test_season_is_named_where_the_sheet_has_seasons_and_blank_elsewhere(golden):
    seasonal = {"RS-3", "RS-4", "TEGS", "CH-1", "EDU-1", "GSSH-1"}
    for bill in golden.bills:
        season = "on_peak" if 5 <= bill["billing_month"].month <= 9 else "off_peak"
        assert bill["season"] == (season if bill["schedule"] in seasonal else None)


def test_rate_price_is_the_whole_price_list(golden):
    # T-9: three blocks of demand, four of energy, the minimum and the discount.
    found = select(
        golden.url,
        "select charge_code, step_no, price, unit, limit_unit, sheet from rating.rate_price"
        " where schedule = 'LGS-1' and charge_code in ('demand', 'primary_voltage_discount')"
        " order by charge_code, step_no",
    )
    assert [(row["price"], row["unit"], row["sheet"]) for row in found] == [
        (Decimal("7.84"), "$/kW", "T-9"),
        (Decimal("6.31"), "$/kW", "T-9"),
        (Decimal("4.68"), "$/kW", "T-9"),
        (Decimal("-0.07"), "$/$", "T-10"),
    ]


@pytest.mark.parametrize("relation", ["rate_schedule", "rate_version", "rate_price"])
def test_tariffs_are_published_as_they_are_loaded_and_a_run_publishes_the_same(
    relation, golden, database
):
    query = f"select * from rating.{relation} order by all"
    loaded = select(database, query)
    assert loaded
    assert loaded == select(golden.url, query)


def test_rate_version_marks_what_no_text_confirms(golden):
    found = select(
        golden.url,
        "select schedule, status from rating.rate_version"
        " where schedule in ('RS-3', 'FA-1', 'MG2', 'RE') order by schedule",
    )
    assert [tuple(row.values()) for row in found] == [
        ("FA-1", "complete"),
        ("MG2", "incomplete"),
        ("RE", "complete"),
        ("RS-3", "unconfirmed"),
    ]
