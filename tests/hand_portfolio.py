"""Agreements whose demands and bills are worked out by hand in the tests.

The fuel adjustment is zero but in December 2015: B is $102,120 higher there, so that A is
$1,988,276.40 ÷ 1,021,200 = $1.947, $0.100 above the base: × 0.015 = $0.0015 a kWh.
"""

from helpers import Row, agreement, fuel_costs, months, purchased_power_costs, read

PRIMARY = {"voltage": "primary", "phase": "three"}
THREE = {"phase": "three"}
IOWA = {"utility": "ilpt-ia", "start_date": "2025-01-01"}

AGREEMENTS: list[Row] = [
    agreement("LGS-RATCHET", "LGS-1", **THREE),
    agreement("LGS-LOW", "LGS-1", **THREE),
    agreement("LGS-TIE", "LGS-1", **THREE),
    agreement("LGS-HALF", "LGS-1", **THREE),
    agreement("LGS-PRIMARY", "LGS-1", **PRIMARY, customer_owned_transformation="true"),
    agreement("LGS-METERED", "LGS-1", **PRIMARY, secondary_metered="true"),
    agreement("LGS-TAIL", "LGS-1", **PRIMARY, secondary_metered="true"),
    agreement("LGS-WINDOW", "LGS-1", **THREE),
    agreement("LGS-UNBILLED", "LGS-1", **THREE),
    agreement("LGS-MOVED", "LGS-1", **THREE, end_date="2015-10-01"),
    agreement(
        "LGS-MOVED", "LGS-1", **PRIMARY, secondary_metered="true", start_date="2015-10-01"
    ),
    agreement("GS-WINDOW", "GS-1", **THREE),
    agreement("GS-UNKNOWN", "GS-1"),
    agreement("TEGS-A", "TEGS", **THREE),
    agreement("TEGS-B", "TEGS", **THREE),
    agreement("TEGS-75", "TEGS", **THREE),
    agreement("TEGS-NO-SUMMER", "TEGS", **THREE),
    agreement("TEGS-LOW", "TEGS", **THREE),
    agreement("TEGS-LARGE", "TEGS", **THREE),
    agreement("LP-LARGE", "LP-2", **PRIMARY, extra_facilities_investment="100000"),
    agreement("LP-RATCHET", "LP-2", **PRIMARY),
    agreement(
        "LP-TRANSMISSION", "LP-2", voltage="transmission", phase="three",
        customer_owned_transformation="true",
    ),
    agreement("CH-350", "CH-1", **THREE),
    agreement("CH-351", "CH-1", **THREE),
    agreement("CH-RATCHET", "CH-1", **THREE),
    agreement("CH-FLOOR", "CH-1", **THREE),
    agreement("CH-UNKNOWN", "CH-1", **THREE),
    agreement("SP1-WINDOW", "SP-1", **THREE),
    agreement("SP1-TIE", "SP-1", **THREE),
    agreement("HEATED-METER", "LGS-1", **THREE),
    agreement("HEATING", "GSSH-1", **THREE, combined_with_agreement_id="HEATED-METER"),
    agreement("JOINED-METER", "LGS-1", **THREE),
    agreement("JOINING", "GS-1", **THREE, end_date="2015-10-01"),
    agreement(
        "JOINING", "GSSH-1", **THREE, start_date="2015-10-01",
        combined_with_agreement_id="JOINED-METER",
    ),
    agreement("LEFT-METER", "LGS-1", **THREE),
    agreement(
        "LEAVING", "GSSH-1", **THREE, end_date="2015-10-01",
        combined_with_agreement_id="LEFT-METER",
    ),
    agreement("LEAVING", "GS-1", **THREE, start_date="2015-10-01"),
    # Terms that change between the days on which the two meters are read.
    agreement("LATER-METER", "LGS-1", **THREE),
    agreement("JOINING-BETWEEN", "GS-1", **THREE, end_date="2015-09-08"),
    agreement(
        "JOINING-BETWEEN", "GSSH-1", **THREE, start_date="2015-09-08",
        combined_with_agreement_id="LATER-METER",
    ),
    agreement("EARLIER-METER", "LGS-1", **THREE),
    agreement(
        "LEAVING-BETWEEN", "GSSH-1", **THREE, end_date="2015-09-08",
        combined_with_agreement_id="EARLIER-METER",
    ),
    agreement("LEAVING-BETWEEN", "GS-1", **THREE, start_date="2015-09-08"),
    agreement("SUN-METER", "LGS-1", **THREE),
    agreement("SUN-HEATING", "GSSH-1", **THREE, combined_with_agreement_id="SUN-METER"),
    agreement("SCIS-PF", "SCIS-1", **PRIMARY),
    agreement("SCIS-JUNE-20", "SCIS-1", **PRIMARY),
    agreement("SCIS-JUNE-19", "SCIS-1", **PRIMARY),
    agreement("SCIS-SEPTEMBER-10", "SCIS-1", **PRIMARY),
    agreement("SCIS-SEPTEMBER-11", "SCIS-1", **PRIMARY),
    agreement("SCIS-FLOOR", "SCIS-1", **PRIMARY),
    agreement("WATER", "RS-3", water_heating="true"),
    agreement("WATER-AND-SPACE", "RS-3", water_heating="true", space_heating="true"),
    agreement("IOWA-SP", "SP", **IOWA),
    agreement("IOWA-LP", "LP", **IOWA),
    agreement("RENEWABLE", "RE", **IOWA),
    agreement("MG1-SHOP", "MG1"),
]  # fmt: skip


def power(agreement_id: str, kw_by_month: dict[str, str], kwh: str = "1000") -> list[Row]:
    """Reads that differ in kW alone."""
    return [read(agreement_id, month, kwh=kwh, kw=kw) for month, kw in kw_by_month.items()]


READS: list[Row] = [
    *power("LGS-RATCHET", {"2015-07": "100", "2015-09": "132", "2015-12": "90"}),
    read("LGS-RATCHET", "2015-08", kwh="1000", kw="125", power_factor="0.80"),
    read("LGS-RATCHET", "2016-01", kwh="30000", kw="90", power_factor="0.85"),
    *power("LGS-LOW", {"2016-01": "4"}, kwh="0"),
    *power("LGS-TIE", {"2016-01": "10"}),
    *power("LGS-HALF", {"2016-01": "10.5"}),
    *power("LGS-PRIMARY", {"2016-01": "60"}, kwh="5000"),
    *power("LGS-METERED", {"2015-07": "260"}),
    read("LGS-METERED", "2016-01", kwh="40000", kw="200", power_factor="0.80"),
    read("LGS-TAIL", "2016-04", kwh="6050.275619", kw="101.951219"),
    read("SUN-METER", "2015-07", kwh="1000", kwh_received="300", kw="20"),
    read("SUN-HEATING", "2015-07", kwh="500", kwh_received="100", kw="5"),
    read("SUN-METER", "2015-08", kwh="100", kwh_received="300", kw="20"),
    read("SUN-HEATING", "2015-08", kwh="50", kwh_received="10", kw="5"),
    *power("LGS-WINDOW", {"2015-08": "100", "2016-07": "50", "2016-08": "30", "2016-09": "30"}),
    *power("LGS-UNBILLED", {"2015-08": "100"}, kwh=""),
    *power("LGS-UNBILLED", {"2015-10": "20"}),
    *power("LGS-MOVED", {"2015-08": "200", "2015-10": "20"}),
    read("GS-WINDOW", "2015-02", kwh="300", kw="12.4", power_factor="0.68"),
    *power("GS-WINDOW", {"2016-01": "8", "2016-02": "8"}, kwh="300"),
    *power("GS-UNKNOWN", {"2016-01": ""}),
    *power("TEGS-A", {"2015-08": "300", "2016-01": "250"}),
    *power("TEGS-B", {"2015-07": "100", "2015-08": "180", "2016-01": "200"}),
    *power("TEGS-75", {"2015-08": "50", "2016-01": "200"}),
    *power("TEGS-NO-SUMMER", {"2015-10": "200", "2016-01": "150"}),
    *power("TEGS-LOW", {"2015-08": "12", "2016-01": "12"}),
    *power("TEGS-LARGE", {"2015-08": "2000"}, kwh="800000"),
    *power("LP-LARGE", {"2016-01": "2400"}, kwh="1000000"),
    *power("LP-RATCHET", {"2015-09": "1000", "2016-01": "700"}),
    *power("LP-TRANSMISSION", {"2016-01": "1500"}, kwh="500000"),
    *power("CH-350", {"2016-01": "100"}, kwh="35000"),
    *power("CH-351", {"2016-01": "100"}, kwh="35001"),
    *power("CH-RATCHET", {"2015-08": "80", "2016-01": ""}),
    *power("CH-FLOOR", {"2015-11": "30", "2016-01": ""}),
    *power("CH-UNKNOWN", {"2016-01": ""}),
    *power("SP1-WINDOW", {"2015-03": "22.6", "2016-01": "15"}),
    *power("SP1-TIE", {"2016-01": "10"}),
    *power("HEATED-METER", {"2015-08": "60", "2016-01": "80"}),
    *power("HEATING", {"2015-08": "65"}, kwh="500"),
    *power("JOINED-METER", {"2015-08": "60", "2016-01": "80"}),
    *power("JOINING", {"2015-08": "65", "2016-01": "4"}, kwh="500"),
    *power("LEFT-METER", {"2015-08": "60", "2016-01": "80"}),
    *power("LEAVING", {"2015-08": "65", "2016-01": "4"}, kwh="500"),
    *(
        read(
            name, "2015-08", kwh="1000", kw=kw, read_from=f"2015-08-{day}", read_to=f"2015-09-{day}"
        )
        for name, kw, day in [
            ("LATER-METER", "60", "11"),
            ("JOINING-BETWEEN", "65", "05"),
            ("EARLIER-METER", "60", "11"),
            ("LEAVING-BETWEEN", "65", "05"),
        ]
    ),
    *power("LATER-METER", {"2016-01": "80"}),
    *power("EARLIER-METER", {"2016-01": "80"}),
    *power("HEATING", {"2016-01": "4"}, kwh="100"),
    *power("WATER", {"2016-01": ""}, kwh="150"),
    *power("WATER", {"2016-02": ""}, kwh="450"),
    *power("WATER", {"2016-03": ""}, kwh="900"),
    *power("WATER", {"2016-04": ""}, kwh="1000"),
    *power("WATER-AND-SPACE", {"2016-04": ""}, kwh="1000"),
    *power("RENEWABLE", {"2025-02": "", "2025-03": ""}),
    read("MG1-SHOP", "2024-01", kwh="1240"),
    *power("IOWA-SP", {"2025-02": "120", "2025-03": "100"}, kwh="2000"),
]


def peaks(agreement_id: str, month: str, on_peak: str, off_peak: str, **values: object) -> Row:
    """A read with its kW on and off peak, 500,000 kWh unless said."""
    return read(
        agreement_id, month,
        **{"kwh": "500000", "kw_on_peak": on_peak, "kw_off_peak": off_peak, **values},
    )  # fmt: skip


READS += [
    peaks("SCIS-PF", "2015-07", "2000", "2600", power_factor="0.9"),
    peaks("SCIS-PF", "2015-10", "2000", "2600", power_factor="0.9"),
    peaks("SCIS-PF", "2016-01", "2000", "2600", power_factor="0.98"),
    peaks("SCIS-JUNE-20", "2015-06", "2000", "2600", read_from="2015-05-21", read_to="2015-06-21"),
    peaks("SCIS-JUNE-19", "2015-06", "2000", "2600", read_from="2015-05-20", read_to="2015-06-20"),
    peaks(
        "SCIS-SEPTEMBER-10", "2015-09", "2000", "2600", read_from="2015-09-10",
        read_to="2015-10-10",
    ),
    peaks(
        "SCIS-SEPTEMBER-11", "2015-09", "2000", "2600", read_from="2015-09-11",
        read_to="2015-10-11",
    ),
    peaks("SCIS-FLOOR", "2015-10", "800", "700"),
    peaks("IOWA-LP", "2025-02", "200", "300", kw="310.5", kwh_on_peak="1", kwh_off_peak="1"),
    peaks(
        "IOWA-LP", "2025-03", "250", "290", kw="300", kwh="70000", kwh_on_peak="40000",
        kwh_off_peak="30000",
    ),
]  # fmt: skip

ENROLLMENTS = [
    {"agreement_id": "RENEWABLE", "rider": "E-AE", "start_date": start, "quantity": blocks}
    for start, blocks in [("2025-01-01", "2"), ("2025-02-02", "3")]
] + [
    {"agreement_id": name, "rider": "NM-1", "start_date": "2015-01-01"}
    for name in ("SUN-METER", "SUN-HEATING")
]

FILES = {
    "service_agreements": AGREEMENTS,
    "meter_reads": READS,
    "rider_enrollments": ENROLLMENTS,
    "rider_cost_inputs": [
        *fuel_costs(*(month for month in months("2015-02", 20) if month != "2015-12")),
        *fuel_costs("2015-12", fuel_cost="2705876.40"),
        *purchased_power_costs("2025-02", "2025-03"),
    ],
}
