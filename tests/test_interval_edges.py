"""Which minutes of a billing period its intervals cover, where they do not end with it, by hand."""

from decimal import Decimal

import pytest
from helpers import Rated, Row, agreement, purchased_power_costs, rate_portfolio, read, select
from seed_texts import GOOD, UTILITY
from test_intervals import CHICAGO, IOWA, clock, intervals, month

HOWE, HAVANA = "Australia/Lord_Howe", "America/Havana"


def plain(name: str) -> Row:
    return agreement(name, "ONE", utility=name.lower(), start_date="2020-01-01")


def hours(name: str, start: str, end: str, minutes: int = 60, zone: str = CHICAGO) -> list[Row]:
    """Intervals of 1 kWh from one local time to another."""
    first, last = (clock(*text.split(), zone=zone) for text in (start, end))
    return list(intervals(name, first, last, "1", minutes=minutes))


AGREEMENTS = [
    *(agreement(name, "LP", **IOWA) for name in ("MASKED", "LATER", "HALFPAST", "BEFORE", "ONCE")),
    plain("HOWE"),
    plain("HAVANA"),
]
READS = [
    *(read(name, label) for name in ("MASKED", "LATER") for label in ("2025-03", "2025-04")),
    *(read(name, "2025-03") for name in ("HALFPAST", "BEFORE", "ONCE")),
    read("HOWE", "2025-04"),
    read("HOWE", "2025-05"),
    read("HAVANA", "2021-10", read_from="2021-10-07", read_to="2021-11-07"),
    read("HAVANA", "2021-11", read_from="2021-11-07", read_to="2021-12-07"),
]
NOON = [clock("2025-03-12", time) for time in ("12:00", "12:15", "12:30")]
LAST_QUARTER = clock("2025-03-31", "23:45")
LAST_HOUR = hours("LATER", "2025-03-31 23:45", "2025-04-01 00:45")
INTERVALS = [
    *month("MASKED", "2025-03", "1", without=[*NOON, LAST_QUARTER]),
    *({**row, "agreement_id": "MASKED"} for row in LAST_HOUR),
    *month("MASKED", "2025-04", "1"),
    *month("LATER", "2025-03", "1", without=[LAST_QUARTER]),
    *LAST_HOUR,
    *hours("LATER", "2025-04-01 00:45", "2025-05-01 00:00", minutes=15),
    *hours("HALFPAST", "2025-03-01 00:30", "2025-04-01 00:30"),
    *hours("BEFORE", "2025-02-28 23:30", "2025-03-12 00:30"),
    *hours("BEFORE", "2025-03-12 00:30", "2025-04-01 00:00", minutes=15),
    *hours("ONCE", "2025-01-05 00:00", "2025-01-05 00:15", minutes=15),
    *hours("ONCE", "2025-03-01 00:00", "2025-03-31 23:00"),
    *hours("HOWE", "2025-04-01 00:00", "2025-06-01 00:30", zone=HOWE),
    *hours("HAVANA", "2021-10-07 00:00", "2021-12-07 00:00", minutes=15, zone=HAVANA),
]


@pytest.fixture(scope="module")
def metered(tmp_path_factory: pytest.TempPathFactory) -> Rated:
    seeds = tmp_path_factory.mktemp("seeds")
    for utility, zone in (("howe", HOWE), ("havana", HAVANA)):
        (seeds / utility).mkdir()
        place = UTILITY.replace("utility: zz", f"utility: {utility}").replace(CHICAGO, zone)
        named = f"document: {utility}-book"
        (seeds / utility / "utility.yaml").write_text(place.replace("document: book", named))
        sheet = GOOD.replace("utility: zz", f"utility: {utility}")
        (seeds / utility / "one.yaml").write_text(sheet.replace("document: book", named))
    files = {
        "service_agreements": AGREEMENTS,
        "meter_reads": [{**row, "kwh": ""} for row in READS],
        "interval_reads": INTERVALS,
        "rider_cost_inputs": purchased_power_costs("2025-03", "2025-04"),
    }
    return rate_portfolio(tmp_path_factory.mktemp("edges"), files, seeds=[seeds])


def counted(metered: Rated, agreement_id: str) -> list[tuple[int, int, int, int, bool]]:
    """(minutes, expected, missing, overlapping, complete) of its months."""
    found = select(
        metered.url,
        "select interval_minutes, expected_intervals, missing_intervals, overlapping_intervals,"
        " is_complete from rating.interval_coverage where agreement_id = ? order by billing_month",
        [agreement_id],
    )
    return [tuple(row.values()) for row in found]


def kwh_billed(metered: Rated, agreement_id: str) -> list[Decimal]:
    bills = [bill for bill in metered.bills if bill["agreement_id"] == agreement_id]
    return [bill["kwh"] for bill in sorted(bills, key=lambda bill: bill["billing_month"])]


def test_an_interval_beyond_the_edge_does_not_make_up_for_a_gap(metered):
    # Three quarters of March 12 are in no interval. The interval from 23:45 on March 31 to 0:45
    # has the first three of April, which are read themselves too.
    assert counted(metered, "MASKED") == [
        (15, 743 * 4, 3, 0, False),
        (15, 30 * 96, 0, 3, False),
    ]
    assert kwh_billed(metered, "MASKED") == []


def test_an_interval_across_the_edge_covers_both_periods_and_counts_where_it_begins(metered):
    assert counted(metered, "LATER") == [(15, 743 * 4, 0, 0, True), (15, 30 * 96, 0, 0, True)]
    # 2,971 quarters and the hour of 23:45 in March; 2,880 quarters less three in April.
    assert kwh_billed(metered, "LATER") == [743 * 4, 30 * 96 - 3]


def test_half_an_hour_in_no_interval_is_missing_where_the_last_hour_goes_on_after_the_end(metered):
    assert counted(metered, "HALFPAST") == [(60, 743, 1, 0, False)]


def test_minutes_that_an_interval_of_the_day_before_covers_are_not_missing(metered):
    assert counted(metered, "BEFORE") == [(15, 743 * 4, 0, 0, True)]
    # The hour of 23:30 on February 28 is of February. From 0:30 on March 1 to 0:30 on March 12 the
    # hours of 11 days less the one of the 9th; then the quarters of 20 days less the first two.
    assert kwh_billed(metered, "BEFORE") == [11 * 24 - 1 + 20 * 96 - 2]


def test_intervals_are_counted_in_the_shortest_of_the_period_not_of_other_years(metered):
    assert counted(metered, "ONCE") == [(60, 743, 1, 0, False)]


def test_hours_of_a_zone_half_an_hour_off_are_billed_once_each(metered):
    # April 2025 on Lord Howe has half an hour more, at the end of summer time: 720.5 hours from
    # 13:00 UTC on. The last of the 721 hours that begin in it goes on half an hour into May.
    assert counted(metered, "HOWE") == [(60, 721, 0, 0, True), (60, 744, 0, 0, True)]
    assert kwh_billed(metered, "HOWE") == [721, 744]


def test_a_day_with_two_midnights_begins_at_the_first(metered):
    # 31 days; 30 days, of which November 7 has 25 hours.
    assert counted(metered, "HAVANA") == [(15, 31 * 96, 0, 0, True), (15, 30 * 96 + 4, 0, 0, True)]
    assert kwh_billed(metered, "HAVANA") == [31 * 96, 30 * 96 + 4]
