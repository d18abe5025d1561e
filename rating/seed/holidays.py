"""A utility's holidays as a seed file names them; their dates are a library's, or given."""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from pydantic import Field, model_validator

from rating.seed.parts import Part

FIRST_YEAR, LAST_YEAR = 2000, 2100
SATURDAY, SUNDAY = 5, 6


class HolidaysSeed(Part):
    """A utility's holidays: those of a country by name, and others by their dates."""

    country: str | None = Field(None, description="ISO code, as US")
    subdivision: str | None = Field(None, description="state or province, as IA")
    names: list[str] = Field([], description="as the country calls them")
    saturday_observed_friday: bool = False
    sunday_observed_monday: bool = False
    dates: dict[str, list[datetime.date]] = Field({}, description="others, as they are kept")

    @model_validator(mode="after")
    def _all_known(self) -> "HolidaysSeed":
        if self.names and not self.country:
            raise ValueError("lacks country; say whose holidays the names are")
        try:
            known = _dates_by_name(self.country, self.subdivision)
        except NotImplementedError:
            place = " ".join(filter(None, (self.country, self.subdivision)))
            raise ValueError(f"names the unknown country {place}; correct it") from None
        for name in self.names:
            if name not in known:
                raise ValueError(f"names {name!r}; write one of {', '.join(sorted(known))}")
            if name in self.dates:
                raise ValueError(f"names {name!r} and gives it dates too; keep one of the two")
        return self

    @property
    def days(self) -> Iterator[tuple[str, datetime.date, datetime.date]]:
        """(name, date by the calendar, day it is kept on) from 2000 to 2100, by name and date."""
        for name in dict.fromkeys(self.names):
            for date in _dates_by_name(self.country, self.subdivision)[name]:
                yield name, date, self._observed(date)
        for name, dates in self.dates.items():
            yield from ((name, date, date) for date in sorted(set(dates)))

    def _observed(self, date: datetime.date) -> datetime.date:
        """The day a holiday of the calendar is kept on."""
        if date.weekday() == SATURDAY and self.saturday_observed_friday:
            return date - datetime.timedelta(days=1)
        if date.weekday() == SUNDAY and self.sunday_observed_monday:
            return date + datetime.timedelta(days=1)
        return date


@cache
def _dates_by_name(country: str | None, subdivision: str | None) -> dict[str, list[datetime.date]]:
    """A country's holidays on the days of the calendar; raises `NotImplementedError`."""
    import holidays  # reads every calendar of the world: only where a tariff names holidays

    found: dict[str, list[datetime.date]] = defaultdict(list)
    if country:
        years = range(FIRST_YEAR, LAST_YEAR + 1)
        calendar = holidays.country_holidays(
            country, subdiv=subdivision, years=years, observed=False, language="en_US"
        )
        for date in sorted(calendar):
            for name in calendar.get_list(date):
                found[name].append(date)
    return dict(found)
