"""Times of use and holidays in seed files: the rows they become, and what is refused."""

from datetime import date

import pytest
from seed_texts import GOOD, UTILITY, refusals, write_seeds

from models import tariff
from rating.errors import RatebookError
from rating.project import SEEDS
from rating.seed.read import read_books
from rating.seed.rows import tariff_rows

FILE = "seeds/zz/one.yaml"
VERSION = f"{FILE}: version 2020-01-01:"
HOLIDAYS = """\
holidays:
  country: US
  names: [New Year's Day, Independence Day]
  saturday_observed_friday: true
  sunday_observed_monday: true
  dates: {River Day: [2024-06-21]}
"""


def with_periods(*periods: str, more: str = "") -> str:
    """The good seed file with a time of use."""
    listed = "".join(f"        - {{{period}}}\n" for period in periods)
    text = f"    time_of_use:\n      sheet: p. 1\n{more}      periods:\n{listed}"
    return GOOD.replace("    charges:\n", text + "    charges:\n")


def rows_of(folder, text, utility=UTILITY):
    return tariff_rows(read_books([write_seeds(folder, text, utility=utility)]))


def refused(folder, utility):
    with pytest.raises(RatebookError) as error:
        rows_of(folder, GOOD, utility)
    return list(error.value.messages)


def test_times_become_minutes_and_what_is_absent_is_everything(tmp_path):
    rows = rows_of(tmp_path, with_periods('period: day, from: "08:00"', "period: rest"))
    found = [
        (row["ordinal"], row["period"], row["from_minute"], row["to_minute"])
        for row in rows[tariff.TimeOfUsePeriod]
    ]
    assert found == [(1, "day", 480, 1440), (2, "rest", 0, 1440)]
    assert len(rows[tariff.TimeOfUseMonth]) == 2 * 12
    assert len(rows[tariff.TimeOfUseDay]) == 2 * 8
    assert [row["demand_minutes"] for row in rows[tariff.TimeOfUse]] == [15]


def test_weekday_is_monday_to_friday_and_no_holiday(tmp_path):
    rows = rows_of(tmp_path, with_periods("period: a, days: [weekday, holiday]"))
    kinds = [row["day_kind"] for row in rows[tariff.TimeOfUseDay]]
    assert kinds == ["monday", "tuesday", "wednesday", "thursday", "friday", "holiday"]


def test_sunday_holiday_is_kept_on_monday_and_a_saturdays_on_friday(tmp_path):
    rows = rows_of(tmp_path, GOOD, UTILITY + HOLIDAYS)
    kept = {(row["holiday"], row["holiday_date"]): row["observed_date"]
            for row in rows[tariff.Holiday]}  # fmt: skip
    # July 4 is a Friday in 2025, a Saturday in 2026, a Sunday in 2027.
    assert kept["Independence Day", date(2025, 7, 4)] == date(2025, 7, 4)
    assert kept["Independence Day", date(2026, 7, 4)] == date(2026, 7, 3)
    assert kept["Independence Day", date(2027, 7, 4)] == date(2027, 7, 5)
    # January 1, 2028 is a Saturday: it is kept in the year before.
    assert kept["New Year's Day", date(2028, 1, 1)] == date(2027, 12, 31)
    assert kept["River Day", date(2024, 6, 21)] == date(2024, 6, 21)


def test_holiday_stays_on_its_day_where_no_rule_moves_it(tmp_path):
    unmoved = "".join(line for line in HOLIDAYS.splitlines(True) if "observed" not in line)
    rows = rows_of(tmp_path, GOOD, UTILITY + unmoved)
    assert all(row["holiday_date"] == row["observed_date"] for row in rows[tariff.Holiday])


def test_iowas_six_holidays_of_2025():
    # By hand from a calendar: last Monday of May, first of September, fourth Thursday of November.
    rows = tariff_rows(read_books([SEEDS]))[tariff.Holiday]
    found = sorted(row["observed_date"] for row in rows if row["observed_date"].year == 2025)
    assert found == [
        date(2025, 1, 1), date(2025, 5, 26), date(2025, 7, 4), date(2025, 9, 1),
        date(2025, 11, 27), date(2025, 12, 25),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("period", "sentence"),
    [
        ("period: a, from: 14:00", 'from 840 is no quarter of an hour; write "HH:MM" in quotes'),
        (
            'period: a, from: "14:10"',
            "from '14:10' is no quarter of an hour; write \"HH:MM\" in quotes",
        ),
        (
            'period: a, from: "14:00", to: "14:00"',
            "begins where it ends; leave out from and to for the whole day",
        ),
        (
            "period: On-Peak",
            "period 'On-Peak' cannot end a determinant's name; write it in lower case, as on_peak",
        ),
        (
            "period: received",
            "period 'received' cannot end a determinant's name; write it in lower case, as on_peak",
        ),
        ("period: a, hours: 3", "hours has an unknown field hours; see docs/transcribing.md"),
    ],
)
def test_period_that_cannot_be(tmp_path, period, sentence):
    (message,) = refusals(tmp_path, with_periods(period))
    assert message.startswith(f"{FILE}:")
    assert message.endswith(sentence)


def test_period_that_cuts_a_demand_interval(tmp_path):
    text = with_periods('period: a, from: "14:15"', more="      demand_minutes: 30\n")
    assert refusals(tmp_path, text) == [
        f"{VERSION} time_of_use period 1 begins or ends within a demand interval of 30 minutes;"
        " move it to the edge of one"
    ]


def test_period_behind_others_that_hold_all_its_hours(tmp_path):
    text = with_periods('period: a, from: "22:00", to: "06:00"', 'period: b, to: "05:00"')
    assert refusals(tmp_path, text) == [
        f"{VERSION} time_of_use period 2 is never reached; move it before the others"
    ]


def test_holiday_that_the_utility_does_not_define(tmp_path):
    text = with_periods("period: a", more="      holidays: [River Day]\n")
    assert refusals(tmp_path, text) == [
        f"{VERSION} time_of_use keeps the holiday River Day, which utility.yaml does not define;"
        " add it"
    ]


def test_time_of_use_of_a_rider(tmp_path):
    text = with_periods("period: a").replace("kind: rate", "kind: rider")
    assert refusals(tmp_path, text) == [
        f"{FILE}: version 2020-01-01: time_of_use is of rates, not of the kind rider; move it there"
    ]


def test_determinants_of_a_period_are_known_in_its_version_only(tmp_path):
    used = GOOD.replace("    charges:\n", "    requires: [kwh_night, kw_night]\n    charges:\n")
    assert len(refusals(tmp_path, used)) == 2
    read_books([write_seeds(tmp_path, with_periods("period: night").replace(
        "    charges:\n", "    requires: [kwh_night, kw_night, kwh_received_night]\n    charges:\n"
    ))])  # fmt: skip


def test_holiday_that_the_country_does_not_have(tmp_path):
    message, *_ = refused(tmp_path, UTILITY + "holidays: {country: US, names: [Boxing Day]}\n")
    assert "holidays names 'Boxing Day'; write one of Christmas Day, " in message


def test_country_that_there_is_not(tmp_path):
    message, *_ = refused(tmp_path, UTILITY + "holidays: {country: ZZ, names: [Boxing Day]}\n")
    assert message.endswith("holidays names the unknown country ZZ; correct it")


def test_names_of_holidays_without_a_country(tmp_path):
    message, *_ = refused(tmp_path, UTILITY + "holidays: {names: [Boxing Day]}\n")
    assert message.endswith("holidays lacks country; say whose holidays the names are")


def test_time_zone_that_there_is_not(tmp_path):
    message, *_ = refused(tmp_path, UTILITY.replace("America/Chicago", "America/Chicagoo"))
    assert "time_zone 'America/Chicagoo' is no time zone; write one as America/Chicago" in message
