"""Interval reads put from a Parquet file straight into the database.

What is looked at is a day of an agreement: a day without anything wrong, and of which nothing is
loaded yet, goes straight in. The rows of all other days go the way of every portfolio file.
"""

from dataclasses import dataclass

import duckdb

from rating.portfolio.files import SourceFile
from rating.portfolio.parquet import parquet_scan
from rating.portfolio.values import FIRST_INSTANT, LAST_INSTANT, QUARTER_US

DAY_US = 24 * 60 * 60 * 1_000_000
QUARTERS_A_DAY = 96


@dataclass(frozen=True)
class Direct:
    """How many rows went straight in or were there already; the rest by a join of c0, c1 …"""

    rows: int
    rest: str


def put_clean_days(connection: duckdb.DuckDBPyConnection, source: SourceFile) -> Direct:
    """Puts the clean days of a file into the database, inside the load's transaction."""
    _view(connection, source)
    connection.execute(
        "create or replace temp table interval_day as"
        f" select agreement_id, start_us // {DAY_US} as utc_day, count(*) as row_count,"
        f" bit_or(cast(1 as hugeint) << cast(abs(start_us // {QUARTER_US}) % {QUARTERS_A_DAY}"
        " as integer)) as quarters, count(*) filter (where not is_good) as bad_rows"
        " from interval_source group by all"
    )
    _judge(connection)
    counts = dict(
        connection.execute("select fate, sum(row_count) from judged_day group by fate").fetchall()
    )
    which = "" if counts.keys() <= {"new"} else _of_fate("new", "agreement_id", "start_us")
    names = "agreement_id, make_timestamp(start_us), interval_minutes, kwh, kwh_received"
    connection.execute(
        "insert into portfolio.interval_read (agreement_id, interval_start, interval_minutes, kwh,"
        f" kwh_received) select {names} from interval_source as source{which}"
    )
    agreement, start = (source.header.index(c) for c in ("agreement_id", "interval_start"))
    rest = _of_fate("rest", f"c{agreement}", f"epoch_us(c{start})")
    return Direct(int(counts.get("new", 0) + counts.get("same", 0)), rest)


def _view(connection: duckdb.DuckDBPyConnection, source: SourceFile) -> None:
    """Makes the view `interval_source` of a file: typed columns, and whether they can be used."""
    column = {name: f"c{i}" for i, name in enumerate(source.header)}
    start, minutes = f"epoch_us({column['interval_start']})", column["interval_minutes"]
    good = [
        f"{minutes} in (15, 30, 60)",
        f"{start} % {QUARTER_US} = 0",
        f"{start} >= epoch_us(timestamp '{FIRST_INSTANT}')",
        f"{start} < epoch_us(timestamp '{LAST_INSTANT}')",
    ]
    values = {"kwh": "cast(null as decimal(18, 6))", "kwh_received": "cast(null as decimal(18, 6))"}
    for name in values.keys() & column.keys():
        given, value = column[name], f"try_cast({column[name]} as decimal(18, 6))"
        values[name] = value
        good.append(
            f"({given} is null or ({value} >= 0 and {value} < {source.relation.too_much}"
            f" and {value} = {given}))"
        )
    connection.execute(
        f"create or replace temp view interval_source as select {column['agreement_id']} as"
        f" agreement_id, {start} as start_us, try_cast({minutes} as integer) as interval_minutes,"
        f" {values['kwh']} as kwh, {values['kwh_received']} as kwh_received,"
        f" coalesce({' and '.join(good)}, false) as is_good"
        f" from {parquet_scan(source.path)} as source ({', '.join(column.values())}, file_row)"
    )


def _judge(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes `judged_day`: each day is `new`, the `same` as what is loaded, or for the `rest`."""
    connection.execute(
        "create or replace temp table loaded_day as"
        f" select agreement_id, epoch_us(interval_start) // {DAY_US} as utc_day,"
        " count(*) as row_count, bit_xor(hash(epoch_us(interval_start), interval_minutes, kwh,"
        " kwh_received)) as content from portfolio.interval_read group by all"
    )
    connection.execute(
        "create or replace temp table given_day as"
        f" select agreement_id, start_us // {DAY_US} as utc_day,"
        " bit_xor(hash(start_us, interval_minutes, kwh, kwh_received)) as content"
        f" from interval_source semi join loaded_day using (agreement_id) group by all"
    )
    connection.execute(
        "create or replace temp table judged_day as"
        " select day.agreement_id, day.utc_day, day.row_count, case"
        " when day.bad_rows > 0 or bit_count(day.quarters) <> day.row_count"
        " or trimmed(day.agreement_id) is distinct from day.agreement_id"
        " or day.agreement_id not in (select agreement_id from portfolio.service_agreement)"
        " or day.agreement_id in (select trimmed(agreement_id) from interval_day"
        " where agreement_id <> trimmed(agreement_id)) then 'rest'"
        " when loaded.agreement_id is null then 'new'"
        " when loaded.row_count = day.row_count and loaded.content = given.content then 'same'"
        " else 'rest' end as fate"
        " from interval_day as day"
        " left join loaded_day as loaded using (agreement_id, utc_day)"
        " left join given_day as given using (agreement_id, utc_day)"
    )


def _of_fate(fate: str, agreement: str, start: str) -> str:
    """SQL that joins the rows of `source` whose day has a fate."""
    return (
        f" semi join (select agreement_id, utc_day from judged_day where fate = '{fate}') as day"
        f" on source.{agreement} is not distinct from day.agreement_id"
        f" and {start} // {DAY_US} is not distinct from day.utc_day"
    )
