"""What interval reads a load has changed: whose bills they can move, and which it has added.

The added ones lie in `replaced_row` by agreement and day of UTC: a text of 96 digits, one for each
quarter of an hour at which an interval can begin, 1 where the load added it.
"""

import duckdb

from rating.portfolio.clean_days import DAY_US, QUARTERS_A_DAY
from rating.portfolio.relations import INTERVAL_READS
from rating.portfolio.values import QUARTER_US

QUARTER = f"epoch_us(interval_start) // {QUARTER_US} % {QUARTERS_A_DAY}"


def months_of_days(changed: str, *, put_directly: bool) -> str:
    """SQL for the agreements and billing months (subject, first_month) that a load has touched.

    `changed`, a relation, has agreement_id and interval_start of changed rows; `put_directly` adds
    the days that went straight in. Time zones lie within a day of UTC.
    """
    days = f"select agreement_id, cast(interval_start as date) as utc_date from {changed}"
    if put_directly:
        days += (
            f" union all select agreement_id, cast(make_timestamp(utc_day * {DAY_US}) as date)"
            " from judged_day where fate = 'new'"
        )
    return (
        "select meter_read.agreement_id as subject, meter_read.billing_month as first_month"
        " from portfolio.meter_read as meter_read inner join"
        " (select agreement_id, min(utc_date) as first_date, max(utc_date) as last_date"
        f" from ({days}) group by agreement_id) as span"
        " on meter_read.agreement_id = span.agreement_id"
        " and meter_read.read_from <= span.last_date + 1"
        " and meter_read.read_to >= span.first_date - 1"
    )


def keep_new_days(
    connection: duckdb.DuckDBPyConnection, load_id: int, *, put_directly: bool
) -> None:
    """Notes which interval reads a load adds; the days that went straight in are whole ones."""
    days = (
        f"select agreement_id, epoch_us(interval_start) // {DAY_US} as utc_day,"
        f" bit_or(cast(1 as hugeint) << cast({QUARTER} as integer)) as quarters"
        f" from changed_{INTERVAL_READS} where is_new group by agreement_id, utc_day"
    )
    if put_directly:
        days += (
            " union all select agreement_id, utc_day, quarters from interval_day"
            " semi join (from judged_day where fate = 'new') as new using (agreement_id, utc_day)"
        )
    digits = f"reverse(right(cast(cast(quarters as bit) as varchar), {QUARTERS_A_DAY}))"
    connection.execute(
        "insert into portfolio.replaced_row (load_id, file, row_key, row_data)"
        f" select {load_id}, '{INTERVAL_READS}', json_array(agreement_id,"
        f" strftime(make_timestamp(utc_day * {DAY_US}), '%Y-%m-%d')), to_json({digits})"
        f" from ({days})"
    )


def remove_new_days(connection: duckdb.DuckDBPyConnection, load_id: int) -> None:
    """Deletes the interval reads that a load has added."""
    connection.execute(
        "delete from portfolio.interval_read as present using ("
        " select json_extract_string(row_key, '$[0]') as agreement_id,"
        " cast(json_extract_string(row_key, '$[1]') as date) as utc_date,"
        " json_extract_string(row_data, '$') as digits"
        f" from portfolio.replaced_row where load_id = {load_id} and file = '{INTERVAL_READS}'"
        " and json_type(row_data) = 'VARCHAR') as day"
        " where present.agreement_id = day.agreement_id"
        " and cast(present.interval_start as date) = day.utc_date"
        f" and substr(day.digits, {QUARTER} + 1, 1) = '1'"
    )
