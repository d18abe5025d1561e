"""Bills line by line, worked out by hand from the sheets: quantity, price, amount, page."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from unittest.mock import ANY

from helpers import Rated, Row

COLUMNS = (
    "component",
    "schedule_or_rider",
    "version_effective_from",
    "charge_code",
    "step_no",
    "determinant",
    "quantity",
    "unit",
    "price",
    "amount",
    "sheet",
    "source_document",
)
FUEL = ("adjustment", "fuel_energy_adjustment", 1, "kwh")


@dataclass(frozen=True)
class Sheet:
    """What the lines of one schedule's bill have in common."""

    schedule: str
    page: str
    since: str = "2012-07-01"
    document: str = "ipl-mo-2016"

    def line(
        self, what: tuple[str, str, Any, Any], quantity: str, unit: str, price: str, amount: str,
        page: str | None = None,
    ) -> tuple[Any, ...]:  # fmt: skip
        """A line: (component, charge, step, determinant), then what it comes to."""
        component, charge, step, determinant = what
        return (
            component, self.schedule, self.since, charge, step, determinant, Decimal(quantity),
            unit, Decimal(price), Decimal(amount), page or self.page, self.document,
        )  # fmt: skip

    def flat(self, what: tuple[str, str, Any], amount: str, page: str = "") -> tuple[Any, ...]:
        """A shortfall, limiter or flat amount: once its amount, of no determinant's unit."""
        return self.line((*what, ANY), "1", "month", amount, amount, page or None)


def ours(rated: Rated, agreement_id: str, month: str) -> list[tuple[Any, ...]]:
    """The lines of a bill as published."""
    return [
        tuple(str(row[name]) if name.startswith("version") else row[name] for name in COLUMNS)
        for row in rated.bill_lines(agreement_id, month)
    ]


def total(bill: Row) -> tuple[str, str]:
    """The net and the gross amount."""
    return str(bill["net_amount"]), str(bill["gross_amount"])


def test_lgs_prices_demand_in_blocks_of_kw_and_energy_in_hours_of_billing_demand(by_hand):
    sheet = Sheet("LGS-1", "T-9")
    demand, energy = ("demand", "demand"), ("energy", "energy")
    assert ours(by_hand, "LGS-RATCHET", "2016-01") == [
        sheet.line((*demand, 1, "billing_demand_kw"), "50", "kW", "7.84", "392.00"),
        sheet.line((*demand, 2, "billing_demand_kw"), "56", "kW", "6.31", "353.36"),
        # 100 h × 106 kW = 10,600 kWh; the other 19,400 lie within the next 200 h = 21,200.
        sheet.line((*energy, 1, "kwh"), "10600", "kWh", "0.0953", "1010.18"),
        sheet.line((*energy, 2, "kwh"), "19400", "kWh", "0.0825", "1600.50"),
    ]
    # The minimum, $6.31 × 132.8125 kW = $838.05, is exceeded. 105 % of 3,356.04 is 3,523.842.
    assert total(by_hand.bill("LGS-RATCHET", "2016-01")) == ("3356.04", "3523.84")


def test_fuel_adjustment_is_a_line_of_its_own_clause_on_billed_kwh(by_hand):
    sheet, clause = Sheet("LGS-1", "T-9"), Sheet("FA-1", "T-36")
    assert ours(by_hand, "LGS-RATCHET", "2015-12") == [
        sheet.line(("demand", "demand", 1, "billing_demand_kw"), "50", "kW", "7.84", "392.00"),
        sheet.line(("demand", "demand", 2, "billing_demand_kw"), "56", "kW", "6.31", "353.36"),
        sheet.line(("energy", "energy", 1, "kwh"), "1000", "kWh", "0.0953", "95.30"),
        # The minimum of $838.05 is met before fuel: 392.00 + 353.36 + 95.30 = 840.66.
        clause.line(FUEL, "1000", "kWh", "0.0015", "1.50"),
    ]


def test_lgs_primary_discount_is_7_percent_of_demand_and_energy(by_hand):
    sheet = Sheet("LGS-1", "T-9")
    assert ours(by_hand, "LGS-PRIMARY", "2016-01") == [
        sheet.line(("demand", "demand", 1, "billing_demand_kw"), "50", "kW", "7.84", "392.00"),
        sheet.line(("demand", "demand", 2, "billing_demand_kw"), "25", "kW", "6.31", "157.75"),
        sheet.line(("energy", "energy", 1, "kwh"), "5000", "kWh", "0.0953", "476.50"),
        # 392.00 + 157.75 + 476.50 = 1,026.25; × 7 % = 71.8375.
        sheet.line(
            ("discount", "primary_voltage_discount", 1, None),
            "1026.25", "$", "-0.07", "-71.84", "T-10",
        ),
    ]  # fmt: skip


def test_secondary_metering_bills_kwh_with_2_5_percent(by_hand):
    sheet = Sheet("LGS-1", "T-9")
    assert by_hand.bill("LGS-METERED", "2016-01")["kwh"] == Decimal(41000)
    assert ours(by_hand, "LGS-METERED", "2016-01") == [
        sheet.line(("demand", "demand", 1, "billing_demand_kw"), "50", "kW", "7.84", "392.00"),
        sheet.line(("demand", "demand", 2, "billing_demand_kw"), "100", "kW", "6.31", "631.00"),
        sheet.line(("demand", "demand", 3, "billing_demand_kw"), "68", "kW", "4.68", "318.24"),
        # 100 h × 218 kW = 21,800 kWh of 41,000.
        sheet.line(("energy", "energy", 1, "kwh"), "21800", "kWh", "0.0953", "2077.54"),
        sheet.line(("energy", "energy", 2, "kwh"), "19200", "kWh", "0.0825", "1584.00"),
    ]


def test_gs_charges_its_first_16_kwh_whole_and_from_10_kw_a_minimum_per_kw(by_hand):
    sheet = Sheet("GS-1", "T-7")
    assert ours(by_hand, "GS-WINDOW", "2016-01") == [
        sheet.flat(("energy", "energy", 1), "4.08"),
        sheet.line(("energy", "energy", 2, "kwh"), "84", "kWh", "0.2016", "16.93"),
        sheet.line(("energy", "energy", 3, "kwh"), "100", "kWh", "0.1617", "16.17"),
        sheet.line(("energy", "energy", 4, "kwh"), "100", "kWh", "0.1379", "13.79"),
        # $11.95 × 16 kW = 191.20; less 4.08 + 16.93 + 16.17 + 13.79 = 50.97.
        sheet.flat(("minimum", "minimum_demand", 1), "140.23"),
    ]


def test_tegs_prices_each_rates_energy_in_hours_of_its_own_kw(by_hand):
    sheet = Sheet("TEGS", "T-12")
    kw, a, b = ("demand", "demand"), ("energy", "energy_rate_a"), ("energy", "energy_rate_b")
    assert ours(by_hand, "TEGS-LARGE", "2015-08") == [
        sheet.line((*kw, 1, "billing_demand_kw"), "150", "kW", "6.35", "952.50"),
        sheet.line((*kw, 2, "billing_demand_kw"), "850", "kW", "4.53", "3850.50"),
        sheet.line((*kw, 3, "billing_demand_kw"), "1000", "kW", "4.01", "4010.00"),
        # Rate A: 1,400 × 800,000 ÷ 2,000 = 560,000 kWh: 75, 225 and 100 h × 1,400 kW.
        sheet.line((*a, 1, "rate_a_kwh"), "105000", "kWh", "0.0801", "8410.50"),
        sheet.line((*a, 2, "rate_a_kwh"), "315000", "kWh", "0.0732", "23058.00"),
        sheet.line((*a, 3, "rate_a_kwh"), "140000", "kWh", "0.0614", "8596.00"),
        # Rate B: the other 240,000 kWh: 75, 225 and 100 h × 600 kW.
        sheet.line((*b, 1, "rate_b_kwh"), "45000", "kWh", "0.0764", "3438.00", "T-13"),
        sheet.line((*b, 2, "rate_b_kwh"), "135000", "kWh", "0.0697", "9409.50", "T-13"),
        sheet.line((*b, 3, "rate_b_kwh"), "60000", "kWh", "0.06", "3600.00", "T-13"),
    ]


def test_lp_splits_energy_above_1800_kw_and_rents_extra_facilities_on_top(by_hand):
    sheet = Sheet("LP-2", "T-15")
    kw, a, b = ("demand", "demand"), ("energy", "energy_rate_a"), ("energy", "energy_rate_b")
    assert ours(by_hand, "LP-LARGE", "2016-01") == [
        sheet.line((*kw, 1, "billing_demand_kw"), "500", "kW", "5.70", "2850.00"),
        sheet.line((*kw, 2, "billing_demand_kw"), "500", "kW", "4.83", "2415.00"),
        sheet.line((*kw, 3, "billing_demand_kw"), "1400", "kW", "3.23", "4522.00"),
        # Rate A: 1,800 × 1,000,000 ÷ 2,400 = 750,000 kWh: 150 and 200 h × 1,800 kW, the rest.
        sheet.line((*a, 1, "rate_a_kwh"), "270000", "kWh", "0.0781", "21087.00"),
        sheet.line((*a, 2, "rate_a_kwh"), "360000", "kWh", "0.071", "25560.00"),
        sheet.line((*a, 3, "rate_a_kwh"), "120000", "kWh", "0.0612", "7344.00"),
        # Rate B: 250,000 kWh: 150 and 200 h × 600 kW, the rest.
        sheet.line((*b, 1, "rate_b_kwh"), "90000", "kWh", "0.0719", "6471.00"),
        sheet.line((*b, 2, "rate_b_kwh"), "120000", "kWh", "0.0638", "7656.00"),
        sheet.line((*b, 3, "rate_b_kwh"), "40000", "kWh", "0.052", "2080.00"),
        sheet.line(
            ("facilities", "extra_facilities", 1, "extra_facilities_investment"),
            "100000", "$", "0.013", "1300.00", "T-17",
        ),
    ]  # fmt: skip


def test_lp_transmission_discount_is_per_kw_of_billing_demand(by_hand):
    sheet = Sheet("LP-2", "T-15")
    lines = ours(by_hand, "LP-TRANSMISSION", "2016-01")
    assert lines[:3] == [
        sheet.line(("demand", "demand", 1, "billing_demand_kw"), "500", "kW", "5.70", "2850.00"),
        sheet.line(("demand", "demand", 2, "billing_demand_kw"), "500", "kW", "4.83", "2415.00"),
        sheet.line(("demand", "demand", 3, "billing_demand_kw"), "2000", "kW", "3.23", "6460.00"),
    ]
    assert lines[-1] == sheet.line(
        ("discount", "transmission_voltage_discount", 1, "billing_demand_kw"),
        "3000", "kW", "-1.02", "-3060.00", "T-16",
    )  # fmt: skip
    # Rate A 300,000 kWh: 21,087.00 + 2,130.00; Rate B 200,000: 12,942.00 + 1,276.00;
    # with demand 11,725.00 and discount 3,060.00: 46,100.00; × 105 % = 48,405.00.
    assert total(by_hand.bill("LP-TRANSMISSION", "2016-01")) == ("46100.00", "48405.00")


def test_ch_at_exactly_350_kwh_per_kw_has_no_high_load_factor_discount(by_hand):
    # 20.00 + 36.48 + 397.08 + 31,000 × 0.099 = 3,069.00.
    assert by_hand.bill("CH-350", "2016-01")["discount_amount"] == 0
    assert total(by_hand.bill("CH-350", "2016-01")) == ("3522.56", "3698.69")


def test_ch_above_350_kwh_per_kw_has_0_48_cents_off_every_kwh(by_hand):
    sheet = Sheet("CH-1", "T-19", since="2014-12-01")
    assert ours(by_hand, "CH-351", "2016-01") == [
        sheet.line(("energy", "energy", 1, "kwh"), "100", "kWh", "0.2", "20.00"),
        sheet.line(("energy", "energy", 2, "kwh"), "300", "kWh", "0.1216", "36.48"),
        sheet.line(("energy", "energy", 3, "kwh"), "3600", "kWh", "0.1103", "397.08"),
        sheet.line(("energy", "energy", 4, "kwh"), "31001", "kWh", "0.099", "3069.10"),
        sheet.line(
            ("discount", "high_load_factor_discount", 1, "kwh"),
            "35001", "kWh", "-0.0048", "-168.00", "T-20",
        ),
    ]  # fmt: skip
