"""Interval reads by the times of use of the version that asks for them, worked out by hand.

On peak is 8:00 to 20:00 until 2024-03-11, then 14:00 to 20:00. Demand on TOU and PARTS is the
highest kw_on_peak, or 80 % of that of the eleven months before; a kW is $1.00, a kWh $0.20 on peak
and $0.10 off peak. PARTS prorates a change of rates by days; FLAT knows no periods and is $0.10 a
kWh; HEAT, of a heater, adds its kw_on_peak to another meter's.

All have an hourly meter. Of T, P, READ and GAP it shows 100 kW from 10:00 to 11:00 and 40 kW from
15:00 to 16:00 every day, and 1 kW in other hours; of STAYED and MOVED the 100 kW are at 15:00 in
February, 40 kW after, and 1 kW else. MOVED has been on FLAT until March, and JOINED is the heater.
"""

import datetime
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from helpers import (
    Rated,
    Row,
    make_database,
    rate_portfolio,
    read,
    write_portfolio,
    write_tariffs,
)
from sqlalchemy.engine import URL
from test_changed import published
from test_intervals import clock, determinants, intervals

from rating.portfolio.load import load_folder
from rating.run.run import rate
from rating.setup import initialize
from rating.study.compare import compare
from rating.study.database import rows_of

ZONE = "Etc/GMT+6"
UTILITY = f"""
utility: clocks
name: Clocks Light
time_zone: {ZONE}
documents: [{{document: book, title: Book, as_of: 2023-01-01}}]
"""
HEAD = """
utility: clocks
schedule: {code}
title: {code}
kind: rate
document: book
versions:
"""
FLAT = """
  - effective_from: 2023-01-01
    sheet: p. 1
    eligibility: [{words: all, sheet: p. 1}]
    requires: [kwh]
    charges:
      - {code: energy, description: Energy, component: energy, per: kwh, covers: kwh,
         prices_in: $/kWh, price: "0.10", sheet: p. 1}
"""
PERIODS = """
    sheet: p. 2
    eligibility: [{{words: all, sheet: p. 2}}]
    requires: [kwh, kw_on_peak]
    time_of_use:
      sheet: p. 2
      demand_minutes: 60
      periods: [{{period: on_peak, from: "{start}", to: "20:00"}}, {{period: off_peak}}]
    demands:
      - name: billing
        sheet: p. 2
        greatest_of:
          - {{measured: kw_on_peak}}
          - {{ratchet: kw_on_peak, percent: "80", window: 12, skip: 1}}
    charges:
      - {{code: demand, description: Demand, component: demand, per: billing_demand_kw,
         prices_in: $/kW, price: "1", sheet: p. 2}}
      - {{code: peak, description: On peak, component: energy, per: kwh_on_peak, covers: kwh,
         prices_in: $/kWh, price: "0.20", sheet: p. 2}}
      - {{code: rest, description: Off peak, component: energy, per: kwh_off_peak, covers: kwh,
         prices_in: $/kWh, price: "0.10", sheet: p. 2}}
"""
CHANGING = f"""
  - effective_from: 2023-01-01
    effective_to: 2024-03-11{PERIODS.format(start="08:00")}
  - effective_from: 2024-03-11{PERIODS.format(start="14:00")}"""
PRORATED = "    prorated_by_days: {rates: true, sheet: p. 2}\n"
COMBINED = """
    seasons: {sheet: p. 2, months: {all_year: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]}}
    combine: {season: all_year, quantities: {kw_on_peak: zero}, sheet: p. 2}
"""
TARIFFS = {
    "utility": UTILITY,
    "flat": HEAD.format(code="FLAT") + FLAT,
    "tou": HEAD.format(code="TOU") + CHANGING,
    "parts": HEAD.format(code="PARTS") + CHANGING.rstrip() + "\n" + PRORATED,
    "heat": HEAD.format(code="HEAT")
    + f"  - effective_from: 2023-01-01{PERIODS.format(start='08:00').rstrip()}{COMBINED}",
}
LABELS = ("2024-02", "2024-03", "2024-04")


def terms(agreement_id: str, schedule: str, start_date: str = "2023-01-01", **more: str) -> Row:
    row = {"agreement_id": agreement_id, "utility": "clocks", "schedule": schedule}
    return {**row, "start_date": start_date, "end_date": "", **more}


def hourly(agreement_id: str, shown: Callable[[datetime.datetime], int]) -> list[Row]:
    """What a meter shows in each hour from February to April."""
    hours = intervals(
        agreement_id,
        clock("2024-02-01", zone=ZONE),
        clock("2024-05-01", zone=ZONE),
        "1",
        minutes=60,
    )
    offset = datetime.timezone(datetime.timedelta(hours=-6))
    return [
        {
            **row,
            "kwh": shown(datetime.datetime.fromisoformat(row["interval_start"]).astimezone(offset)),
        }
        for row in hours
    ]


def in_the_morning(hour: datetime.datetime) -> int:
    return {10: 100, 15: 40}.get(hour.hour, 1)


def in_february(hour: datetime.datetime) -> int:
    if hour.hour != 15:
        return 1
    return 100 if hour.month == 2 else 40


INTERVALS = {
    **{name: hourly(name, in_the_morning) for name in ("T", "P", "READ")},
    "GAP": hourly("GAP", in_the_morning)[1:],
    **{name: hourly(name, in_february) for name in ("STAYED", "MOVED", "MAIN")},
    "JOINED": hourly("JOINED", in_the_morning),
}
FILES = {
    "service_agreements": [
        *(terms(name, "TOU") for name in ("T", "READ", "GAP", "STAYED", "MAIN")),
        terms("P", "PARTS"),
        terms("MOVED", "FLAT", end_date="2024-03-01"),
        terms("MOVED", "TOU", "2024-03-01"),
        terms("JOINED", "FLAT", end_date="2024-03-01"),
        terms("JOINED", "HEAT", "2024-03-01", combined_with_agreement_id="MAIN"),
    ],
    "meter_reads": [
        read(name, label, kwh="", kw_on_peak="90" if (name, label) == ("READ", "2024-02") else "")
        for name in INTERVALS
        for label in LABELS
    ],
    "interval_reads": [row for rows in INTERVALS.values() for row in rows],
}
TERMS = {"service_agreements": FILES["service_agreements"]}
RELATIONS = ("bill", "bill_line_item", "billing_demand", "unbilled_read", "interval_determinant")
Lines = list[tuple[str, Decimal, Decimal]]


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tariffs(tmp_path_factory.mktemp("seeds"), "clocks", TARIFFS)


@pytest.fixture(scope="module")
def timed(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Rated:
    return rate_portfolio(tmp_path_factory.mktemp("timed"), FILES, [seeds])


def demands(timed: Rated, agreement_id: str, *labels: str) -> list[Decimal]:
    return [timed.demand(agreement_id, label)["demand_kw"] for label in labels]


def lines(timed: Rated, agreement_id: str, month: str) -> Lines:
    found = timed.bill_lines(agreement_id, month)
    return sorted((row["charge_code"], row["quantity"], row["amount"]) for row in found)


def line(code: str, quantity: str, amount: str) -> tuple[str, Decimal, Decimal]:
    return code, Decimal(quantity), Decimal(amount)


def test_a_ratchet_looks_back_at_the_intervals_of_a_schedule_without_periods(timed):
    # 80 % of February's 100 kW at 15:00
    assert demands(timed, "STAYED", "2024-02", "2024-03", "2024-04") == [100, 80, 80]
    assert demands(timed, "MOVED", "2024-03", "2024-04") == [80, 80]


def test_a_ratchet_looks_back_by_the_hours_of_today(timed):
    # February's bill is of 100 kW at 10:00; from 14:00 on it has 40, and 80 % of these is 32.
    assert demands(timed, "T", "2024-02", "2024-03", "2024-04") == [100, 40, 40]


def test_what_a_read_says_itself_goes_before_its_intervals_by_any_hours(timed):
    # 80 % of 90 kW
    assert demands(timed, "READ", "2024-02", "2024-03") == [90, 72]


def test_a_month_with_a_gap_gives_nothing_by_other_hours_either(timed):
    assert timed.reasons()["GAP", "2024-02"] == "missing_determinant"
    assert demands(timed, "GAP", "2024-03") == [40]


def test_each_part_of_a_prorated_read_has_its_own_hours(timed):
    # March by the hours until the 10th: a day has 100 + 40 + 10 kWh on peak and 12 off, by those
    # after it 40 + 5 and 100 + 17. Each is of 31 days, taken for 10 and for 21 of them.
    assert lines(timed, "P", "2024-03") == [
        line("demand", "27.096774", "27.10"),  # 40 × 21 ÷ 31; 80 % of February's 40 is less
        line("demand", "32.258065", "32.26"),  # 100 × 10 ÷ 31
        line("peak", "945", "189.00"),  # 45 × 21
        line("peak", "1500", "300.00"),  # 150 × 10
        line("rest", "120", "12.00"),  # 12 × 10
        line("rest", "2457", "245.70"),  # 117 × 21
    ]
    assert demands(timed, "P", "2024-04") == [40]


def test_the_months_of_a_meter_that_joins_are_by_the_hours_of_its_sheet_of_today(timed):
    # MAIN's 40 kW at 15:00 and the heater's 100 at 10:00 are added in March, 140; in February it
    # would have been 100 + 100 = 200, of which 80 % is 160. February itself is MAIN's alone.
    assert demands(timed, "MAIN", "2024-02", "2024-03", "2024-04") == [100, 160, 160]


def test_the_determinants_shown_are_those_of_the_version_that_rates_the_read(timed):
    found = determinants(timed, "MOVED", "2024-02")
    assert found == {"kwh": 29 * 123, "kw": 100}  # FLAT knows no periods
    # by the hours of the last day
    assert determinants(timed, "P", "2024-03") == {
        "kwh": 31 * 162, "kwh_on_peak": 31 * 45, "kwh_off_peak": 31 * 117,
        "kw": 100, "kw_on_peak": 40, "kw_off_peak": 100,
    }  # fmt: skip


def test_an_agreement_compared_on_its_own_schedule_pays_its_actual_bill(timed):
    with compare(timed.url) as connection:
        rows = rows_of(connection, "comparison")
    own = {"T": "TOU", "P": "PARTS", "STAYED": "TOU", "MOVED": "TOU", "MAIN": "TOU"}
    found = [
        (row["agreement_id"], f"{row['billing_month']:%m}", row["difference_usd"])
        for row in rows
        if own.get(row["agreement_id"]) == row["schedule"] and row["billing_month"].month > 2
    ]
    assert found == [(name, month, 0) for name in sorted(own) for month in ("03", "04")]


def rate_in_two(url: URL, folder: Path, engine: str = "duckdb") -> None:
    """Load all but April's reads and rate, then load these and rate what has changed."""
    april = [row for row in FILES["meter_reads"] if row["billing_month"] == "2024-04"]
    earlier = [row for row in FILES["meter_reads"] if row["billing_month"] != "2024-04"]
    load_folder(url, write_portfolio(folder / "earlier", {**FILES, "meter_reads": earlier}))
    assert rate(url, engine=engine).status == "published"
    load_folder(url, write_portfolio(folder / "april", {**TERMS, "meter_reads": april}))
    assert rate(url, engine=engine, changed_only=True).reads == len(april)


@pytest.mark.long
def test_a_run_of_what_changed_looks_back_by_the_hours_of_today_too(timed, seeds, tmp_path):
    url = make_database(tmp_path, [seeds])
    rate_in_two(url, tmp_path)
    for relation in RELATIONS:
        assert published(url, relation) == published(timed.url, relation)


@pytest.mark.long
def test_postgresql_looks_back_by_the_hours_of_today_too(timed, seeds, postgres_database, tmp_path):
    initialize(postgres_database, [seeds])
    rate_in_two(postgres_database, tmp_path, "postgres")
    for relation in RELATIONS:
        assert published(postgres_database, relation) == published(timed.url, relation)
