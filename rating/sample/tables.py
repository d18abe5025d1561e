"""The tables of what the sample's files say: profiles, riders, units and scripts."""

from collections.abc import Iterator, Mapping, Sequence

import duckdb

from rating.sample.calendar import fill
from rating.sample.profiles import Profile, Rider, Shape, places
from rating.sample.scripts import READ_VALUES, Enrolled, Script
from rating.sample.seed import UtilityFiles

PROFILE_COLUMNS = """
name varchar, utility varchar, schedule varchar, customer_class varchar, terms varchar[],
host varchar, combines boolean, has_periods boolean, first_n bigint, next_n bigint, low bigint,
high bigint, flat bigint, heated bigint, cooled bigint, load_low bigint, load_high bigint,
kw_percent bigint, pf_percent bigint, investment_percent bigint, investment_low bigint,
investment_high bigint
"""
RIDER_COLUMNS = """
utility varchar, rider varchar, earliest_date date, spread_days bigint, generates boolean,
least_kwh bigint, options varchar[], fewest bigint, most bigint, replaced_from date,
replaced_by varchar, ends_on date
"""
UNIT_COLUMNS = """
utility varchar, schedule varchar, unit_code varchar, watts bigint, chance bigint, fewest bigint,
most bigint
"""
SCRIPT_COLUMNS = """
agreement_id varchar, cycle bigint, utility varchar, first_no bigint, last_no bigint, name varchar,
schedule varchar, customer_class varchar, terms varchar[], investment decimal(18, 2),
backup decimal(12, 1), partner varchar,
""" + ", ".join(f"{name} decimal(12, 2)[]" for name in READ_VALUES)
ENROLLED_COLUMNS = """
agreement_id varchar, rider varchar, start_no bigint, start_day date, option varchar,
quantity bigint
"""
SCRIPT_UNIT_COLUMNS = """
agreement_id varchar, unit_code varchar, quantity varchar, watts bigint, start_no bigint,
end_no bigint
"""


def make_profiles(
    connection: duckdb.DuckDBPyConnection,
    utilities: Sequence[UtilityFiles],
    shapes: Mapping[str, Shape],
    crowds: Mapping[str, int],
) -> None:
    """Makes the tables `profile`, `profile_change` and `unit_choice`."""
    rows = []
    for utility in utilities:
        for profile, first, following in places(utility.profiles, crowds[utility.code]):
            shape = shapes[profile.shape]
            rows.append(_profile_row(utility.code, profile, shape, first, following))
    fill(connection, "profile", PROFILE_COLUMNS, rows)
    profiles = [profile for utility in utilities for profile in utility.profiles]
    changes = [(p.name, p.becomes.schedule, p.becomes.terms) for p in profiles if p.becomes]
    fill(connection, "profile_change", "name varchar, schedule varchar, terms varchar[]", changes)
    units = [
        (utility.code, unit.schedule, unit.code, unit.watts, unit.percent, *unit.quantity)
        for utility in utilities
        for unit in utility.units
    ]
    fill(connection, "unit_choice", UNIT_COLUMNS, units)


def _profile_row(
    utility: str, profile: Profile, shape: Shape, first: int, following: int
) -> list[object]:
    """A row of `profile`."""
    invested = profile.investment
    return [
        *(profile.name, utility, profile.schedule, profile.customer_class, profile.terms),
        *(profile.host, profile.combined_with is not None, profile.periods, first, following),
        *(*profile.kwh, shape.flat, shape.heated, shape.cooled, *profile.load),
        *(profile.kw_percent, profile.power_factor_percent),
        *((invested.percent, *invested.thousands) if invested else (None, None, None)),
    ]


def make_riders(connection: duckdb.DuckDBPyConnection, utilities: Sequence[UtilityFiles]) -> None:
    """Makes the tables `rider_facts` and `rider_share`."""
    facts, shares = [], []
    for utility in utilities:
        facts += [_rider_row(utility.code, *each) for each in utility.riders.items()]
        shares += [(utility.code, *share) for share in _rider_shares(utility.riders)]
    fill(connection, "rider_facts", RIDER_COLUMNS, facts)
    columns = "utility varchar, schedule varchar, rider varchar, first bigint, next bigint"
    fill(connection, "rider_share", columns, shares)


def _rider_row(utility: str, name: str, rider: Rider) -> list[object]:
    """A row of `rider_facts`."""
    replaced = rider.replaced
    return [
        *(utility, name, rider.earliest, rider.within_days, rider.generates, rider.least_kwh),
        *(rider.options, *(rider.quantity or (None, None))),
        *((replaced.first, replaced.by) if replaced else (None, None)),
        rider.ends,
    ]


def _rider_shares(riders: Mapping[str, Rider]) -> Iterator[tuple[str, str, int, int]]:
    """The riders of a schedule with the numbers, out of 1,024, that draw them."""
    taken: dict[str, int] = {}
    for name, rider in riders.items():
        for schedule, share in rider.of_1024.items():
            first = taken.get(schedule, 0)
            taken[schedule] = first + share
            yield schedule, name, first, first + share


def make_scripts(connection: duckdb.DuckDBPyConnection, utilities: Sequence[UtilityFiles]) -> None:
    """Makes the tables `script`, `script_rider` and `script_unit`; numbers are per utility."""
    rows: list[Sequence[object]] = []
    riders: list[Sequence[object]] = []
    units: list[Sequence[object]] = []
    for utility in utilities:
        for number, script in enumerate(utility.scripts, 1):
            agreement = f"{utility.utility.prefix}{number:07}"
            rows.append([agreement, 1 + number % 21, utility.code, *_script_row(script)])
            if script.rider:
                riders.append([agreement, *_enrolled(script.rider)])
            units += [
                (agreement, unit.code, str(unit.quantity), unit.watts, unit.start, unit.end)
                for unit in script.all_units()
            ]
    fill(connection, "script", SCRIPT_COLUMNS, rows)
    fill(connection, "script_rider", ENROLLED_COLUMNS, riders)
    fill(connection, "script_unit", SCRIPT_UNIT_COLUMNS, units)


def _script_row(script: Script) -> list[object]:
    """A row of `script`, from its months on."""
    return [
        *(script.months or (0, None)),
        *(script.name, script.schedule, script.customer_class, script.terms),
        *(script.investment, script.backup, script.partner),
        *(getattr(script, name) for name in READ_VALUES),
    ]


def _enrolled(rider: Enrolled) -> list[object]:
    """A row of `script_rider`, from the rider on."""
    no, day = (rider.start, None) if isinstance(rider.start, int) else (None, rider.start)
    return [rider.code, no, day, rider.option, rider.quantity]
