"""Schedules of URDB rates as times of use: few windows that give each hour its period."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urdb_rates import MONTHS, hours

from rating.seed.time_of_use import PeriodSeed
from rating.urdb.times import Hours, cells, seasons_of, windows

NAMES = st.sampled_from(["a", "b", "c"])
ROWS = st.lists(st.tuples(NAMES, st.integers(1, 12)), min_size=1, max_size=5).map(
    lambda runs: ([name for name, length in runs for _ in range(length)] * 24)[:24]
)
YEARS = st.lists(ROWS, min_size=1, max_size=3).flatmap(
    lambda rows: st.lists(st.sampled_from(rows), min_size=12, max_size=12)
)


def period_at(found: list[PeriodSeed], kind: str, month: int, hour: int) -> str:
    """The period of the first window that an hour lies in, as intervals are read."""
    day = "monday" if kind == "weekday" else "sunday"
    return next(
        one.period
        for one in found
        if month + 1 in one.all_months and day in one.day_kinds and one.holds_at(hour * 60)
    )


@given(YEARS, YEARS)
def test_each_hour_of_the_year_has_the_period_of_the_schedule(weekday, weekend):
    found = [
        PeriodSeed.model_validate(one) for one in windows({"weekday": weekday, "weekend": weekend})
    ]
    for kind, rows in (("weekday", weekday), ("weekend", weekend)):
        for month, row in enumerate(rows):
            assert [period_at(found, kind, month, hour) for hour in range(24)] == row


def named(*lines: str) -> list[dict[str, object]]:
    """The windows of a schedule in short, whose periods are p0, p1 …"""
    found = hours(*lines)
    return windows(
        {kind: [[f"p{one}" for one in row] for row in rows] for kind, rows in found.items()}
    )


@pytest.mark.parametrize(
    "lines, expected",
    [
        (
            ["jun-sep weekday 0x14 1x6 0x4"],
            [{"period": "p1", "months": [6, 7, 8, 9], "days": ["weekday"], "from": "14:00",
              "to": "20:00"}, {"period": "p0"}],
        ),
        (
            ["jan-dec all 1x6 0x16 1x2"],
            [{"period": "p1", "from": "22:00", "to": "06:00"}, {"period": "p0"}],
        ),
        (
            ["jan-dec weekend 1x24"],
            [{"period": "p1", "days": ["weekend"]}, {"period": "p0"}],
        ),
        (["jan all 1x24"], [{"period": "p1", "months": [1]}, {"period": "p0"}]),
    ],
)  # fmt: skip
def test_windows_are_as_few_as_can_be(lines, expected):
    assert named(*lines) == expected


def test_seasons_are_the_months_that_agree_in_everything():
    energy = [0] * 5 + [1] * 4 + [0] * 3
    demand = [0] * 6 + [1] * 6
    found = seasons_of([energy, demand])
    assert [(one.name, [MONTHS[month] for month in one.months]) for one in found] == [
        ("jan-may", ["jan", "feb", "mar", "apr", "may"]),
        ("jun", ["jun"]),
        ("jul-sep", ["jul", "aug", "sep"]),
        ("oct-dec", ["oct", "nov", "dec"]),
    ]


def test_months_that_all_agree_are_no_seasons():
    assert [one.name for one in seasons_of([[0] * 12])] == [None]


def test_a_cell_is_a_period_of_energy_and_one_of_demand():
    energy = Hours(hours("jan-dec weekday 0x12 1x12"))
    demand = Hours(hours("jan-dec all 0x18 1x6"))
    found = {cell for rows in cells(energy, demand).values() for row in rows for cell in row}
    assert found == {(0, 0), (1, 0), (1, 1), (0, 1)}
