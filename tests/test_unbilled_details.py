"""What cannot be priced leaves a read unbilled with a detail; no bill silently lacks a line."""

import pytest
from helpers import Rated, cost_inputs, rate_portfolio

COSTS = {
    "fuel_cost": "400000",
    "purchased_power_cost": "3000000",
    "off_system_sales_cost": "0",
    "reconciliation": "0",
    "anticipated_adjustment": "0",
    "net_generation_kwh": "60000000",
    "purchased_kwh": "40000000",
    "off_system_sales_kwh": "0",
}
CASES = {
    "RIDER": ("RS-3", "2015-03", "no_rate_in_force", "rider EDR-5 does not apply to schedule RS-3"),
    "OPTION": ("LGS-1", "2015-03", "missing_determinant", "rider EDR-5 has no option C"),
    "BLANK": ("LGS-1", "2015-03", "missing_determinant", "rider EDR-5 needs an option"),
    "NOBODY": ("RS-3", "2015-03", "unknown_schedule", "the utility has no rider XYZ-1"),
    "UNIT": ("PL-3", "2015-03", "missing_determinant", "unit Q-9 is not on the sheet"),
    "DARK": (
        "PSL-2FR",
        "2015-03",
        "missing_determinant",
        "kwh is not known: lighting_hours is missing",
    ),
    "DIM": (
        "PSL-2FR",
        "2015-03",
        "missing_determinant",
        "kwh is not known: lamp_watts and lighting_hours are missing;"
        " units without watts: b-2, b-3",
    ),
    "INPUTS": ("RS-3", "2015-01", "no_rate_in_force", "no factor of FA-1 is known for this month"),
    "RATE": ("RE", "2025-05", "no_rate_in_force", "no factor of DG is known for this month"),
    "BLOCKS": ("RE", "2025-05", "missing_determinant", "enrolled_quantity:E-AE is not known"),
    "GAP": ("RS-3", "2016-12", "no_rate_in_force", "no factor of NM-1 is known for this month"),
    "FIRST": ("LGS-1", "2015-03", "unknown_schedule", "the utility has no rider XYZ-1"),
    "ZERO": ("RS-3", "2015-02", "no_rate_in_force", "no factor of FA-1 is known for this month"),
}
ENROLLED = {
    "RIDER": ("EDR-5", "A"),
    "OPTION": ("EDR-5", "C"),
    "BLANK": ("EDR-5", ""),
    "NOBODY": ("XYZ-1", ""),
    "RATE": ("DG", ""),
    "GAP": ("NM-1", ""),
}
# What is known of the costs behind net metering's price prices no month that no sheet prices (M22).
AVOIDED = {
    "fuel_cost": "1000000",
    "purchased_energy_cost": "2000000",
    "net_generation_kwh": "30000000",
    "purchased_kwh": "70000000",
}
POWER = {"purchased_power_cost": "980000", "kwh_sold": "10000000"}


def costs() -> list[dict[str, str]]:
    """2015-01 lacks an input, 2015-02 divides by zero, 2015-03 and 2016-12 are whole."""
    lacking = {name: value for name, value in COSTS.items() if name != "purchased_kwh"}
    return [
        *cost_inputs("ipl-mo", "FA-1", "2015-01", **lacking),
        *cost_inputs("ipl-mo", "FA-1", "2015-02", **COSTS | {"net_generation_kwh": "-40000000"}),
        *cost_inputs("ipl-mo", "FA-1", "2015-03", **COSTS),
        *cost_inputs("ipl-mo", "FA-1", "2016-12", **COSTS),
        *cost_inputs("ipl-mo", "NM-1", "2016-12", **AVOIDED),
        *cost_inputs("ilpt-ia", "PPA", "2025-05", **POWER),
    ]


def read(agreement: str, month: str, kwh: str) -> dict[str, str]:
    return {
        "agreement_id": agreement,
        "billing_month": month,
        "read_from": f"{month}-01",
        "read_to": f"{month}-28",
        "kwh": kwh,
        "kwh_received": "1200" if agreement in ("RATE", "GAP") else "",
        "kw": "50",
    }


@pytest.fixture(scope="module")
def unbilled(tmp_path_factory: pytest.TempPathFactory) -> Rated:
    start = {"start_date": "2014-01-01", "voltage": "secondary"}
    unit = {"quantity": "2", "start_date": "2014-01-01"}
    files = {
        "service_agreements": [
            {
                "agreement_id": name,
                "utility": "ilpt-ia" if case[0] == "RE" else "ipl-mo",
                "schedule": case[0],
                **start,
            }
            for name, case in CASES.items()
        ],
        "meter_reads": [
            read(name, month, "" if schedule.startswith("P") else "1000")
            for name, (schedule, month, _, _) in CASES.items()
        ],
        "rider_enrollments": [
            {"agreement_id": name, "rider": rider, "option": option, "start_date": "2015-01-01"}
            for name, (rider, option) in ENROLLED.items()
        ]
        + [
            {"agreement_id": "FIRST", "rider": rider, "option": "a", "start_date": "2014-10-01"}
            for rider in ("EDR-5", "CSP-1", "XYZ-1")
        ]
        + [
            {"agreement_id": "BLOCKS", "rider": "E-AE", "start_date": start, "quantity": quantity}
            for start, quantity in (("2020-01-01", ""), ("2021-01-01", "3"))
        ],
        "unit_inventory": [
            {"agreement_id": "UNIT", "unit_code": "Q-9", "input_watts": "", **unit},
            {"agreement_id": "DARK", "unit_code": "b-1", "input_watts": "210", **unit},
            {"agreement_id": "DIM", "unit_code": "b-1", "input_watts": "210", **unit},
            {"agreement_id": "DIM", "unit_code": "b-3", "input_watts": "0", **unit},
            {"agreement_id": "DIM", "unit_code": "b-2", "input_watts": "", **unit},
        ],
        "rider_cost_inputs": costs(),
    }
    return rate_portfolio(tmp_path_factory.mktemp("unbilled"), files)


@pytest.mark.parametrize("name", CASES)
def test_the_detail_says_what_is_missing(unbilled: Rated, name: str) -> None:
    _, month, reason, detail = CASES[name]
    (row,) = (row for row in unbilled.unbilled if row["agreement_id"] == name)
    assert (f"{row['billing_month']:%Y-%m}", row["reason"]) == (month, reason)
    assert row["detail"] == detail


def test_none_of_them_has_a_bill(unbilled: Rated) -> None:
    assert unbilled.bills == []
