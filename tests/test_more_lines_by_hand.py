"""Bills line by line, worked out by hand: minimums, flat amounts, water heating, Iowa."""

from decimal import Decimal
from unittest.mock import ANY

import pytest
from test_lines_by_hand import Sheet, ours, total


def test_sp1_shortfall_to_its_minimum_per_kw_is_a_line_of_its_own(by_hand):
    sheet = Sheet("SP-1", "T-22")
    assert ours(by_hand, "SP1-WINDOW", "2016-01") == [
        sheet.line(("energy", "energy", 1, "kwh"), "1000", "kWh", "0.0989", "98.90"),
        # $6.31 × 23 kW = 145.13.
        sheet.flat(("minimum", "minimum", 1), "46.23"),
    ]


def test_gssh_minimum_is_89_cents_per_kw_of_at_least_6_kw(by_hand):
    sheet = Sheet("GSSH-1", "T-24")
    assert ours(by_hand, "HEATING", "2016-01") == [
        sheet.line(("energy", "energy", 1, "kwh"), "100", "kWh", "0.0435", "4.35"),
        # $0.89 × 6 kW = 5.34.
        sheet.flat(("minimum", "minimum", 1), "0.99"),
    ]


def test_received_kwh_of_combined_meters_are_summed_before_the_netting(by_hand):
    # July: 1,000 + 500 − (300 + 100) kWh. August: 300 + 10 − (100 + 50) = 160 kWh × 3.10 ¢.
    assert by_hand.bill("SUN-METER", "2015-07")["kwh"] == 1100
    august = by_hand.bill("SUN-METER", "2015-08")
    assert (august["kwh"], august["credit_amount"]) == (0, Decimal("-4.96"))


def test_scis_charges_its_first_1000_kw_flat(by_hand):
    sheet = Sheet("SCIS-1", "T-29")
    assert ours(by_hand, "SCIS-FLOOR", "2015-10") == [
        sheet.flat(("demand", "demand", 1), "5529.00"),
        # 480 h × 1,000 kW of 500,000 kWh.
        sheet.line(("energy", "energy", 1, "kwh"), "480000", "kWh", "0.0505", "24240.00"),
        sheet.line(("energy", "energy", 2, "kwh"), "20000", "kWh", "0.0431", "862.00"),
    ]


def test_scis_charges_kw_above_1000_with_all_their_decimals(by_hand):
    sheet = Sheet("SCIS-1", "T-29")
    # 1,427.777778 kW × $5.27 = 7,524.388890.
    assert ours(by_hand, "SCIS-PF", "2015-07")[:2] == [
        sheet.flat(("demand", "demand", 1), "5529.00"),
        sheet.line(
            ("demand", "demand", 2, "billing_demand_kw"), "1427.777778", "kW", "5.27", "7524.39"
        ),
    ]


STANDARD, WATER = ("energy", "energy"), ("energy", "water_heating", 1, "water_heating_kwh")
RS3 = Sheet("RS-3", "T-2")
FIRST_150 = [
    RS3.line((*STANDARD, 1, "standard_kwh"), "30", "kWh", "0.2014", "6.04"),
    RS3.line((*STANDARD, 2, "standard_kwh"), "70", "kWh", "0.1292", "9.04"),
    RS3.line((*STANDARD, 3, "standard_kwh"), "50", "kWh", "0.1224", "6.12"),
]
WATER_HEATING = RS3.line(WATER, "300", "kWh", "0.0812", "24.36", "T-3")


def test_water_heating_begins_above_150_kwh(by_hand):
    assert ours(by_hand, "WATER", "2016-01") == FIRST_150


def test_water_heating_is_300_kwh_at_450_kwh(by_hand):
    assert ours(by_hand, "WATER", "2016-02") == [*FIRST_150, WATER_HEATING]


def test_with_water_heating_900_kwh_do_not_reach_the_last_standard_block(by_hand):
    # 900 − 300 = 600 kWh through the standard blocks: 30, 70, 200 and 300.
    assert ours(by_hand, "WATER", "2016-03") == [
        *FIRST_150[:2],
        RS3.line((*STANDARD, 3, "standard_kwh"), "200", "kWh", "0.1224", "24.48"),
        RS3.line((*STANDARD, 4, "standard_kwh"), "300", "kWh", "0.1109", "33.27"),
        WATER_HEATING,
    ]


@pytest.mark.parametrize(
    ("agreement_id", "price", "amount"),
    [("WATER", "0.104", "10.40"), ("WATER-AND-SPACE", "0.0435", "4.35")],
)
def test_over_900_kwh_with_water_heating_is_over_600_without(by_hand, agreement_id, price, amount):
    # M4: with space heating the last off-peak block has its own price.
    assert ours(by_hand, agreement_id, "2016-04") == [
        *FIRST_150[:2],
        RS3.line((*STANDARD, 3, "standard_kwh"), "200", "kWh", "0.1224", "24.48"),
        RS3.line((*STANDARD, 4, "standard_kwh"), "300", "kWh", "0.1109", "33.27"),
        RS3.line((*STANDARD, ANY, "standard_kwh"), "100", "kWh", price, amount),
        WATER_HEATING,
    ]


def test_iowa_limiter_takes_off_what_demand_and_energy_exceed_it_by(by_hand):
    sheet = Sheet("SP", "p. 4", since="2025-01-01", document="ilpt-ia-2025")
    assert ours(by_hand, "IOWA-SP", "2025-03") == [
        sheet.line(("customer", "basic_service", 1, None), "1", "month", "150", "150.00"),
        sheet.line(
            ("demand", "distribution_demand", 1, "distribution_demand_kw"),
            "120", "kW", "1.5", "180.00",
        ),
        sheet.line(("demand", "demand", 1, "billing_demand_kw"), "100", "kW", "10.6", "1060.00"),
        sheet.line(("energy", "energy", 1, "kwh"), "2000", "kWh", "0.0644", "128.80"),
        # $0.1625 × 2,000 = 325.00; 1,060.00 + 128.80 = 1,188.80 exceed it by 863.80.
        sheet.flat(("discount", "energy_limiter", 1), "-863.80"),
    ]  # fmt: skip
    # I11: no gross bill is stated in Iowa.
    assert total(by_hand.bill("IOWA-SP", "2025-03")) == ("655.00", "655.00")


def test_iowa_large_power_bills_distribution_and_on_peak_demand(by_hand):
    sheet = Sheet("LP", "p. 5", since="2025-01-01", document="ilpt-ia-2025")
    assert ours(by_hand, "IOWA-LP", "2025-03") == [
        sheet.line(("customer", "basic_service", 1, None), "1", "month", "200", "200.00"),
        sheet.line(
            ("demand", "distribution_demand", 1, "distribution_demand_kw"),
            "310.5", "kW", "2", "621.00",
        ),
        sheet.line(("demand", "demand", 1, "billing_demand_kw"), "250", "kW", "12", "3000.00"),
        sheet.line(("energy", "energy_on_peak", 1, "kwh_on_peak"), "40000", "kWh", "0.0749",
                   "2996.00"),
        sheet.line(("energy", "energy_off_peak", 1, "kwh_off_peak"), "30000", "kWh", "0.0509",
                   "1527.00"),
    ]  # fmt: skip


def test_mg1_charges_the_month_and_each_kwh(by_hand):
    sheet = Sheet("MG1", "Rate Schedule List", since="2023-11-01", document="ipl-mo-2023-summary")
    assert ours(by_hand, "MG1-SHOP", "2024-01") == [
        sheet.line(("customer", "customer", 1, None), "1", "month", "15", "15.00"),
        # 1,240 × 0.1302 = 161.448.
        sheet.line(("energy", "energy", 1, "kwh"), "1240", "kWh", "0.1302", "161.45"),
    ]


def blocks(rated, month: str) -> list[tuple[str, str]]:
    """(blocks, amount) of the renewable energy lines of a month."""
    return [
        (f"{line['quantity'].normalize():f}", str(line["amount"]))
        for line in rated.bill_lines("RENEWABLE", month)
        if line["schedule_or_rider"] == "E-AE"
    ]


def test_enrollment_counts_from_the_first_period_that_begins_after_it(by_hand):
    # G9: three more blocks from February 2 do not count in a period from February 1.
    assert blocks(by_hand, "2025-02") == [("2", "4.00")]


def test_two_enrollments_in_one_rider_are_charged_once_each(by_hand):
    # I8: 2 + 3 blocks at $2.00 are $10.00, on one line or on two.
    found = blocks(by_hand, "2025-03")
    assert found in ([("5", "10.00")], [("2", "4.00"), ("3", "6.00")])


def test_every_line_has_a_description_and_its_run(by_hand):
    assert all(line["description"] for line in by_hand.lines)
    assert {line["run_id"] for line in by_hand.lines} == {by_hand.report.run_id}


def test_line_numbers_rise_down_the_bill_without_a_repeat(by_hand):
    keys = [(row["agreement_id"], row["billing_month"], row["line_no"]) for row in by_hand.lines]
    assert len(keys) == len(set(keys))


def test_kwh_of_priced_lines_are_those_of_the_bill_where_no_block_is_flat(golden):
    # Summing the kWh of energy lines is a proof of revenue: a flat amount is no kWh.
    kwh: dict[tuple[object, object], Decimal] = {}
    for line in golden.lines:
        if line["component"] == "energy" and line["unit"] == "kWh":
            key = (line["agreement_id"], line["billing_month"])
            kwh[key] = kwh.get(key, Decimal(0)) + line["quantity"]
    for bill in golden.bills:
        if bill["schedule"] in ("LGS-1", "TEGS", "LP-2", "CH-1", "SP-1", "RS-4"):
            key = (bill["agreement_id"], bill["billing_month"])
            assert kwh.get(key, 0) == (bill["kwh"] or 0), key
