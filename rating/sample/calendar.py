"""The months of the sample with their weather, its reading cycles, and how chance is drawn.

Chance is `die(what, a, b)`, 64 bits of an MD5 of the seed and what is drawn, and `pick(die, place,
sides)`, which takes ten of them: the same on every machine and by any number of threads. All
arithmetic is in whole numbers or decimals; no float touches a value.
"""

import datetime
from collections.abc import Iterable, Sequence

import duckdb

from rating.sample.parts import Facts, Weather
from rating.store.quoting import value_of

MACROS = """
create macro die(what, a, b) as md5_number_lower(concat_ws('|', {seed}, what, a, b));
create macro pick(die, place, sides) as
    (cast((die >> (10 * place)) & 1023 as bigint) * sides) >> 10;
create macro token(words, month_no, month) as
    words[1 + if(len(words) = 12, extract(month from month) - 1, month_no) % len(words)];
create macro kw_of(tenths) as cast(10 * tenths * 0.01 as decimal(12, 1));
create macro term(terms, word) as list_contains(terms, word);
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
    utility not in (select utility from excess_price)
        or exists (
            from excess_price
            where excess_price.utility = facts.utility
                and month >= priced_from and month < priced_before
        ) as is_excess_priced
from facts, range(-2, cast(? as bigint)) as m (month_no)
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

FACTS_COLUMNS = """
utility varchar, prefix varchar, first_month date, scripts_begin date, combined_months bigint[],
dark_hours integer[]
"""


def fill(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: str,
    rows: Iterable[Sequence[object]],
) -> None:
    """Makes a table of rows of text, numbers, days, truth values, lists of them and None."""
    connection.execute(f"create table {table} ({columns})")
    values = ", ".join(f"({', '.join(map(value_of, row))})" for row in rows)
    if values:
        connection.execute(f"insert into {table} values {values}")


def make_calendar(
    connection: duckdb.DuckDBPyConnection,
    weather: Weather,
    facts: Sequence[tuple[Facts, datetime.date]],
    seed: int,
    months: int,
) -> None:
    """Makes the macros and the tables `facts`, `month` and `reading`, from first months."""
    connection.execute(MACROS.replace("{seed}", str(seed)))
    rows = [
        (one.utility, one.prefix, first, one.scripts_begin, one.combined_months, one.dark_hours)
        for one, first in facts
    ]
    fill(connection, "facts", FACTS_COLUMNS, rows)
    fill(
        connection,
        "excess_price",
        "utility varchar, priced_from date, priced_before date",
        [(one.utility, s.first, s.before) for one, _ in facts for s in one.excess_priced],
    )
    connection.execute(MONTHS.format(**weather.model_dump()), [months])
    connection.execute(READINGS)
