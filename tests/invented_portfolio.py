"""Agreements of the invented utility Tri-Lakes, whose bills are worked out by hand."""

from typing import Any

from helpers import Row, agreement, cost_inputs, months, read


def customer(agreement_id: str, schedule: str, **values: Any) -> Row:
    """An agreement of the invented utility."""
    return agreement(agreement_id, schedule, utility="tri-lakes", start_date="2020-01-01", **values)


AGREEMENTS = [
    customer("HOUSE", "TOWN"),
    customer("FLAT", "TOWN", dwelling="flat"),
    customer("THREE-PHASE", "TOWN", phase="three"),
    customer("OLD-PRICES", "TOWN"),
    customer("NEW-PRICES", "TOWN"),
    customer("GREEN", "TOWN"),
    customer("SUN", "TOWN"),
    customer("SUN-LATER", "TOWN"),
    customer("MILL", "POWER", voltage="primary", metered_at="low", contract_kw="200",
             connected_kw="150"),
    customer("CAPPED", "POWER", connected_kw="2000"),
    customer("CONTRACT", "POWER", contract_kw="100", interruptible="true"),
    customer("BILLED-MINIMUM", "POWER", connected_kw="10"),
    customer("SMALL", "POWER"),
    customer("SKIPPED", "POWER"),
    customer("WINDOW", "POWER"),
    customer("GREEN-POWER", "POWER"),
    customer("LABELLED", "LABEL"),
]  # fmt: skip


def power(agreement_id: str, month: str, kw: str, kwh: str = "1000", **values: str) -> Row:
    """A read with kW."""
    return read(agreement_id, month, kw=kw, kwh=kwh, **values)


READS = [
    read("HOUSE", "2020-06", kwh="500"),
    read("HOUSE", "2020-07", kwh="0"),
    read("HOUSE", "2020-11", kwh="300"),
    read("HOUSE", "2021-01", kwh="500"),
    read("FLAT", "2021-01", kwh="500"),
    read("THREE-PHASE", "2020-07", kwh="0"),
    read("OLD-PRICES", "2021-03", kwh="480", read_from="2021-02-20", read_to="2021-03-16"),
    read("NEW-PRICES", "2021-03", kwh="480", read_from="2021-02-20", read_to="2021-03-17"),
    read("GREEN", "2021-01", kwh="310"),
    read("GREEN", "2021-03", kwh="240", read_from="2021-02-20", read_to="2021-03-16"),
    read("SUN", "2021-02", kwh="280"),
    read("SUN", "2021-04", kwh="600"),
    read("SUN", "2021-05", kwh="100"),
    read("SUN-LATER", "2021-04", kwh="600"),
    power("MILL", "2020-01", "300", "50000"),
    power("MILL", "2020-06", "150", "60000", power_factor="0.75", kvar="100"),
    power("CAPPED", "2020-01", "600"),
    power("CAPPED", "2020-06", "50"),
    power("CONTRACT", "2020-06", "30", kw_coincident="45"),
    power("BILLED-MINIMUM", "2020-06", "100", "100"),
    power("SMALL", "2020-06", "3"),
    power("SKIPPED", "2020-02", "90"),
    power("WINDOW", "2020-01", "100"),
    power("WINDOW", "2021-12", "20"),
    power("WINDOW", "2022-01", "20"),
    power("GREEN-POWER", "2020-06", "10"),
    read("LABELLED", "2020-04", kwh="100", read_from="2020-04-20", read_to="2020-05-20"),
    read("LABELLED", "2020-06", kwh="100", read_from="2020-06-20", read_to="2020-07-20"),
    read("LABELLED", "2020-07", kwh="100", read_from="2020-06-01", read_to="2020-07-01"),
    read("LABELLED", "2020-09", kwh="100"),
]

ENROLLMENTS = [
    {"agreement_id": "GREEN", "rider": "GREEN", "start_date": "2020-02-15", "option": "half",
     "quantity": "3"},
    {"agreement_id": "GREEN-POWER", "rider": "GREEN", "start_date": "2020-02-15",
     "option": "half", "quantity": "3"},
    {"agreement_id": "SUN", "rider": "SUN", "start_date": "2020-06-01", "quantity": "2"},
    {"agreement_id": "SUN-LATER", "rider": "SUN", "start_date": "2021-03-16", "quantity": "2"},
]  # fmt: skip

FUEL = {"energy_cost": "30000", "freight": "2500", "resale": "1500", "kwh_sold": "1000000"}

FILES = {
    "service_agreements": AGREEMENTS,
    "meter_reads": READS,
    "rider_enrollments": ENROLLMENTS,
    "rider_cost_inputs": [
        *(row for month in months("2020-01", 25) for row in cost_inputs(
            "tri-lakes", "FUEL", month, **FUEL)),
        *(row for month in months("2020-01", 25) for row in cost_inputs(
            "tri-lakes", "TRUE-UP", month, cents="-0.123" if month == "2020-11" else "0")),
    ],
}  # fmt: skip
