"""An invented schedule of demands, splits, minimums and riders with numbers of its own."""

from datetime import date
from decimal import Decimal

import pytest
from helpers import Rated, select
from test_invented_town import lines, made

from rating.explain.demand import demand_words


def demand(rated: Rated, agreement_id: str, month: str, name: str = "billing") -> tuple[str, str]:
    """(kW, what binds) of a demand."""
    row = rated.demand(agreement_id, month, name)
    return f"{row['demand_kw'].normalize():f}", row["binding"]


@pytest.mark.parametrize(
    ("agreement_id", "month", "expected"),
    [
        # January: 300 × 1.03 = 309 kW; 70 % of it is 216.3, below the cap of 400 and above
        # June's 150 × 1.03 × 0.9 ÷ 0.75 = 185.4 and 60 % of the contracted 200.
        ("MILL", "2020-06", ("216.3", "ratchet")),
        # 70 % of January's 600 kW is 420, capped at 400.
        ("CAPPED", "2020-06", ("400", "cap")),
        # 60 % of the contracted 100 kW, above the month's 30.
        ("CONTRACT", "2020-06", ("60", "contract")),
        ("SMALL", "2020-06", ("5", "floor")),
        # The ratchet leaves the month itself out and has no other: its group is void, cap and all.
        ("SKIPPED", "2020-02", ("90", "measured")),
        # January 2020 is the first of the 24 months to December 2021: 70 % of 100 kW.
        ("WINDOW", "2021-12", ("70", "ratchet")),
        # A month on, it has left them; 70 % of December's 20 kW is below January's 20.
        ("WINDOW", "2022-01", ("20", "measured")),
    ],
)
def test_demand_is_the_greatest_of_terms_and_of_a_capped_ratchet(
    invented, agreement_id, month, expected
):
    assert demand(invented, agreement_id, month) == expected


@pytest.mark.parametrize(
    ("agreement_id", "month", "expected"),
    [
        # The greater of 30 kW and the coincident 45.
        ("CONTRACT", "2020-06", ("45", "measured")),
        ("CAPPED", "2020-01", ("300", "cap")),
    ],
)
def test_demand_may_be_the_least_of_terms(invented, agreement_id, month, expected):
    assert demand(invented, agreement_id, month, "network") == expected


@pytest.mark.parametrize(
    ("agreement_id", "words"),
    [("CONTRACT", "the contract at 60 kW"), ("CAPPED", "the cap at 400 kW")],
)
def test_what_explains_a_demand_gives_the_contract_or_cap_that_binds(invented, agreement_id, words):
    row = invented.demand(agreement_id, "2020-06")
    assert demand_words(row).endswith(f"; {words} binds")


def test_demand_row_tells_the_meters_kw_from_the_uplifted_and_corrected(invented):
    row = invented.demand("MILL", "2020-06")
    assert (row["measured_kw"], row["adjusted_kw"]) == (Decimal(150), Decimal("185.4"))
    assert (row["ratchet_kw"], row["ratchet_percent"]) == (Decimal("216.3"), Decimal(70))
    assert (str(row["ratchet_month"]), row["floor_kw"]) == ("2020-01-01", Decimal(5))


@pytest.mark.parametrize(
    ("agreement_id", "month", "ratchet_month"),
    [("SKIPPED", "2020-02", None), ("WINDOW", "2022-01", date(2021, 12, 1))],
)
def test_ratchet_may_leave_out_the_month_itself(invented, agreement_id, month, ratchet_month):
    # In January 2022 as in December 2021 20 kW were measured; the latest month would be January.
    assert invented.demand(agreement_id, month)["ratchet_month"] == ratchet_month


def test_bill_of_every_kind_of_charge(invented):
    assert invented.bill("MILL", "2020-06")["kwh"] == Decimal(61800)  # 60,000 × 1.03
    assert lines(invented, "MILL", "2020-06") == made(
        ("demand", "1", "150.00"),
        ("demand", "80", "520.00"),
        ("demand", "116.3", "610.58"),  # × 5.25 = 610.575
        ("network", "154.5", "169.95"),
        # 61,800 × 100 ÷ 216.3 = 28,571.428571 kWh: 250 h × 100 kW, and the rest.
        ("steady_energy", "25000", "1500.00"),
        ("other_energy", "3571.428571", "178.57"),
        # 33,228.571429 kWh: 250 h × 116.3 kW × 5.5 ¢ = 1,599.125, and the rest.
        ("extra_energy", "29075", "1599.13"),
        ("extra_energy", "4153.571429", "186.91"),
        ("reactive", "38.2", "13.37"),  # 100 − 0.4 × 154.5
        ("overrun", "6.3", "12.60"),  # 216.3 − (200 + 10)
        # 3 % of 150.00 + 520.00 + 610.58 + 169.95 + 13.37 + 12.60 is 44.295.
        ("voltage_discount", "1476.50", "-44.30"),
        # 30,000 ÷ (1,000,000 × 0.95) = 0.03158; (0.03158 − 0.025) × 1.1 = 0.007238.
        ("fuel", "61800", "447.31"),
        ("drought", "447.31", "8.95"),
        ("rider_minimum", "1", "11.05"),
    )
    # 4,941.11 − 44.30 + 447.31 + 8.95 + 11.05; the sheet states no gross bill.
    bill = invented.bill("MILL", "2020-06")
    assert (bill["net_amount"], bill["gross_amount"]) == (Decimal("5364.12"), Decimal("5364.12"))


def test_monthly_factor_tells_its_inputs_in_the_order_of_the_sheet(invented):
    found = select(
        invented.url,
        "select factor, unit, inputs, sheet from rating.monthly_factor"
        " where utility = 'tri-lakes' and rider = 'FUEL' and billing_month = '2020-06-01'",
    )
    assert found == [
        {
            "factor": Decimal("0.007238"),
            "unit": "$/kWh",
            "inputs": "energy_cost=30000.00000000,freight=2500.00000000,resale=1500.00000000,"
            "kwh_sold=1000000.00000000",
            "sheet": "p. 7",
        }
    ]


def test_limiter_takes_off_all_above_it_and_the_greatest_minimum_is_tested_after_it(invented):
    assert lines(invented, "CAPPED", "2020-06") == made(
        ("demand", "1", "150.00"),
        ("demand", "80", "520.00"),
        ("demand", "300", "1575.00"),
        ("network", "50", "55.00"),
        ("steady_energy", "250", "15.00"),  # 1,000 kWh × 100 ÷ 400
        ("extra_energy", "750", "41.25"),
        # 2,356.25 above $0.30 × 1,000 kWh.
        ("limiter", "1", "-2056.25"),
        # $2.50 × 2,000 kW connected, above $3.00 × 400 kW billed; less 300.00.
        ("minimum_connected", "1", "4700.00"),
        ("fuel", "1000", "7.24"),
        ("drought", "7.24", "0.14"),
        ("rider_minimum", "1", "19.86"),
    )


def test_of_a_choice_by_the_greatest_a_later_charge_is_taken_where_it_is_greater(invented):
    # 670.00 + 110.00 + 6.00 = 786.00 is limited to $0.30 × 100 kWh; $3.00 × 100 kW billed is
    # above $2.50 × 10 kW connected: 300.00 − 30.00.
    found = lines(invented, "BILLED-MINIMUM", "2020-06")
    assert found[-5:-3] == made(("limiter", "1", "-756.00"), ("minimum_billed", "1", "270.00"))


def test_credit_comes_after_everything_else(invented):
    # An attribute of the agreement grants $0.50 × 30 kW.
    assert lines(invented, "CONTRACT", "2020-06")[-1:] == made(
        ("interruptible_credit", "30", "-15.00")
    )


def test_charge_whose_clause_tests_an_unknown_quantity_does_not_apply(invented):
    # Without a contracted kW there is no overrun, and the bill is made all the same.
    assert "overrun" not in {code for code, _, _ in lines(invented, "CAPPED", "2020-06")}


def test_all_reads_of_the_invented_utility_are_accounted_for(invented):
    assert set(invented.reasons()) == {
        ("GREEN-POWER", "2020-06"),
        ("LABELLED", "2020-06"),
        ("LABELLED", "2020-09"),
    }
    assert not invented.report.failed_checks


def test_shipped_tariffs_are_loaded_beside_the_invented_ones(invented):
    found = select(invented.url, "select distinct utility from rating.rate_schedule order by 1")
    assert [row["utility"] for row in found] == ["ilpt-ia", "ipl-mo", "tri-lakes"]
