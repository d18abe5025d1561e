"""Numbers that no meter reads are rejected with their bound; below it no product overflows."""

from decimal import Decimal
from itertools import count

import pytest
from helpers import (
    TARIFFS,
    Row,
    agreement,
    execute,
    make_database,
    read,
    select,
    write_portfolio,
)

from rating.portfolio.load import load_folder
from rating.run.run import rate

MONTHS = ("2015-08", "2016-01", "2020-06", "2021-01", "2024-02", "2025-08")
KWH, KW = "999999999.999999", "9999999.999999"


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    """A database with the shipped and the invented tariffs."""
    return make_database(tmp_path_factory.mktemp("bounds"), [TARIFFS])


def reasons(url, folder, files: dict[str, list[Row]]) -> list[str]:
    """The reasons of the rows that a load rejects."""
    report = load_folder(url, write_portfolio(folder, files), replace=True)
    rows = select(
        url,
        f"select reason from rating.rejected_row where load_id = {report.load_id}"
        " order by file, source_row_number",
    )
    return [row["reason"] for row in rows]


BEYOND = {
    "kwh": ("1000000000", "kwh 1000000000 is 1,000,000,000 or more: correct it"),
    "kwh_received": ("1e11", "kwh_received 1e11 is 1,000,000,000 or more: correct it"),
    "kw": ("10000000", "kw 10000000 is 10,000,000 or more: correct it"),
    "power_factor": ("0.009", "power_factor 0.009 is below 0.01: correct it"),
    "kvar": ("-1000000000", "kvar -1000000000 is 1,000,000,000 or more: correct it"),
}


@pytest.mark.parametrize("column", BEYOND)
def test_reading_beyond_any_meter_is_rejected_with_its_bound(url, tmp_path, column):
    value, reason = BEYOND[column]
    files = {
        "service_agreements": [agreement("A", "GS-1")],
        "meter_reads": [read("A", "2015-01", **{"kwh": "1", column: value})],
    }
    assert reasons(url, tmp_path / "portfolio", files) == [reason]


def test_other_numbers_beyond_reason_are_rejected_with_their_bound(url, tmp_path):
    files = {
        "service_agreements": [
            agreement("A", "GS-1"),
            agreement("B", "GS-1", extra_facilities_investment="1000000000"),
        ],
        "meter_reads": [read("A", "2015-01", kwh="1")],
        "lighting_hours": [{"utility": "ipl-mo", "billing_month": "2015-01", "hours": "10000"}],
        "rider_enrollments": [
            {"agreement_id": "A", "rider": "E-AE", "start_date": "2015-01-01", "quantity": "1e7"}
        ],
        "unit_inventory": [
            {"agreement_id": "A", "unit_code": "L", "start_date": "2015-01-01", "quantity": "1e9"},
            {"agreement_id": "A", "unit_code": "M", "start_date": "2015-01-01", "quantity": "1",
             "input_watts": "100000"},
        ],
    }  # fmt: skip
    assert reasons(url, tmp_path / "portfolio", files) == [
        "hours 10000 is 10,000 or more: correct it",
        "quantity 1e7 is 10,000,000 or more: correct it",
        "extra_facilities_investment 1000000000 is 1,000,000,000 or more: correct it",
        "quantity 1e9 is 1,000,000,000 or more: correct it",
        "input_watts 100000 is 100,000 or more: correct it",
    ]


def test_attribute_that_a_tariff_counts_with_must_be_a_number(url, tmp_path):
    # contract_kw is a number for Tri-Lakes and a text for anybody else.
    kw = {"A": "12.5", "B": "abc", "C": "-1", "D": "1000000000"}
    files = {
        "service_agreements": [
            *(
                agreement(name, "POWER", utility="tri-lakes", contract_kw=value)
                for name, value in kw.items()
            ),
            agreement("E", "GS-1", contract_kw="abc"),
        ],
        "meter_reads": [read("A", "2020-06", kwh="1")],
    }
    assert reasons(url, tmp_path / "portfolio", files) == [
        "contract_kw 'abc' is not a number: write digits with a decimal point",
        "contract_kw -1 is negative: correct it",
        "contract_kw 1000000000 is 1,000,000,000 or more: correct it",
    ]


def test_text_with_a_control_character_is_rejected(url, tmp_path):
    # Texts of a profile are joined by these two: one with them could pass for two others.
    files = {
        "service_agreements": [
            agreement("A", "RS-3"),
            agreement("B", "RS-3", phase="a\x1fb"),
            agreement("C", "RS-3", dwelling="a\x1eb"),
        ],
        "meter_reads": [read("A", "2015-01", kwh="1")],
    }
    assert reasons(url, tmp_path / "portfolio", files) == [
        "phase holds a control character: remove it",
        "dwelling holds a control character: remove it",
    ]


def everything_at_its_bound(url) -> dict[str, list[Row]]:
    """Every schedule with the largest numbers that load, and with the smallest divisors."""
    schedules = select(url, "select utility, schedule, kind from tariff.schedule")
    units = select(url, "select distinct operand from tariff.charge where operand like 'units:%'")
    agreements, reads, enrollments, inventory = [], [], [], []
    numbers = count()
    for schedule in (row for row in schedules if row["kind"] in ("rate", "lighting")):
        for month in MONTHS:
            for voltage, factor, kwh in (("secondary", "1", KWH), ("primary", "0.01", "0.000001")):
                name = f"A{next(numbers)}"
                agreements.append(
                    agreement(
                        name, schedule["schedule"], utility=schedule["utility"], phase="three",
                        voltage=voltage, extra_facilities_investment="999999999.99",
                        backup_firm_kw=KW, contract_kw=KWH, connected_kw=KWH,
                        secondary_metered="true", space_heating="true",
                    )
                )  # fmt: skip
                parts = dict.fromkeys(("kwh_received", "kwh_on_peak", "kwh_off_peak", "kvar"), KWH)
                power = dict.fromkeys(("kw", "kw_on_peak", "kw_off_peak", "kw_coincident"), KW)
                reads.append(read(name, month, kwh=kwh, power_factor=factor, **parts, **power))
                riders = [
                    rider["schedule"]
                    for rider in schedules
                    if rider["kind"] == "rider" and rider["utility"] == schedule["utility"]
                ]
                number = int(name[1:])
                if number % 8 == 2:  # one of them
                    riders = riders[number // 8 % (len(riders) or 1) :][:1]
                enrollments += [
                    {"agreement_id": name, "rider": rider, "option": "A",
                     "start_date": "2014-06-01", "quantity": KW}
                    for rider in riders
                    if number % 8 in (1, 2)
                ]  # fmt: skip
                inventory += [
                    {"agreement_id": name, "unit_code": unit["operand"][6:], "quantity": "999999",
                     "input_watts": "99999", "start_date": "2013-01-01"}
                    for unit in units
                    if schedule["kind"] == "lighting"
                ]  # fmt: skip
    return {
        "service_agreements": agreements,
        "meter_reads": reads,
        "rider_enrollments": enrollments,
        "unit_inventory": inventory,
        "rider_cost_inputs": extreme_costs(url),
        "lighting_hours": [
            {"utility": row["utility"], "billing_month": month, "hours": "9999.999999"}
            for row in select(url, "select utility from tariff.utility")
            for month in MONTHS
        ],
    }


def extreme_costs(url) -> list[Row]:
    """The largest inputs of every formula; in some months over the smallest divisors."""
    inputs = select(
        url,
        "select distinct schedule.utility, schedule.schedule as rider, variable, min(side) as side"
        " from tariff.formula_input inner join tariff.version using (version_id)"
        " inner join tariff.schedule as schedule using (schedule_id) group by all",
    )
    return [
        {
            "utility": row["utility"],
            "rider": row["rider"],
            "billing_month": month,
            "variable": row["variable"],
            "value": "0.000001" if row["side"] == "denominator" and month in MONTHS[2:4] else large,
        }
        for row in inputs
        for month in MONTHS
        for large in ["999999999999.999999"]
    ]


def test_nothing_that_loads_stops_a_run(url, tmp_path):
    assert reasons(url, tmp_path / "portfolio", everything_at_its_bound(url)) == []
    # A tariff may come to count with an attribute after it was loaded.
    execute(
        url,
        "update portfolio.service_agreement_attribute set value = 'abc'"
        " where attribute = 'contract_kw' and agreement_id like '%1'",
    )
    report = rate(url)
    assert report.status == "published", report.message
    assert report.bills > 50
    # Of 0.000001 kWh sold a kWh's share is beyond any factor: such a month has none.
    found = select(url, "select max(abs(factor)) as factor from rating.monthly_factor")
    assert found[0]["factor"] is None or found[0]["factor"] < 1000
    amounts = select(url, "select net_amount from rating.bill")
    assert all(isinstance(row["net_amount"], Decimal) for row in amounts)
