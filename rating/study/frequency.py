"""Bill frequency: bills and kWh by use, and what is priced in each step. Nothing is rated."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
from sqlalchemy.engine import URL

from rating.errors import RatebookError
from rating.study.database import Months, published_bills

RELATIONS = ("frequency", "priced_step", "demand_frequency")
HOURS_USE_WIDTH = 100
MOST_WIDTH = 1_000_000_000
KW_EDGES = (10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000)
BILLS = """
create or replace view study.bill as
select bill.* from store.rating.bill as bill
where
    billing_month >= coalesce(cast(getvariable('first_month') as date), billing_month)
    and billing_month <= coalesce(cast(getvariable('last_month') as date), billing_month)
"""
# A bill of exactly a block's upper edge belongs to the block below it, as kWh are priced. The
# consolidated kWh are those that all bills together use up to the block's upper edge.
FREQUENCY = """
create or replace table study.frequency as
with used as (
    select
        utility,
        schedule,
        coalesce(season, '') as season,
        kwh,
        greatest(0, cast(ceil(kwh / $width) as bigint) - 1) as block
    from study.bill
    where kwh is not null
),

counted as (
    select
        utility,
        schedule,
        season,
        block,
        count(*) as bills,
        sum(kwh) as kwh
    from used
    group by utility, schedule, season, block
),

accumulated as (
    select
        *,
        sum(bills) over (
            partition by utility, schedule, season order by block
            rows between unbounded preceding and current row
        ) as cumulative_bills,
        sum(kwh) over (
            partition by utility, schedule, season order by block
            rows between unbounded preceding and current row
        ) as cumulative_kwh,
        sum(bills) over (partition by utility, schedule, season) as all_bills,
        sum(kwh) over (partition by utility, schedule, season) as all_kwh
    from counted
),

consolidated as (
    select
        *,
        cumulative_kwh + (all_bills - cumulative_bills) * (block + 1) * $width as consolidated_kwh
    from accumulated
)

select
    utility,
    schedule,
    season,
    block * $width as over_kwh,
    (block + 1) * $width as to_kwh,
    cast(bills as integer) as bills,
    kwh,
    cast(cumulative_bills as integer) as cumulative_bills,
    cumulative_kwh,
    consolidated_kwh,
    study.quotient(cumulative_bills * 100, all_bills) as cumulative_bills_percent,
    study.quotient(cumulative_kwh * 100, all_kwh) as cumulative_kwh_percent,
    study.quotient(consolidated_kwh, all_kwh) as consolidated_factor
from consolidated
"""
# Every schedule that bills a demand, by kW and hours use of it; an edge belongs to the band below,
# a demand of 0 to the first band. No hours use is known where kW are 0 or kWh unknown.
DEMAND_FREQUENCY = f"""
create or replace table study.demand_frequency as
with banded as (
    select
        *,
        list_filter([0, {", ".join(map(str, KW_EDGES))}], lambda x: x < billing_demand_kw)
            as edges_below,
        list_filter([{", ".join(map(str, KW_EDGES))}], lambda x: x >= billing_demand_kw)
            as edges_above,
        cast(abs(cast(billing_demand_kw as decimal(30, 6))) * 1000000 as hugeint)
        * $hours_use_width as block_millionths,
        cast(abs(cast(kwh as decimal(30, 6))) * 1000000 as hugeint) as kwh_millionths
    from study.bill
    where billing_demand_kw is not null
),

blocked as (
    select
        *,
        case
            when kwh is not null and block_millionths > 0
                then greatest(
                    0, (kwh_millionths + block_millionths - 1) // block_millionths - 1
                )
        end as block
    from banded
)

select
    utility,
    schedule,
    coalesce(season, '') as season,
    coalesce(list_max(edges_below), 0) as over_kw,
    list_min(edges_above) as to_kw,
    cast(block * $hours_use_width as integer) as over_hours_use,
    cast((block + 1) * $hours_use_width as integer) as to_hours_use,
    cast(count(*) as integer) as bills,
    sum(billing_demand_kw) as billing_kw,
    sum(kwh) as kwh,
    sum(net_amount) as revenue_usd
from blocked
group by all
"""
PRICED_STEP = """
create or replace table study.priced_step as
select
    bill.utility,
    bill.schedule,
    coalesce(bill.season, '') as season,
    line.schedule_or_rider,
    line.charge_code,
    line.step_no,
    line.description,
    line.unit,
    line.price as price_usd,
    cast(count(*) as integer) as bills,
    sum(line.quantity) as quantity,
    sum(line.amount) as amount_usd
from study.bill as bill
inner join store.rating.bill_line_item as line
    on bill.agreement_id = line.agreement_id and bill.billing_month = line.billing_month
where line.component in ('energy', 'demand')
group by all
"""


@contextmanager
def frequency(
    source: URL, *, width: int = 500, months: Months = (None, None)
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the results `RELATIONS`; `width` is that of a use block in kWh.

    Raises `RatebookError`.
    """
    if not 1 <= width <= MOST_WIDTH:
        raise RatebookError(f"--width {width} is no width of a block; give 1 to {MOST_WIDTH:,} kWh")
    with published_bills(source, months) as connection:
        for name, month in zip(("first_month", "last_month"), months, strict=True):
            connection.execute(f"set variable {name} = cast(? as date)", [month])
        connection.execute(BILLS)
        connection.execute(FREQUENCY, {"width": width})
        connection.execute(PRICED_STEP)
        connection.execute(DEMAND_FREQUENCY, {"hours_use_width": HOURS_USE_WIDTH})
        yield connection
