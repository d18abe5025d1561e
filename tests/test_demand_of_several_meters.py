"""Demands made of several readings: combined meters, on-peak and off-peak, distribution."""

from decimal import Decimal

import pytest
from helpers import month_of
from test_demand_by_hand import made, ours


def test_gssh_floor_is_6_kw(by_hand):
    assert ours(by_hand, "HEATING", "2016-01") == made("4", "4", None, "6", "6", "6", "floor")


def test_gssh_on_peak_read_is_combined_and_its_kwh_are_billed_with_the_partners(by_hand):
    assert by_hand.reasons()["HEATING", "2015-08"] == "combined"
    # 1,000 kWh of the general meter and 500 of the heating meter.
    assert by_hand.bill("HEATED-METER", "2015-08")["kwh"] == Decimal(1500)


def test_combined_meters_are_summed_into_the_measured_demand(by_hand):
    # 60 + 65 = 125 kW; 80 % of it is 100 kW.
    assert ours(by_hand, "HEATED-METER", "2015-08") == made(
        "125", "125", ("100", "2015-08", "80"), "10", "125", "125", "measured"
    )


def test_a_ratchet_that_looks_back_at_a_combined_month_sees_the_sum(by_hand):
    # M16: 80 % of August's 125 kW, above January's 80 kW.
    assert ours(by_hand, "HEATED-METER", "2016-01") == made(
        "80", "80", ("100", "2015-08", "80"), "10", "100", "100", "ratchet"
    )


def test_a_ratchet_adds_a_meter_that_joins_today_in_summers_before_it_did(by_hand):
    # G6: August as the present terms combine, 60 + 65 = 125 kW; it was billed with 60.
    assert ours(by_hand, "JOINED-METER", "2015-08") == made(
        "60", "60", ("48", "2015-08", "80"), "10", "60", "60", "measured"
    )
    assert ours(by_hand, "JOINED-METER", "2016-01") == made(
        "80", "80", ("100", "2015-08", "80"), "10", "100", "100", "ratchet"
    )


def test_a_ratchet_leaves_out_a_meter_that_joins_no_longer(by_hand):
    # G6: August was billed with 125 kW; by the present terms it has 60, and 80 % of it is 48 kW.
    assert ours(by_hand, "LEFT-METER", "2015-08") == made(
        "125", "125", ("100", "2015-08", "80"), "10", "125", "125", "measured"
    )
    assert ours(by_hand, "LEFT-METER", "2016-01") == made(
        "80", "80", ("48", "2015-08", "80"), "10", "80", "80", "measured"
    )


@pytest.mark.parametrize(
    ("agreement_id", "in_august", "ratchet_kw", "kw_in_january", "binding"),
    [
        # August's 60 kW and the 65 of a meter whose own read ended before its terms began.
        ("LATER-METER", "60", "100", "100", "ratchet"),
        # August was billed with the 65 kW of a meter whose terms ended before the read did.
        ("EARLIER-METER", "125", "48", "80", "measured"),
    ],
)
def test_a_ratchet_adds_up_meters_by_its_own_days_where_they_are_read_on_others(
    by_hand, agreement_id, in_august, ratchet_kw, kw_in_january, binding
):
    assert by_hand.demand(agreement_id, "2015-08")["demand_kw"] == Decimal(in_august)
    assert ours(by_hand, agreement_id, "2016-01") == made(
        "80", "80", (ratchet_kw, "2015-08", "80"), "10", kw_in_january, kw_in_january, binding
    )


def test_scis_leaves_out_half_of_the_off_peak_excess_while_interruption_is_in_season(by_hand):
    # 2,600 − (2,600 − 2,000) ÷ 2 = 2,300 kW; × 0.95 ÷ 0.9 = 2,427.777778 kW, not rounded.
    assert ours(by_hand, "SCIS-PF", "2015-07") == made(
        "2300", "2427.777778", None, "1000", "2427.777778", "2427.777778", "measured"
    )


def test_scis_counts_all_off_peak_kw_outside_the_interruption_seasons(by_hand):
    # 2,600 × 0.95 ÷ 0.9 = 2,744.444444 kW.
    assert ours(by_hand, "SCIS-PF", "2015-10") == made(
        "2600", "2744.444444", None, "1000", "2744.444444", "2744.444444", "measured"
    )


def test_scis_power_factor_above_95_percent_lowers_the_demand(by_hand):
    # M17, no threshold: January lies in the season; 2,300 × 0.95 ÷ 0.98 = 2,229.591837 kW.
    assert ours(by_hand, "SCIS-PF", "2016-01") == made(
        "2300", "2229.591837", None, "1000", "2229.591837", "2229.591837", "measured"
    )


@pytest.mark.parametrize(
    ("agreement_id", "month", "kw"),
    [
        ("SCIS-JUNE-20", "2015-06", "2300"),
        ("SCIS-JUNE-19", "2015-06", "2600"),
        ("SCIS-SEPTEMBER-10", "2015-09", "2300"),
        ("SCIS-SEPTEMBER-11", "2015-09", "2600"),
    ],
)
def test_scis_season_reaches_from_june_20_to_september_10_both_included(
    by_hand, agreement_id, month, kw
):
    assert by_hand.demand(agreement_id, month)["demand_kw"] == Decimal(kw)


def test_scis_floor_is_1000_kw(by_hand):
    assert ours(by_hand, "SCIS-FLOOR", "2015-10") == made(
        "800", "800", None, "1000", "1000", "1000", "floor"
    )


def test_iowa_billed_demand_is_the_months_own(by_hand):
    assert ours(by_hand, "IOWA-SP", "2025-03") == made(
        "100", "100", None, None, "100", "100", "measured"
    )


def test_iowa_distribution_demand_is_the_highest_of_twelve_months(by_hand):
    assert ours(by_hand, "IOWA-SP", "2025-03", "distribution") == made(
        "100", "100", ("120", "2025-02", "100"), None, "120", "120", "ratchet"
    )


def test_iowa_large_power_bills_the_on_peak_demand(by_hand):
    assert ours(by_hand, "IOWA-LP", "2025-03") == made(
        "250", "250", None, None, "250", "250", "measured"
    )


def test_iowa_large_power_distributes_the_highest_demand_of_any_hour(by_hand):
    assert ours(by_hand, "IOWA-LP", "2025-03", "distribution") == made(
        "300", "300", ("310.5", "2025-02", "100"), None, "310.5", "310.5", "ratchet"
    )


def test_every_demand_of_the_golden_portfolio_belongs_to_a_bill_with_that_demand(golden):
    bills = {(bill["agreement_id"], bill["billing_month"]): bill for bill in golden.bills}
    for row in golden.demands:
        bill = bills[row["agreement_id"], row["billing_month"]]
        if row["demand_name"] == "billing":
            assert row["demand_kw"] == bill["billing_demand_kw"]


def test_no_ratchet_of_the_golden_portfolio_looks_further_back_than_eleven_months(golden):
    for row in golden.demands:
        peak, month = row["ratchet_month"], row["billing_month"]
        if peak is not None:
            assert month_of(f"{month.year - 1}-{month.month:02d}") < peak <= month
