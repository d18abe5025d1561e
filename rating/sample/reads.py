"""The meter reads of the sample: the crowd's by weather and load factor, others as scripted."""

import duckdb

from rating.sample.scripts import READ_VALUES

READ_COLUMNS = "agreement_id, billing_month, read_from, read_to, " + ", ".join(READ_VALUES)

# One row per agreement of the crowd and month. Use is base x shape x weather x days x growth of
# 1 % a year x noise; now and then a home or a shop stands empty. The maximum demand is the use
# over the hours of the period and a load factor. On-peak and off-peak share use and demand.
CROWD_READS = """
with served as (
    select life.*, reading.month_no, month.month, month.sun, month.is_excess_priced,
        greatest(reading.read_from, life.start_date) as from_date,
        least(reading.read_to, life.end_date) as to_date,
        flat + (heated * heat + cooled * cool) // 1000 as shape,
        die('read', agreement_id, reading.month_no) as read_die,
        generates and from_date >= enrolled_date as sends,
    from life
    inner join reading
        on life.utility = reading.utility and life.cycle = reading.cycle and reading.month_no >= 0
    inner join month
        on life.utility = month.utility and reading.month_no = month.month_no
    left join rider_facts
        on life.utility = rider_facts.utility and life.rider = rider_facts.rider
    where not (event = 'comes' and reading.month_no < event_no)
        and not (event = 'goes' and reading.month_no > event_no)
        and not (event = 'lacks reads' and reading.month_no >= event_no
            and reading.month_no <= event_no + pick(event_die, 2, 2))
), used as (
    select *, cast(to_date - from_date as bigint) as days,
        case when high = 0 then null
            when high < 5000 and pick(read_die, 0, 1024) < 4 then 0
            else base * shape // 1000 * days * (12000 + 10 * month_no) // 360000
                * (800 + pick(read_die, 1, 200) + pick(read_die, 2, 201)) // 1000
        end as kwh,
        load_factor * (900 + pick(read_die, 3, 201)) // 1000 as load,
        least(base, 12000) * sun // 1000 * (500 + pick(use_die, 5, 1000)) // 1000 as generated,
    from served
), measured as (
    select *,
        case when has_kw then kwh * 10000 // (days * 24 * load) end as tenths,
        case when has_periods then kwh * (380 + pick(read_die, 4, 240)) // 1000 end
            as kwh_on_peak,
        case when has_periods then tenths * (720 + pick(read_die, 5, 380)) // 1000 end
            as tenths_on_peak,
        case when has_periods then tenths * (1100 - pick(read_die, 5, 380)) // 1000 end
            as tenths_off_peak,
    from used
)
select agreement_id, month_no, strftime(month, '%Y-%m') as billing_month,
    from_date as read_from, to_date as read_to, kwh,
    case when sends then if(is_excess_priced, generated, least(generated, kwh)) end
        as kwh_received,
    kwh_on_peak, kwh - kwh_on_peak as kwh_off_peak,
    kw_of(tenths) as kw,
    kw_of(least(tenths_on_peak, tenths)) as kw_on_peak,
    kw_of(if(tenths_on_peak < tenths, tenths, tenths_off_peak)) as kw_off_peak,
    cast(case when power_factor > 0 then least(power_factor + pick(read_die, 0, 5) - 2, 100) end
        * 0.01 as decimal(4, 2)) as power_factor,
    cast(null as bigint) as kwh_interruption,
from measured
"""

# One row per scripted agreement and month it is served.
SCRIPT_READS = """
create table script_read as
with worded as (
    select script.name, agreement_id, reading.month_no, strftime(month, '%Y-%m') as billing_month,
        reading.read_from, reading.read_to, is_excess_priced,
        {columns}
    from script
    inner join reading
        on script.utility = reading.utility and script.cycle = reading.cycle
    inner join month
        on script.utility = month.utility and reading.month_no = month.month_no
    where reading.month_no >= first_no and (last_no is null or reading.month_no <= last_no)
)
select name, month_no, is_excess_priced, agreement_id, billing_month, read_from, read_to,
    cast(coalesce(kwh, kwh_on_peak + kwh_off_peak) as bigint) as kwh,
    cast(case when is_excess_priced or kwh_received < kwh then kwh_received
        when kwh_received >= kwh then kwh end as bigint) as kwh_received,
    cast(kwh_on_peak as bigint) as kwh_on_peak, cast(kwh_off_peak as bigint) as kwh_off_peak,
    cast(coalesce(kw, greatest(kw_on_peak, kw_off_peak)) as decimal(12, 1)) as kw,
    cast(kw_on_peak as decimal(12, 1)) as kw_on_peak,
    cast(kw_off_peak as decimal(12, 1)) as kw_off_peak,
    cast(power_factor as decimal(4, 2)) as power_factor,
    cast(kwh_interruption as bigint) as kwh_interruption,
from worded
"""


def make_script_reads(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the table `script_read`."""
    columns = ", ".join(
        f"token(script.{name}, reading.month_no, month) as {name}" for name in READ_VALUES
    )
    connection.execute(SCRIPT_READS.format(columns=columns))


def all_reads() -> str:
    """SQL for the rows of `meter_reads`, by agreement and month, those to be rejected last."""
    return (
        f"select {READ_COLUMNS} from (select {READ_COLUMNS}, month_no, 0 as place"
        f" from ({CROWD_READS}) union all by name"
        f" select {READ_COLUMNS}, month_no, 0 as place from script_read union all by name"
        f" select {READ_COLUMNS}, month_no, place from rejected_read)"
        " order by place, agreement_id, month_no"
    )
