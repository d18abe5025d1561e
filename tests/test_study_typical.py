"""Typical bills on an invented utility, QUAY, worked by hand, and on the shipped tariffs.

F-1 is $10 a month and 12¢ a kWh in summer (June to September), 10¢ in winter. H-1 is $20 a month,
$6 a kW of billing demand, 8¢ for the first 100 hours use and 4¢ over that. 100 kW with h hours use
(100 × h kWh) come to

|                 | F-1 summer | F-1 winter | H-1                                         |
|-----------------|------------|------------|---------------------------------------------|
| h up to 100     | 10 + 12h   | 10 + 10h   | 20 + 600 + 8h = 620 + 8h                    |
| h over 100      | 10 + 12h   | 10 + 10h   | 20 + 600 + 800 + 4(h − 100) = 1020 + 4h     |

H-1 less F-1 is more than 0 up to 100 hours, then 1010 − 8h in summer, which is 0 at 126.25 hours,
and 1010 − 6h in winter, which is 0 at 168.33.
"""

from datetime import date
from decimal import Decimal

import duckdb
import pytest
from helpers import make_database, write_tariffs

from rating.cli.study_typical import asked_for
from rating.study.database import rows_of
from rating.study.typical import RELATIONS, TypicalBills, typical
from rating.study.typical_grid import grid_of

UTILITY = """\
utility: quay
name: Quay (invented)
state: ZZ
time_zone: America/Chicago
documents:
  - {document: quay-2024, title: Book of Rates, as_of: 2024-01-01}
"""
FLAT = """\
utility: quay
schedule: F-1
title: Flat
kind: rate
document: quay-2024
versions:
  - effective_from: 2023-01-01
    sheet: p. 1
    requires: [kwh]
    charges:
      - {code: customer, description: Customer, component: customer, price: "10.00", sheet: p. 1}
      - {code: energy, description: Energy charge, component: energy, per: kwh, covers: kwh,
         prices_in: $/kWh, price: {summer: "0.12", winter: "0.10"}, sheet: p. 1}
    seasons:
      sheet: p. 1
      months: {summer: [6, 7, 8, 9], winter: [10, 11, 12, 1, 2, 3, 4, 5]}
"""
# $15 a month and 13¢ a kWh all year.
DEARER = (
    FLAT.replace("F-1", "F-2")
    .replace('"10.00"', '"15.00"')
    .replace('{summer: "0.12", winter: "0.10"}', '"0.13"')
)
HOURS_USE = """\
utility: quay
schedule: H-1
title: Hours use
kind: rate
document: quay-2024
versions:
  - effective_from: 2023-01-01
    sheet: p. 2
    requires: [kwh, kw]
    demands:
      - name: billing
        measured: kw
        sheet: p. 2
        greatest_of:
          - measured: kw
          - {ratchet: kw, percent: "80", window: 12}
    charges:
      - {code: customer, description: Customer, component: customer, price: "20.00", sheet: p. 2}
      - {code: demand, description: Demand charge, component: demand, per: billing_demand_kw,
         prices_in: $/kW, price: "6.00", sheet: p. 2}
      - code: energy
        description: Energy charge
        component: energy
        per: kwh
        covers: kwh
        prices_in: $/kWh
        limits: {times: billing_demand_kw, unit: hours use}
        sheet: p. 2
        blocks:
          - {first: "100", price: "0.08"}
          - {over: "100", price: "0.04"}
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """The URL of a database with the tariffs of QUAY and the shipped ones, and no portfolio."""
    folder = tmp_path_factory.mktemp("quay")
    seeds = {"utility": UTILITY, "f-1": FLAT, "f-2": DEARER, "h-1": HOURS_USE}
    return make_database(folder, [write_tariffs(folder / "seeds", "quay", seeds)])


def results(store, wanted):
    """The relations of a study as lists of dicts."""
    with typical(store, wanted) as connection:
        return {name: rows_of(connection, name) for name in RELATIONS}


@pytest.fixture(scope="module")
def quay(store):
    """100 kW on both schedules in the twelve months up to August 2024, and 500 kWh without kW."""
    grid = grid_of([":500"], [], ["100"], ["50,100,200", "700"])
    asked = {"schedules": ["H-1", "F-2"], "against": "F-1", "month": date(2024, 8, 1)}
    return results(store, TypicalBills(grid, **asked))


@pytest.fixture(scope="module")
def shipped(store):
    """The usual points on the shipped schedules of Missouri in August 2015, without fuel."""
    asked = {"utility": "ipl-mo", "month": date(2015, 8, 1), "factors": {"FA-1": "0"}}
    return results(store, TypicalBills(grid_of([], [], [], []), **asked))


def only(rows, **values):
    """The one row with these values."""
    (row,) = [row for row in rows if all(row[name] == one for name, one in values.items())]
    return row


def test_a_point_is_billed_in_each_season_of_a_schedule_at_its_last_month(quay):
    found = {
        (row["schedule"], row["season"], row["billing_month"], row["kwh"]): row["bill_usd"]
        for row in quay["typical"]
        if row["kw"] == 100 and row["kwh"] < 70000 and row["schedule"] != "F-2"
    }
    summer, winter = date(2024, 8, 1), date(2024, 5, 1)
    assert found == {
        ("H-1", "", summer, 5000): 1020, ("H-1", "", summer, 10000): 1420,
        ("H-1", "", summer, 20000): 1820,
        ("F-1", "summer", summer, 5000): 610, ("F-1", "summer", summer, 10000): 1210,
        ("F-1", "summer", summer, 20000): 2410,
        ("F-1", "winter", winter, 5000): 510, ("F-1", "winter", winter, 10000): 1010,
        ("F-1", "winter", winter, 20000): 2010,
    }  # fmt: skip


def test_a_typical_bill_says_its_average_price_and_load_factor(quay):
    row = only(quay["typical"], schedule="H-1", kwh=5000)
    # 1020 ÷ 5000 kWh; 5000 ÷ 100 kW; 5000 of the 74,400 kWh of 744 hours
    assert row["average_usd_per_kwh"] == Decimal("0.204")
    assert row["average_cents_per_kwh"] == Decimal("20.4")
    assert (row["hours_use"], row["load_factor_percent"]) == (50, Decimal("6.720430"))
    assert (row["customer_usd"], row["demand_usd"], row["energy_usd"]) == (20, 600, 400)


def test_a_curve_shows_what_the_next_kwh_cost(quay):
    found = {
        row["hours_use"]: row["added_usd_per_kwh"]
        for row in quay["typical_curve"]
        if row["schedule"] == "H-1"
    }
    # from 50 to 100 hours at 8¢, from there on at 4¢
    assert found == {50: None, 100: Decimal("0.08"), 200: Decimal("0.04"), 700: Decimal("0.04")}


def test_the_bills_cross_at_the_nearest_hour_in_each_season(quay):
    found = {
        f"{row['billing_month']:%m}": (
            row["hours_use"], row["kwh"], row["bill_usd"], row["against_usd"],
            row["cheaper_below"], row["cheaper_above"],
        )
        for row in quay["break_even"]
        if row["kw"] == 100 and row["schedule"] == "H-1"
    }  # fmt: skip
    # summer: 126 hours differ by 1010 − 1008 = 2, 127 by 6; winter: 168 by 2, 169 by 4
    assert found == {
        "08": (126, 12600, 1524, 1522, "F-1", "H-1"),
        "05": (168, 16800, 1692, 1690, "F-1", "H-1"),
    }


def test_a_point_that_a_schedule_cannot_bill_is_listed_with_the_reason(quay):
    row = only(quay["typical_unbilled"], schedule="H-1", kw=None)
    assert (row["reason"], row["months"]) == ("missing_determinant", 12)
    reasons = {
        row["reason"] for row in quay["break_even"] if (row["schedule"], row["kw"]) == ("H-1", None)
    }
    assert reasons == {f"H-1 has no bill: {row['detail']}"}


def test_a_month_too_short_for_the_hours_use_is_listed(quay):
    # 700 hours use need a month of 30 days; February 2024 has 696 hours
    row = only(quay["typical_unbilled"], schedule="H-1", kwh=70000)
    assert (row["reason"], row["months"]) == ("more_than_kw_hours", 1)
    assert (row["first_month"], row["detail"]) == (date(2024, 2, 1), "the month has 696 hours")
    months = {f"{row['billing_month']:%m}" for row in quay["typical_month"]
              if row["kwh"] == 70000}  # fmt: skip
    assert len(months) == 11


def test_two_schedules_of_which_one_is_never_dearer_do_not_cross(quay):
    reasons = {row["reason"] for row in quay["break_even"] if row["schedule"] == "F-2"}
    assert reasons == {
        "F-1 is never dearer up to 744 hours use", "F-1 is never dearer up to 500 kWh",
    }  # fmt: skip


def test_the_usual_points_suit_the_schedule(shipped):
    points = {
        schedule: {row["kw"] for row in shipped["typical"] if row["schedule"] == schedule}
        for schedule in ("RS-3", "GS-1", "LGS-1")
    }
    sizes = {10, 25, 50, 100, 250, 500, 1000}
    # GS-1 bills a demand where there is one; LGS-1 needs it
    assert points == {"RS-3": {None}, "GS-1": {None, *sizes}, "LGS-1": sizes}


def test_a_usual_point_is_billed_at_the_printed_prices(shipped):
    row = only(shipped["typical"], schedule="LGS-1", kw=100, kwh=30000)
    # T-9: 50 kW × 7.84 + 50 kW × 6.31; 100 hours × 100 kW × 9.53¢ + 200 hours × 100 kW × 8.25¢
    assert row["demand_usd"] == Decimal("392.00") + Decimal("315.50")
    assert row["energy_usd"] == Decimal("953.00") + Decimal("1650.00")
    assert row["bill_usd"] == Decimal("3310.50")


def test_no_schedule_is_dropped(shipped):
    billed = {row["schedule"] for row in shipped["typical"]}
    listed = {row["schedule"]: row["reason"] for row in shipped["typical_unbilled"]}
    assert listed["PL-3"] == listed["TRS-2"] == "priced_by_units"
    assert listed["SCIS-1"] == "missing_determinant"
    assert listed["MG1"] == "no_rate_in_force"
    assert len(billed | listed.keys()) == 19


@pytest.fixture(scope="module")
def given(store):
    """1000 kW and 300,000 kWh, 40 % of it on peak, with primary voltage and a power factor."""
    values = {
        "power_factor": "0.80", "voltage": "primary", "customer_owned_transformation": "true",
    }  # fmt: skip
    return results(
        store,
        TypicalBills(
            grid_of(["1000:300000"], [], [], []),
            schedules=["LGS-1", "SCIS-1"],
            month=date(2015, 12, 1),
            values=values,
            factors={"FA-1": "0"},
            on_peak_percent="40",
        ),
    )


def test_attributes_and_quantities_can_be_set(given):
    row = only(given["typical"], schedule="LGS-1")
    # 1000 kW × 85 % ÷ 80 % = 1062.5, rounded to 1063 kW (M7); 300,000 kWh in hours use of it
    assert row["billing_demand_kw"] == 1063
    # 50 × 7.84 + 100 × 6.31 + 913 × 4.68; 106,300 × 9.53¢ + 193,700 × 8.25¢
    demand = Decimal("392.00") + Decimal("631.00") + Decimal("4272.84")
    energy = Decimal("10130.39") + Decimal("15980.25")
    assert (row["demand_usd"], row["energy_usd"]) == (demand, energy)
    # 7 % of 31,406.48 is 2,198.4536; no minimum: 1062.5 kW × 6.31 are less
    assert row["discount_usd"] == Decimal("-2198.45")
    assert row["bill_usd"] == Decimal("31406.48") - Decimal("2198.45")


def test_an_on_peak_share_makes_a_time_of_use_schedule_billable(given):
    assert given["typical_unbilled"] == []
    # 1000 kW on and off peak × 95 % ÷ 80 % (M17)
    assert only(given["typical"], schedule="SCIS-1")["billing_demand_kw"] == Decimal("1187.5")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("--point 10:7441", "7441 kWh are more than 10 kW give in the 744 hours of a month"),
        ("--point 10", "--point 10 is not understood; write KW:KWH"),
        ("--point 10:", "--point 10: is not understood; write KW:KWH"),
        ("--kwh 250,", "--kwh 250, is not a quantity; write a number such as 250"),
        ("--kw -10", "--kw -10 is not a quantity"),
        ("--kwh 1000001", "1000001 kWh without kW are more than a service has; give 1,000,000"),
        ("--kw 1000001", "1000001 kW are more than a service has; give 1,000,000 or fewer"),
        ("--point 10:-5", "--point -5 is not a quantity"),
        ("--kw 10,x", "--kw x is not a quantity"),
        ("--hours-use 800", "8000 kWh are more than 10 kW give"),
        ("--schedule S-9", "schedule S-9 is unknown"),
        ("--schedule H-1 --utility ipl-mo", "ipl-mo has no schedule H-1"),
        ("--utility nope", "utility nope is unknown"),
        ("--against H-1", "--against H-1: give by --schedule what to compare with"),
        ("--schedule H-1 --against H-1", "--against H-1 names the schedule itself"),
        ("--relation break_even", "break_even needs a second schedule"),
        ("--set nope=1", "no tariff looks at nope"),
        ("--set power_factor=2", "--set power_factor=2 is not a fraction"),
        ("--set power_factor=x", "--set power_factor=x is not a quantity"),
        ("--set space_heating=maybe", "--set space_heating=maybe: "),
        ("--set kw=5", "--set kw: the points say the kw"),
        ("--factor NOPE=1", "--factor NOPE: no utility has a monthly factor of that name"),
        ("--on-peak 101", "--on-peak 101 is no share"),
        ("--month 2024", "2024 is not a billing month"),
    ],
)
def test_bad_input_is_one_sentence(ratebook, store, options, sentence, monkeypatch):
    monkeypatch.setattr("rating.study.typical.compile_models", lambda *_, **__: [])
    month = [] if "--month" in options else ["--month", "2024-08"]
    said = ratebook("study", "typical", "--database", store, *month, *options.split())
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err
    assert len(said.err.splitlines()) == 1


def test_months_in_which_nothing_is_billed_are_one_sentence(ratebook, store, tmp_path):
    asked = ("--schedule", "H-1", "--month", "2020-12", "--html", tmp_path / "page.html")
    said = ratebook("study", "typical", "--database", store, *asked)
    assert (said.code, said.out) == (2, "")
    # H-1 begins with 2023
    assert "no point has a bill: schedule H-1 has no version in force on 2020-12-31;" in said.err
    assert len(said.err.splitlines()) == 1
    assert not (tmp_path / "page.html").exists()


def test_a_report_says_what_the_points_were_billed_as():
    asked = TypicalBills(
        grid_of([], [], [], []), schedules=["H-1"], month=date(2024, 8, 1),
        values={"voltage": "primary"}, factors={"FA-1": "0"}, against="F-1",
    )  # fmt: skip
    assert asked_for(asked) == {
        "Billing months": "the twelve up to 2024-08", "Schedules": "H-1", "Compared with": "F-1",
        "Attributes and quantities": "voltage primary", "Monthly factors, $": "FA-1 0",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "new.duckdb does not exist; run `ratebook init` first"),
        ("no database", "new.duckdb is no DuckDB file; name another one by --database"),
        ("", "new.duckdb is no DuckDB file; name another one by --database"),
        ("SQLite format 3\0" + "\0" * 84, "new.duckdb is no DuckDB file; name another one"),
    ],
)
def test_a_database_that_cannot_be_read_is_one_sentence(ratebook, tmp_path, content, sentence):
    file = tmp_path / "new.duckdb"
    if content is not None:
        file.write_text(content, "utf-8")
    said = ratebook("study", "typical", "--database", f"duckdb:///{file}", "--month", "2024-08")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"ratebook: {sentence}")
    assert len(said.err.splitlines()) == 1


def test_a_database_without_tables_is_one_sentence(ratebook, tmp_path):
    file = tmp_path / "empty.duckdb"
    duckdb.connect(str(file)).close()
    said = ratebook("study", "typical", "--database", f"duckdb:///{file}", "--month", "2024-08")
    sentence = "the database holds no Ratebook tables; run `ratebook init` first"
    assert (said.code, said.err) == (2, f"ratebook: {sentence}\n")


def test_without_reads_the_month_must_be_given(ratebook, store):
    said = ratebook("study", "typical", "--database", store)
    assert (said.code, said.out) == (2, "")
    assert "there are no meter reads to say for which month; give --month YYYY-MM" in said.err
