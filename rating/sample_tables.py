"""The tables that the sample is made from: months with their weather, cycles, profiles, scripts.

Chance is `die(what, a, b)`, 64 bits of an MD5 of the seed and what is drawn, and `pick(die, place,
sides)`, which takes ten of them: the same on every machine and by any number of threads. All
arithmetic is in whole numbers or decimals; no float touches a value.
"""

import datetime
from collections.abc import Iterable, Sequence

import duckdb

from rating.portfolio_relations import literal
from rating.sample_profiles import (
    CHANGES,
    COOLING,
    HEATING,
    IOWA,
    MISSOURI,
    PREFIX,
    RIDER_STARTS,
    RIDERS,
    SUNSHINE,
    UNITS,
    Profile,
    words_of,
)
from rating.sample_scripts import Script

IOWA_FIRST_MONTH = datetime.date(2025, 1, 1)
# NM-1 prices an excess in these billing months only (T-52, M22): first, and first no longer.
PRICED_MONTHS = (("2015-05-01", "2016-05-01"), ("2017-05-01", "2018-05-01"))

MACROS = """
create macro die(what, a, b) as md5_number_lower(concat_ws('|', {seed}, what, a, b));
create macro pick(die, place, sides) as
    (cast((die >> (10 * place)) & 1023 as bigint) * sides) >> 10;
create macro word(words, place) as
    nullif(string_split(words, ' ')[1 + place % len(string_split(words, ' '))], '-');
create macro token(words, month_no, month) as
    word(words, if(len(string_split(words, ' ')) = 12, extract(month from month) - 1, month_no));
create macro term(terms, word) as list_contains(string_split(terms, ' '), word);
"""

# One row per utility and month, from two before the first. The weather of a month is that
# of all customers of a utility.
MONTHS = """
create table month as
select
    utility, first_month, month_no,
    cast(first_month + to_months(cast(month_no as integer)) as date) as month,
    cast(extract(month from month) as bigint) as month_of_year,
    {heating}[month_of_year] * (800 + pick(die('weather', utility, month_no), 0, 400)) // 1000
        as heat,
    {cooling}[month_of_year] * (850 + pick(die('weather', utility, month_no), 1, 300)) // 1000
        as cool,
    {sunshine}[month_of_year] * (900 + pick(die('weather', utility, month_no), 2, 200)) // 1000
        as sun,
    utility <> {missouri} or {priced} as is_excess_priced
from (values ({missouri}, cast(? as date)), ({iowa}, cast(? as date))) as u (utility, first_month),
    range(-2, cast(? as bigint)) as m (month_no)
order by all
"""

# One row per utility, reading cycle and month: 21 cycles, read from the second of the month to
# the first days of the next, every 29 to 32 days.
READINGS = """
create table reading as
with read_day as (
    select utility, month_no, cycle,
        first_month + cast(
            (month_no + 2) * 487 // 16 - 60 + (cycle - 1) * 30 // 20
            + pick(die('cycle', utility || cycle, month_no), 0, 2) as integer
        ) + 1 as read_to,
    from month, range(1, 22) as c (cycle)
)
select later.utility, later.cycle, later.month_no, earlier.read_to as read_from, later.read_to,
    cast(later.read_to - earlier.read_to as bigint) as days
from read_day as later
inner join read_day as earlier
    on later.utility = earlier.utility and later.cycle = earlier.cycle
    and later.month_no = earlier.month_no + 1
order by all
"""


PROFILE_COLUMNS = """
name varchar, utility varchar, schedule varchar, customer_class varchar, terms varchar,
host varchar, combines boolean, first_n bigint, next_n bigint, low bigint, high bigint,
flat bigint, heated bigint, cooled bigint, load_low bigint, load_high bigint, kw_percent bigint,
pf_percent bigint
"""
READ_VALUES = [
    "kwh",
    "kwh_received",
    "kwh_on_peak",
    "kwh_off_peak",
    "kw",
    "kw_on_peak",
    "kw_off_peak",
    "power_factor",
    "kwh_interruption",
]


def fill(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: str,
    rows: Iterable[Sequence[object]],
) -> None:
    """Makes a table of rows of text, numbers, truth values and None."""
    connection.execute(f"create table {table} ({columns})")
    values = ", ".join(f"({', '.join(_value(value) for value in row)})" for row in rows)
    connection.execute(f"insert into {table} values {values}")


def make_calendar(
    connection: duckdb.DuckDBPyConnection, seed: int, first_month: datetime.date, months: int
) -> None:
    """Makes the macros and the tables `month` and `reading`."""
    connection.execute(MACROS.replace("{seed}", str(seed)))
    priced = " or ".join(f"(month >= '{a}' and month < '{b}')" for a, b in PRICED_MONTHS)
    connection.execute(
        MONTHS.format(
            heating=list(HEATING),
            cooling=list(COOLING),
            sunshine=list(SUNSHINE),
            missouri=literal(MISSOURI),
            iowa=literal(IOWA),
            priced=f"({priced})",
        ),
        [first_month, IOWA_FIRST_MONTH, months],
    )
    connection.execute(READINGS)


def make_profiles(connection: duckdb.DuckDBPyConnection, profiles: Sequence[Profile]) -> None:
    """Makes the tables `profile`, `profile_change`, `rider_share` and `unit_choice`."""
    places = [
        (p.name, p.utility, p.schedule, p.customer_class, p.terms, p.host, p.combines)
        for p in profiles
    ]
    numbers = [(p.first, p.next, *p.use, *p.demand) for p in profiles]
    rows = [(*place, *counted) for place, counted in zip(places, numbers, strict=True)]
    fill(connection, "profile", PROFILE_COLUMNS, rows)
    changes = [(name, schedule, " ".join(terms)) for name, schedule, *terms in words_of(CHANGES)]
    fill(connection, "profile_change", "name varchar, schedule varchar, terms varchar", changes)
    fill(
        connection,
        "rider_share",
        "schedule varchar, rider varchar, first bigint, next bigint, earliest_date date,"
        " spread_days bigint",
        _rider_shares(),
    )
    fill(
        connection,
        "unit_choice",
        "schedule varchar, unit_code varchar, watts bigint, chance bigint, fewest bigint,"
        " most bigint",
        words_of(UNITS),
    )


def _rider_shares() -> list[Sequence[object]]:
    """The riders of a schedule with the numbers, out of 1,024, that draw them."""
    starts = {rider: start for rider, *start in words_of(RIDER_STARTS)}
    shares: list[Sequence[object]] = []
    for schedule, *riders in words_of(RIDERS):
        taken = 0
        for rider, share in zip(riders[::2], map(int, riders[1::2]), strict=True):
            shares.append((schedule, rider, taken, taken + share, *starts[rider]))
            taken += share
    return shares


def make_scripts(connection: duckdb.DuckDBPyConnection, scripts: Sequence[Script]) -> None:
    """Makes the tables `script`, `script_rider` and `script_unit`; numbers are per utility."""
    written_values = [*READ_VALUES, "investment", "backup", "partner"]
    numbers = dict.fromkeys(PREFIX, 0)
    rows: list[Sequence[object]] = []
    for script in scripts:
        numbers[script.utility] += 1
        number = numbers[script.utility]
        who = (script.name, script.utility, script.schedule, script.customer_class, script.terms)
        written = [script.values.get(name) for name in written_values]
        rows.append(
            (agreement_id(script.utility, number), 1 + number % 21, *script.months, *who, *written)
        )
    names = ["name", "utility", "schedule", "customer_class", "terms", *written_values]
    fill(
        connection,
        "script",
        "agreement_id varchar, cycle bigint, first_no bigint, last_no bigint, "
        + ", ".join(f"{name} varchar" for name in names),
        rows,
    )
    for table, words in (("script_rider", "riders"), ("script_unit", "units")):
        fill(
            connection,
            table,
            "name varchar, words varchar",
            [(script.name, word) for script in scripts for word in getattr(script, words)],
        )


def agreement_id(utility: str, number: int) -> str:
    """The name of an agreement, such as M0000001."""
    return f"{PREFIX[utility]}{number:07}"


def _value(value: object) -> str:
    """A value as an SQL literal."""
    if value is None:
        return "null"
    return str(value) if isinstance(value, int) else literal(str(value))
