"""Interval reads become determinants: hours, days, holidays, demand intervals, gaps, by hand."""

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from helpers import (
    Rated,
    Row,
    agreement,
    file_copy,
    fuel_costs,
    months,
    purchased_power_costs,
    rate_portfolio,
    read,
    select,
    write_portfolio,
)
from seed_texts import UTILITY
from sqlalchemy.engine import URL
from typer.testing import CliRunner

from rating.cli.app import app
from rating.portfolio.load import load_folder
from rating.run.run import rate

CHICAGO, DENVER = "America/Chicago", "America/Denver"
# Denver's clock is one hour behind Chicago's; the day starts at 7:00 UTC in winter.
WEST = UTILITY.replace("utility: zz", "utility: west").replace(CHICAGO, DENVER)
WEST += "holidays: {dates: {River Day: [2025-07-16]}}\n"
WEST = WEST.replace("document: book", "document: west-book")
NIGHT = """\
utility: west
schedule: NIGHT
title: Night and day
kind: rate
document: west-book
versions:
  - effective_from: 2020-01-01
    sheet: p. 1
    requires: [kwh, kwh_night, kwh_peak, kw_peak]
    time_of_use:
      sheet: p. 1
      demand_minutes: 60
      holidays: [River Day]
      periods:
        - {period: night, from: "22:00", to: "06:00"}
        - {period: peak, months: [6, 7, 8], days: [weekday], from: "14:00", to: "18:00"}
        - {period: weekend, days: [weekend, holiday]}
    charges:
      - {code: energy, description: Energy, component: energy, per: kwh, covers: kwh,
         prices_in: $/kWh, price: "0.10", sheet: p. 1}
"""


def clock(day: str, time: str = "00:00", zone: str = CHICAGO) -> datetime.datetime:
    """An instant by a local clock; the first of two where the clock shows it twice."""
    return datetime.datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=ZoneInfo(zone))


def intervals(
    agreement_id: str,
    start: datetime.datetime,
    end: datetime.datetime,
    kwh: str,
    minutes: int = 15,
    peaks: dict[datetime.datetime, str] | None = None,
    without: Iterable[datetime.datetime] = (),
    **more: Any,
) -> Iterator[Row]:
    """Intervals of equal energy from start to end, but for `peaks`, and `without` some."""
    given = {moment.astimezone(datetime.UTC): value for moment, value in (peaks or {}).items()}
    left_out = {moment.astimezone(datetime.UTC) for moment in without}
    moment, last = start.astimezone(datetime.UTC), end.astimezone(datetime.UTC)
    while moment < last:
        if moment not in left_out:
            yield {
                "agreement_id": agreement_id,
                "interval_start": moment.isoformat(),
                "interval_minutes": minutes,
                "kwh": given.get(moment, kwh),
                **more,
            }
        moment += datetime.timedelta(minutes=minutes)


def month(agreement_id: str, label: str, kwh: str, zone: str = CHICAGO, **more: Any) -> list[Row]:
    """Intervals over a calendar month by a local clock."""
    row = read(agreement_id, label)
    start, end = (clock(str(row[name]), zone=zone) for name in ("read_from", "read_to"))
    return list(intervals(agreement_id, start, end, kwh, **more))


IOWA = {"utility": "ilpt-ia", "start_date": "2025-01-01"}
PRIMARY = {"voltage": "primary", "phase": "three"}


def night(agreement_id: str) -> Row:
    return agreement(agreement_id, "NIGHT", utility="west", start_date="2020-01-01")


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("seeds")
    (folder / "west").mkdir()
    (folder / "west" / "utility.yaml").write_text(WEST)
    (folder / "west" / "night.yaml").write_text(NIGHT)
    return folder


FOURTH = clock("2025-07-04", "12:00")
AGREEMENTS = [
    agreement("MARCH", "LP", **IOWA),
    agreement("JULY", "LP", **IOWA),
    agreement("NOVEMBER", "IP", **IOWA),
    agreement("CYCLE", "LP", **IOWA),
    agreement("HALF", "LP", **IOWA),
    agreement("HOUR", "LP", **IOWA),
    agreement("GAP", "LP", **IOWA),
    agreement("CARRIED", "LP", **IOWA),
    agreement("TWICE", "LP", **IOWA),
    agreement("MIXED", "LP", **IOWA),
    agreement("NOTHING", "LP", **IOWA),
    agreement("SOLAR", "LP", **IOWA),
    agreement("BLOCK", "SCIS-1", **PRIMARY),
    agreement("LGS", "LGS-1", phase="three"),
    night("WEST"),
    night("WINTER"),
]
READS = [
    read("MARCH", "2025-03"),
    read("JULY", "2025-07"),
    read("NOVEMBER", "2025-11"),
    read("CYCLE", "2025-07", read_from="2025-06-20", read_to="2025-07-18"),
    read("HALF", "2025-02"),
    read("HOUR", "2025-02"),
    read("GAP", "2025-02"),
    read("CARRIED", "2025-02", kwh="1000", kw="12", kw_on_peak="11", kwh_on_peak="400",
         kwh_off_peak="600"),
    read("TWICE", "2025-02"),
    read("MIXED", "2025-02"),
    read("NOTHING", "2025-02"),
    read("NOTHING", "2025-03"),
    read("SOLAR", "2025-02"),
    read("BLOCK", "2015-04"),
    read("LGS", "2015-04"),
    read("WEST", "2025-07"),
    read("WINTER", "2025-02"),
]  # fmt: skip
MISSING = [clock("2025-02-10", time) for time in ("10:00", "10:15", "23:45")]
HOURLY = list(intervals("MIXED", clock("2025-02-20"), clock("2025-03-01"), "4", minutes=60))
INTERVALS = [
    *month("MARCH", "2025-03", "1"),
    *month("JULY", "2025-07", "1", peaks={FOURTH: "9", clock("2025-07-19", "19:45"): "5",
                                          clock("2025-07-07", "08:00"): "4",
                                          clock("2025-07-07", "20:00"): "7"}),
    *month("NOVEMBER", "2025-11", "1"),
    *intervals("CYCLE", clock("2025-06-01"), clock("2025-08-01"), "1",
               peaks={clock("2025-06-19", "23:45"): "100", clock("2025-06-20"): "2",
                      clock("2025-07-17", "23:45"): "3", clock("2025-07-18"): "100"}),
    *month("HALF", "2025-02", "2", minutes=30, peaks={clock("2025-02-03", "09:30"): "7.5"}),
    *month("HOUR", "2025-02", "4", minutes=60, peaks={clock("2025-02-03", "19:00"): "11.125"}),
    *month("GAP", "2025-02", "1", without=MISSING),
    *month("CARRIED", "2025-02", "0.5", without=MISSING[:1]),
    *month("TWICE", "2025-02", "1"),
    *intervals("TWICE", clock("2025-02-05", "10:00"), clock("2025-02-05", "10:30"), "1",
               minutes=30),
    *intervals("MIXED", clock("2025-02-01"), clock("2025-02-20"), "1"),
    *HOURLY,
    *month("NOTHING", "2025-02", "1"),
    *month("SOLAR", "2025-02", "1", peaks={clock("2025-02-09"): ""}, kwh_received="0.25"),
    *month("BLOCK", "2015-04", "300", peaks={clock("2015-04-08", "10:15"): "500",
                                             clock("2015-04-08", "10:30"): "500",
                                             clock("2015-04-09", "22:00"): "400",
                                             clock("2015-04-09", "22:15"): "410"}),
    *month("LGS", "2015-04", "10", peaks={clock("2015-04-08", "10:00"): "30"}),
    *month("WEST", "2025-07", "1", zone=DENVER,
           peaks={clock("2025-07-16", "15:00", DENVER): "90",  # River Day
                  clock("2025-07-17", "14:00", DENVER): "3",
                  clock("2025-07-17", "14:45", DENVER): "5",
                  clock("2025-07-17", "17:45", DENVER): "4"}),
    *month("WINTER", "2025-02", "1", zone=DENVER),
]  # fmt: skip
# The intervals of TWICE at 10:00 are of 15 and of 30 minutes; a key is there once.
INTERVALS = list({(row["agreement_id"], row["interval_start"]): row for row in INTERVALS}.values())


@pytest.fixture(scope="module")
def metered(tmp_path_factory: pytest.TempPathFactory, seeds) -> Rated:
    return rate_portfolio(
        tmp_path_factory.mktemp("metered"),
        {
            "service_agreements": AGREEMENTS,
            "meter_reads": [{"kwh": "", **row} for row in READS],
            "interval_reads": INTERVALS,
            "rider_cost_inputs": [
                *purchased_power_costs("2025-02", "2025-03", "2025-07", "2025-11"),
                *fuel_costs("2015-04"),
            ],
        },
        seeds=[seeds],
    )


def determinants(metered: Rated, agreement_id: str, month: str | None = None) -> dict[str, Decimal]:
    found = select(
        metered.url,
        "select determinant, interval_quantity from rating.interval_determinant"
        " where agreement_id = ? and strftime(billing_month, '%Y-%m') = coalesce(?,"
        " strftime(billing_month, '%Y-%m'))",
        [agreement_id, month],
    )
    return {row["determinant"]: row["interval_quantity"] for row in found}


def coverage(metered: Rated, agreement_id: str, month: str) -> Row:
    (row,) = select(
        metered.url,
        "select * from rating.interval_coverage where agreement_id = ?"
        " and strftime(billing_month, '%Y-%m') = ?",
        [agreement_id, month],
    )
    return row


def numbers(**values: int | str) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in values.items()}


def test_month_in_which_the_clock_goes_forward_has_an_hour_less(metered):
    # March 2025: 31 days, the 9th of 23 hours: 743 hours. Its 21 weekdays have 12 on-peak hours.
    assert coverage(metered, "MARCH", "2025-03")["expected_intervals"] == 743 * 4
    assert determinants(metered, "MARCH") == numbers(
        kwh=743 * 4, kwh_on_peak=21 * 12 * 4, kwh_off_peak=(743 - 21 * 12) * 4,
        kw=4, kw_on_peak=4, kw_off_peak=4,
    )  # fmt: skip


def test_month_in_which_the_clock_goes_back_has_an_hour_more(metered):
    # November 2025: 30 days, the 2nd of 25 hours: 721 hours; 20 weekdays less Thanksgiving.
    assert coverage(metered, "NOVEMBER", "2025-11")["expected_intervals"] == 721 * 4
    assert determinants(metered, "NOVEMBER") == numbers(
        kwh=721 * 4, kwh_on_peak=19 * 12 * 4, kwh_off_peak=(721 - 19 * 12) * 4,
        kw=4, kw_on_peak=4, kw_off_peak=4,
    )  # fmt: skip


def test_holiday_weekend_and_evening_are_off_peak_and_the_edge_of_a_period_counts_once(metered):
    # July 2025: 23 weekdays, of which Friday the 4th is a holiday: 22 × 12 hours. At 8:00 the
    # on-peak hours begin (3 kWh more), at 20:00 they are over (6 more off-peak); the 4th at noon
    # (8 more) and Saturday the 19th (4 more) are off-peak.
    assert determinants(metered, "JULY") == numbers(
        kwh=31 * 96 + 8 + 4 + 3 + 6, kwh_on_peak=22 * 48 + 3, kwh_off_peak=31 * 96 - 22 * 48 + 18,
        kw=36, kw_on_peak=16, kw_off_peak=36,
    )  # fmt: skip


def test_period_is_that_of_the_read_by_local_days(metered):
    # 2025-06-20 to 2025-07-17, 28 days; the peaks of 100 kWh lie a quarter of an hour outside.
    # On-peak: 20 weekdays less July 4.
    assert determinants(metered, "CYCLE") == numbers(
        kwh=28 * 96 + 1 + 2, kwh_on_peak=19 * 48, kwh_off_peak=28 * 96 - 19 * 48 + 3,
        kw=12, kw_on_peak=4, kw_off_peak=12,
    )  # fmt: skip


def test_intervals_of_30_and_60_minutes_are_demand_intervals_of_their_own_length(metered):
    # February 2025: 28 days, 20 weekdays. 7.5 kWh in half an hour is 15 kW, 11.125 in one 11.125.
    assert determinants(metered, "HALF") == numbers(
        kwh="2693.5", kwh_on_peak="965.5", kwh_off_peak=(28 * 48 - 20 * 24) * 2,
        kw=15, kw_on_peak=15, kw_off_peak=4,
    )  # fmt: skip
    assert determinants(metered, "HOUR") == numbers(
        kwh=str(28 * 24 * 4 + Decimal("7.125")), kwh_on_peak=str(20 * 12 * 4 + Decimal("7.125")),
        kwh_off_peak=(28 * 24 - 20 * 12) * 4, kw="11.125", kw_on_peak="11.125", kw_off_peak=4,
    )  # fmt: skip
    assert coverage(metered, "HOUR", "2025-02")["expected_intervals"] == 28 * 24


def test_demand_of_30_minutes_is_the_average_of_two_intervals_from_the_full_hour(metered):
    # 10:15 and 10:30 lie in two half hours: 300 + 500 kWh in half an hour is 1,600 kW, not 2,000.
    # 22:00 and 22:15 share one: 810 kWh is 1,620 kW, off-peak (10 p.m. to 7 a.m.).
    found = determinants(metered, "BLOCK")
    assert found["kw_on_peak"] == 1600
    assert found["kw_off_peak"] == 1620
    assert found["kw"] == 1620
    # April 2015: 30 days, 15 on-peak hours each.
    assert found["kwh_on_peak"] == 30 * 60 * 300 + 400
    assert found["kwh_off_peak"] == 30 * 36 * 300 + 210


def test_sheet_without_periods_still_says_how_long_a_demand_interval_is(metered):
    # 30 + 10 kWh in half an hour are 80 kW; in a quarter of an hour it would be 120.
    assert determinants(metered, "LGS") == numbers(kwh=30 * 96 * 10 + 20, kw=80)


def test_period_over_midnight_and_days_by_the_clock_of_the_utility(metered):
    # Denver, July 2025: nights 8 × 31 hours; peak 22 weekdays without River Day × 4 hours; on 8
    # weekend days and River Day the other 16 hours. Peaks of 2, 4 and 3 kWh more on the 17th.
    found = determinants(metered, "WEST")
    assert found["kwh"] == 31 * 96 + 2 + 4 + 3 + 89
    assert found["kwh_night"] == 31 * 32
    assert found["kwh_peak"] == 22 * 16 + 9
    assert found["kwh_weekend"] == 9 * 64 + 89
    # Hours of 60 minutes: 14:00 has 3 + 1 + 1 + 5 = 10 kWh, 17:00 has 7, River Day's 15:00 93.
    assert (found["kw_peak"], found["kw_weekend"], found["kw"]) == (10, 93, 93)


def test_period_that_has_no_hour_in_a_month_is_zero_and_not_unknown(metered):
    found = determinants(metered, "WINTER")
    assert (found["kwh_peak"], found["kw_peak"]) == (0, 0)
    assert metered.bill("WINTER", "2025-02")["kwh"] == 28 * 96


def test_gap_leaves_the_month_unbilled_and_says_how_many_intervals_are_missing(metered):
    found = coverage(metered, "GAP", "2025-02")
    assert (found["expected_intervals"], found["missing_intervals"]) == (28 * 96, 3)
    assert not found["is_complete"]
    (unbilled,) = [row for row in metered.unbilled if row["agreement_id"] == "GAP"]
    assert unbilled["reason"] == "missing_determinant"
    assert unbilled["detail"] == (
        "billing_demand_kw is not known: kw_on_peak is missing; 3 of 2688 intervals are missing"
    )


def test_read_that_carries_the_determinants_is_billed_by_them_gap_or_not(metered):
    rows = select(
        metered.url,
        "select determinant, interval_quantity, read_quantity, difference, source"
        " from rating.interval_determinant where agreement_id = 'CARRIED' order by determinant",
    )
    assert [tuple(row.values()) for row in rows] == [
        ("kw", 2, 12, 10, "read"),
        ("kw_off_peak", 2, None, None, "none"),
        ("kw_on_peak", 2, 11, 9, "read"),
        # 28 × 48 kWh less the half of a missing on-peak interval; 20 × 24 on-peak.
        ("kwh", Decimal("1343.5"), 1000, Decimal("-343.5"), "read"),
        ("kwh_off_peak", 28 * 48 - 20 * 24, 600, 600 - 864, "read"),
        ("kwh_on_peak", Decimal("479.5"), 400, Decimal("-79.5"), "read"),
    ]
    assert metered.bill("CARRIED", "2025-02")["kwh"] == 1000


def test_intervals_of_different_lengths_that_overlap_are_reported_and_not_billed(metered):
    # At 10:00 the row of 30 minutes took the place of that of 15; 10:15 is read twice.
    found = coverage(metered, "TWICE", "2025-02")
    assert (found["missing_intervals"], found["overlapping_intervals"]) == (0, 1)
    assert not found["is_complete"]
    (unbilled,) = [row for row in metered.unbilled if row["agreement_id"] == "TWICE"]
    assert unbilled["detail"].endswith("0 of 2688 intervals are missing, 1 are read twice")


def test_month_in_which_the_interval_length_changes_is_complete(metered):
    found = coverage(metered, "MIXED", "2025-02")
    assert (found["interval_minutes"], found["missing_intervals"]) == (15, 0)
    assert found["is_complete"]
    # 4 kWh an hour throughout.
    assert determinants(metered, "MIXED")["kwh"] == 28 * 24 * 4
    assert determinants(metered, "MIXED")["kw"] == 4


def test_month_without_any_interval_is_a_gap_where_the_read_has_no_kwh(metered):
    found = coverage(metered, "NOTHING", "2025-03")
    assert (found["expected_intervals"], found["missing_intervals"]) == (743 * 4, 743 * 4)


def test_interval_without_kwh_is_missing(metered):
    assert coverage(metered, "SOLAR", "2025-02")["missing_intervals"] == 1


def test_received_energy_is_added_up_by_period_too(metered):
    found = determinants(metered, "SOLAR")
    assert found["kwh_received_on_peak"] == Decimal("0.25") * 20 * 48
    # The interval without kWh is none: 28 × 96 − 1 of them.
    assert found["kwh_received"] == Decimal("0.25") * (28 * 96 - 1)


def test_reconcile_says_what_is_missing_and_what_differs(metered):
    result = CliRunner().invoke(app, ["reconcile", "--database", metered.url.render_as_string()])
    said = " ".join(result.output.split())
    # 17 months; incomplete: GAP 3, CARRIED 1, SOLAR 1, NOTHING in March 2,972, TWICE none.
    assert (
        "interval reads: 12 of 17 months are complete; 2,977 intervals are missing, 1 overlap,"
        " 0 were rejected as repeated (interval_coverage)" in said
    )
    assert "interval reads: 5 of 5 determinants that meter reads give too are not the same" in said


def test_bill_from_intervals_to_the_cent(metered):
    # LP, July: the kW and kWh of the test above, PPA zero.
    lines = [
        (row["charge_code"], row["quantity"], row["price"], row["amount"])
        for row in metered.bill_lines("JULY", "2025-07")
    ]
    assert lines == [
        ("basic_service", 1, 200, Decimal("200.00")),
        ("distribution_demand", 36, 2, Decimal("72.00")),
        ("demand", 16, 12, Decimal("192.00")),
        # 22 days × 48 + 3 = 1,059 kWh × 0.0749 = 79.3191
        ("energy_on_peak", 1059, Decimal("0.0749"), Decimal("79.32")),
        # 31 × 96 − 1,056 + 18 = 1,938 kWh × 0.0509 = 98.6442
        ("energy_off_peak", 1938, Decimal("0.0509"), Decimal("98.64")),
    ]
    bill = metered.bill("JULY", "2025-07")
    # 200.00 + 72.00 + 192.00 + 79.32 + 98.64
    assert bill["net_amount"] == Decimal("641.96")
    assert (bill["kwh"], bill["billing_demand_kw"]) == (2997, 16)


@pytest.fixture(scope="module")
def rated_year(tmp_path_factory: pytest.TempPathFactory) -> URL:
    """Half a year of intervals of two agreements, rated."""
    files = {
        "service_agreements": [agreement("ONE", "LP", **IOWA), agreement("TWO", "LP", **IOWA)],
        "meter_reads": [
            {**read(one, label), "kwh": ""} for one in ("ONE", "TWO") for label in YEAR
        ],
        "interval_reads": [
            row for one in ("ONE", "TWO") for label in YEAR for row in month(one, label, "1")
        ],
        "rider_cost_inputs": purchased_power_costs(*YEAR),
    }
    return rate_portfolio(tmp_path_factory.mktemp("year"), files).url


@pytest.fixture
def year(rated_year: URL, tmp_path: Path) -> URL:
    """A copy of it for one test to change."""
    return file_copy(rated_year, tmp_path)


YEAR = months("2025-01", 6)


def correct(url: URL, folder: Path, *rows: Row) -> None:
    """Load further interval reads."""
    files = {
        "service_agreements": [agreement("ONE", "LP", **IOWA)],
        "meter_reads": [{**read("ONE", YEAR[0]), "kwh": ""}],
        "interval_reads": rows,
    }
    assert load_folder(url, write_portfolio(folder, files)).rows_rejected == 0


def bills(url: URL) -> dict[tuple[str, str], Row]:
    rows = select(url, "select * from rating.bill")
    return {(row["agreement_id"], f"{row['billing_month']:%Y-%m}"): row for row in rows}


def published(url: URL, relation: str) -> list[tuple[Any, ...]]:
    rows = select(url, f"select * exclude (run_id) from rating.{relation} order by all")
    return [tuple(row.values()) for row in rows]


def test_corrected_interval_moves_its_month_and_the_months_its_peak_reaches(year, tmp_path):
    at_noon = intervals("ONE", clock("2025-03-05", "12:00"), clock("2025-03-05", "12:15"), "25")
    correct(year, tmp_path / "more", *at_noon)
    report = rate(year, changed_only=True)
    # From March, the first month it can move, to June; the other agreement is left alone.
    assert (report.status, report.bills) == ("published", 4)
    assert {key for key, row in bills(year).items() if row["run_id"] == report.run_id} == {
        ("ONE", label) for label in YEAR[2:]
    }
    # 25 kWh in a quarter of an hour are 100 kW, which the distribution demand remembers.
    found = select(
        year,
        "select strftime(billing_month, '%m') as month, demand_kw from rating.billing_demand"
        " where agreement_id = 'ONE' and demand_name = 'distribution' order by 1",
    )
    assert [row["demand_kw"] for row in found] == [4, 4, 100, 100, 100, 100]
    changed = {relation: published(year, relation) for relation in RELATIONS}
    assert rate(year).status == "published"
    assert changed == {relation: published(year, relation) for relation in RELATIONS}


RELATIONS = ("bill", "bill_line_item", "interval_coverage", "interval_determinant")


@pytest.mark.long
def test_run_of_one_month_leaves_what_was_published_of_others(year):
    before = {relation: published(year, relation) for relation in RELATIONS}
    april = datetime.date(2025, 4, 1)
    assert rate(year, first_month=april, last_month=april).bills == 2
    assert before == {relation: published(year, relation) for relation in RELATIONS}


def test_parquet_put_straight_in_is_noted_as_a_change_of_its_months(year, tmp_path):
    folder = write_portfolio(
        tmp_path / "more",
        {
            "service_agreements": [agreement("TWO", "LP", **IOWA)],
            "meter_reads": [{**read("TWO", "2025-07"), "kwh": ""}],
        },
    )
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select 'TWO' as agreement_id, timestamp '2025-07-01 05:00' + i * interval 15"
            " minute as interval_start, 15 as interval_minutes, 2 as kwh from range(2976) as t(i))"
            f" to '{folder / 'interval_reads.parquet'}' (format parquet)"
        )
    load_folder(year, folder)
    noted = select(year, "select * from portfolio.change where file = 'interval_reads'")
    assert [(row["subject"], row["first_month"]) for row in noted if row["load_id"] == 2] == [
        # The night of June 30 to July 1 by UTC can be the end of June.
        ("TWO", datetime.date(2025, 6, 1))
    ]
