"""How each demand comes about, worked out by hand for every rule of the books."""

from decimal import Decimal

import pytest
from helpers import Rated, Row, month_of

COLUMNS = (
    "measured_kw",
    "adjusted_kw",
    "ratchet_kw",
    "ratchet_month",
    "ratchet_percent",
    "floor_kw",
    "unrounded_kw",
    "demand_kw",
    "binding",
)


def made(
    measured: str | None,
    adjusted: str | None,
    ratchet: tuple[str, str, str] | None,
    floor: str | None,
    unrounded: str,
    demand: str,
    binding: str,
) -> Row:
    """The columns of billing_demand; the ratchet is (kW, month of the peak, percent)."""
    kw, month, percent = ratchet or (None, None, None)
    values = [
        _kw(measured), _kw(adjusted), _kw(kw), month and month_of(month), _kw(percent),
        _kw(floor), _kw(unrounded), _kw(demand), binding,
    ]  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def _kw(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def ours(rated: Rated, agreement_id: str, month: str, name: str = "billing") -> Row:
    """What was published of one demand."""
    row = rated.demand(agreement_id, month, name)
    return {column: row[column] for column in COLUMNS}


def test_lgs_ratchet_is_80_percent_of_the_adjusted_summer_peak_rounded_last(by_hand):
    # August: 125 kW × 0.85 ÷ 0.80 = 132.8125 kW, above September's 132; × 80 % = 106.25 kW,
    # above January's 90 kW, which a power factor of exactly 85 % leaves alone. To 106 kW.
    assert ours(by_hand, "LGS-RATCHET", "2016-01") == made(
        "90", "90", ("106.25", "2015-08", "80"), "10", "106.25", "106", "ratchet"
    )


def test_lgs_minimum_looks_at_the_highest_adjusted_demand_of_the_window_unrounded(by_hand):
    assert ours(by_hand, "LGS-RATCHET", "2016-01", "peak") == made(
        "90", "90", ("132.8125", "2015-08", "100"), None, "132.8125", "132.8125", "ratchet"
    )


def test_lgs_current_summer_month_counts_in_its_own_ratchet(by_hand):
    # July 100 kW: 80 % of it is 80 kW.
    assert ours(by_hand, "LGS-RATCHET", "2015-07") == made(
        "100", "100", ("80", "2015-07", "80"), "10", "100", "100", "measured"
    )


def test_lgs_secondary_floor_is_10_kw_and_months_without_summer_have_no_ratchet(by_hand):
    assert ours(by_hand, "LGS-LOW", "2016-01") == made("4", "4", None, "10", "10", "10", "floor")


def test_on_a_tie_of_demand_and_floor_the_measured_demand_binds(by_hand):
    assert ours(by_hand, "LGS-TIE", "2016-01") == made(
        "10", "10", None, "10", "10", "10", "measured"
    )


def test_half_a_kilowatt_rounds_away_from_zero(by_hand):
    assert ours(by_hand, "LGS-HALF", "2016-01") == made(
        "10.5", "10.5", None, "10", "10.5", "11", "measured"
    )


def test_lgs_primary_floor_is_75_kw(by_hand):
    assert ours(by_hand, "LGS-PRIMARY", "2016-01") == made(
        "60", "60", None, "75", "75", "75", "floor"
    )


def test_secondary_metering_comes_before_the_power_factor_in_the_month_and_in_history(by_hand):
    # 200 kW × 1.025 = 205 kW; × 0.85 ÷ 0.80 = 217.8125 kW. July: 260 × 1.025 × 80 % = 213.2 kW.
    # What the meter measured is stated before the 2.5 %.
    assert ours(by_hand, "LGS-METERED", "2016-01") == made(
        "200", "217.8125", ("213.2", "2015-07", "80"), "75", "217.8125", "218", "measured"
    )


def test_an_adjusted_quantity_is_rounded_once(by_hand):
    # 101.951219 kW × 1.025 = 104.499999475: to six decimals, and to 104 kW. By way of seven
    # decimals it would be 104.5, and 105 kW. 6,050.275619 kWh × 1.025 = 6,201.532509475.
    assert ours(by_hand, "LGS-TAIL", "2016-04") == made(
        "101.951219", "104.499999", None, "75", "104.499999", "104",
        "measured",
    )  # fmt: skip
    assert by_hand.bill("LGS-TAIL", "2016-04")["kwh"] == Decimal("6201.532509")


def test_history_is_adjusted_by_the_terms_that_rate_the_present(by_hand):
    # G6: August's 200 kW were read under secondary terms; × 1.025 × 80 % = 164 kW.
    assert ours(by_hand, "LGS-MOVED", "2015-10") == made(
        "20", "20.5", ("164", "2015-08", "80"), "75", "164", "164", "ratchet"
    )


def test_a_peak_eleven_months_back_is_inside_the_window(by_hand):
    assert ours(by_hand, "LGS-WINDOW", "2016-07") == made(
        "50", "50", ("80", "2015-08", "80"), "10", "80", "80", "ratchet"
    )


def test_a_peak_twelve_months_back_is_outside_the_window(by_hand):
    # August 2015 has left it; the highest summer demand is July's 50 kW: 40 kW.
    assert ours(by_hand, "LGS-WINDOW", "2016-08") == made(
        "30", "30", ("40", "2016-07", "80"), "10", "40", "40", "ratchet"
    )


def test_a_month_without_a_read_does_not_lengthen_the_window(by_hand):
    # Ten of the twelve months to September 2016 have no read; August 2015 stays outside.
    assert ours(by_hand, "LGS-WINDOW", "2016-09") == made(
        "30", "30", ("40", "2016-07", "80"), "10", "40", "40", "ratchet"
    )


def test_a_read_that_was_not_billed_counts_in_the_ratchet(by_hand):
    assert by_hand.reasons()["LGS-UNBILLED", "2015-08"] == "missing_determinant"
    assert ours(by_hand, "LGS-UNBILLED", "2015-10") == made(
        "20", "20", ("80", "2015-08", "80"), "10", "80", "80", "ratchet"
    )


def test_gs_demand_is_the_highest_adjusted_demand_of_twelve_months(by_hand):
    # February 2015: 12.4 kW × 0.85 ÷ 0.68 = 15.5 kW, to 16 kW.
    assert ours(by_hand, "GS-WINDOW", "2016-01") == made(
        "8", "8", ("15.5", "2015-02", "100"), None, "15.5", "16", "ratchet"
    )


def test_of_months_with_the_same_peak_the_latest_is_named_and_the_month_itself_binds(by_hand):
    assert ours(by_hand, "GS-WINDOW", "2016-02") == made(
        "8", "8", ("8", "2016-02", "100"), None, "8", "8", "measured"
    )


@pytest.mark.parametrize("agreement_id", ["GS-UNKNOWN", "CH-UNKNOWN"])
def test_without_kw_anywhere_in_the_window_there_is_no_billing_demand(by_hand, agreement_id):
    assert by_hand.bill(agreement_id, "2016-01")["billing_demand_kw"] is None
    assert not [row for row in by_hand.demands if row["agreement_id"] == agreement_id]


def test_tegs_off_peak_takes_the_months_demand_where_it_is_the_lesser(by_hand):
    # (A) 250 kW; (B) the greatest of 300, 75 % of 250 = 187.5, and 20 kW.
    assert ours(by_hand, "TEGS-A", "2016-01") == made(
        "250", "250", ("300", "2015-08", "100"), "20", "250", "250", "measured"
    )


def test_tegs_off_peak_takes_the_summer_peak_where_it_is_the_lesser(by_hand):
    # (A) 200 kW; (B) the greatest of August's 180 (July 100), 75 % of 200 = 150, and 20 kW.
    assert ours(by_hand, "TEGS-B", "2016-01") == made(
        "200", "200", ("180", "2015-08", "100"), "20", "180", "180", "ratchet"
    )


def test_tegs_off_peak_counts_at_least_75_percent_of_the_months_demand(by_hand):
    # (A) 200 kW; (B) the greatest of 50, 75 % of 200 = 150, and 20 kW.
    assert ours(by_hand, "TEGS-75", "2016-01") == made(
        "200", "200", ("50", "2015-08", "100"), "20", "150", "150", "measured"
    )


def test_tegs_off_peak_without_a_summer_month_takes_the_months_demand(by_hand):
    # M11: (B) cannot be determined, so (A) governs: 150 kW, though 75 % of it would be less.
    assert ours(by_hand, "TEGS-NO-SUMMER", "2016-01") == made(
        "150", "150", None, "20", "150", "150", "measured"
    )


def test_tegs_off_peak_floor_is_20_kw_in_both_a_and_b(by_hand):
    assert ours(by_hand, "TEGS-LOW", "2016-01") == made(
        "12", "12", ("12", "2015-08", "100"), "20", "20", "20", "floor"
    )


def test_tegs_on_peak_has_no_ratchet(by_hand):
    assert ours(by_hand, "TEGS-LOW", "2015-08") == made("12", "12", None, "20", "20", "20", "floor")


def test_lp_ratchet_binds_above_its_primary_floor(by_hand):
    assert ours(by_hand, "LP-RATCHET", "2016-01") == made(
        "700", "700", ("800", "2015-09", "80"), "200", "800", "800", "ratchet"
    )


def test_lp_transmission_floor_is_3000_kw(by_hand):
    assert ours(by_hand, "LP-TRANSMISSION", "2016-01") == made(
        "1500", "1500", None, "3000", "3000", "3000", "floor"
    )


def test_ch_ratchet_gives_a_demand_to_a_month_without_kw(by_hand):
    # G8: 80 % of August's 80 kW.
    assert ours(by_hand, "CH-RATCHET", "2016-01") == made(
        None, None, ("64", "2015-08", "80"), "50", "64", "64", "ratchet"
    )


def test_ch_floor_gives_a_demand_to_a_month_without_kw_where_the_window_has_some(by_hand):
    assert ours(by_hand, "CH-FLOOR", "2016-01") == made(None, None, None, "50", "50", "50", "floor")


def test_sp1_demand_is_the_highest_of_twelve_months_rounded(by_hand):
    assert ours(by_hand, "SP1-WINDOW", "2016-01") == made(
        "15", "15", ("22.6", "2015-03", "100"), "10", "22.6", "23", "ratchet"
    )


def test_on_a_tie_of_demand_ratchet_and_floor_the_measured_demand_binds(by_hand):
    assert ours(by_hand, "SP1-TIE", "2016-01") == made(
        "10", "10", ("10", "2016-01", "100"), "10", "10", "10", "measured"
    )
