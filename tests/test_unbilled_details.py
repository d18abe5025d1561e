"""What cannot be priced leaves a read unbilled with a detail; no bill silently lacks a line."""

import pytest
from helpers import Rated, rate_portfolio

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
    "DARK": ("PSL-2FR", "2015-03", "missing_determinant", "kwh is not known"),
    "INPUTS": ("RS-3", "2015-01", "no_rate_in_force", "no factor of FA-1 is known for this month"),
    "ZERO": ("RS-3", "2015-02", "no_rate_in_force", "no factor of FA-1 is known for this month"),
}
ENROLLED = {
    "RIDER": ("EDR-5", "A"),
    "OPTION": ("EDR-5", "C"),
    "BLANK": ("EDR-5", ""),
    "NOBODY": ("XYZ-1", ""),
}


def cost_inputs() -> list[dict[str, str]]:
    """2015-01 lacks an input, 2015-02 divides by zero, 2015-03 is whole."""
    changes = {
        "2015-01": {"purchased_kwh": None},
        "2015-02": {"net_generation_kwh": "-40000000"},
        "2015-03": {},
    }
    return [
        {
            "utility": "ipl-mo",
            "rider": "FA-1",
            "billing_month": month,
            "variable": variable,
            "value": value,
        }
        for month, change in changes.items()
        for variable, value in {**COSTS, **change}.items()
        if value is not None
    ]


def read(agreement: str, month: str, kwh: str) -> dict[str, str]:
    return {
        "agreement_id": agreement,
        "billing_month": month,
        "read_from": f"{month}-01",
        "read_to": f"{month}-28",
        "kwh": kwh,
        "kw": "50",
    }


@pytest.fixture(scope="module")
def unbilled(tmp_path_factory: pytest.TempPathFactory) -> Rated:
    start = {"utility": "ipl-mo", "start_date": "2014-01-01", "voltage": "secondary"}
    unit = {"quantity": "2", "start_date": "2014-01-01"}
    files = {
        "service_agreements": [
            {"agreement_id": name, "schedule": case[0], **start} for name, case in CASES.items()
        ],
        "meter_reads": [
            read(name, month, "" if schedule.startswith("P") else "1000")
            for name, (schedule, month, _, _) in CASES.items()
        ],
        "rider_enrollments": [
            {"agreement_id": name, "rider": rider, "option": option, "start_date": "2015-01-01"}
            for name, (rider, option) in ENROLLED.items()
        ],
        "unit_inventory": [
            {"agreement_id": "UNIT", "unit_code": "Q-9", "input_watts": "", **unit},
            {"agreement_id": "DARK", "unit_code": "b-1", "input_watts": "210", **unit},
        ],
        "rider_cost_inputs": cost_inputs(),
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
