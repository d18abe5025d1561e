"""Rows of the times of use and of the holidays they keep."""

from models import tariff
from rating.seed.format import UtilitySeed
from rating.seed.made import Rows, VersionRows


def add_time_of_use(made: VersionRows) -> None:
    """The rows of a version's demand interval, holidays and periods, if it has any."""
    seed = made.seed.time_of_use
    if seed is None:
        return
    key = {"version_id": made.version_id}
    made.rows.add(tariff.TimeOfUse, demand_minutes=seed.demand_minutes, **key, **made.cite(seed))
    for name in dict.fromkeys(seed.holidays):
        made.rows.add(tariff.TimeOfUseHoliday, holiday=name, **key)
    for ordinal, window in enumerate(seed.periods, start=1):
        of_window = {**key, "ordinal": ordinal}
        made.rows.add(
            tariff.TimeOfUsePeriod,
            period=window.period,
            from_minute=window.first,
            to_minute=window.last,
            **of_window,
        )
        for month in window.all_months:
            made.rows.add(tariff.TimeOfUseMonth, month=month, **of_window)
        for kind in window.day_kinds:
            made.rows.add(tariff.TimeOfUseDay, day_kind=kind, **of_window)


def add_holidays(rows: Rows, utility: UtilitySeed) -> None:
    """The rows of a utility's holidays, with the days they are kept on."""
    for name, date, observed in utility.holidays.days if utility.holidays else ():
        rows.add(
            tariff.Holiday,
            utility=utility.utility,
            holiday=name,
            holiday_date=date,
            observed_date=observed,
        )
