"""Proof of revenue: determinants × prices, footing to the bills with their rounding on a line."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from sqlalchemy.engine import URL

from rating.dbt_build import Progress
from rating.study.database import Months, published_bills, study_of
from rating.study.propose import rate_scenario
from rating.study.scenario import read_scenario

RELATIONS = ("proof",)
# The lines of the bills by step and price: quantity × price exactly, and what was billed.
STEPS = """
create or replace table study.{name}_step as
select
    bill.utility,
    bill.schedule,
    coalesce(bill.season, '') as season,
    line.schedule_or_rider,
    line.component,
    line.charge_code,
    line.step_no,
    arg_max(line.description, line.version_effective_from) as description,
    arg_max(line.unit, line.version_effective_from) as unit,
    cast(count(*) as integer) as lines,
    sum(line.quantity) as quantity,
    case when min(line.price) = max(line.price) then min(line.price) end as price_usd,
    sum(cast(line.quantity as decimal(28, 6)) * cast(line.price as decimal(18, 8)))
        as exact_usd,
    sum(line.amount) as billed_usd
from {schema}.bill as bill
inner join {schema}.bill_line_item as line
    on bill.agreement_id = line.agreement_id and bill.billing_month = line.billing_month
where
    bill.billing_month >= coalesce(cast(getvariable('first_month') as date), bill.billing_month)
    and bill.billing_month <= coalesce(cast(getvariable('last_month') as date), bill.billing_month)
group by all
"""
# A line's revenue is rounded to cents here; the rounding line takes what the bills differ by.
PROOF = """
create or replace table study.proof as
with step as (
    select
        'charge' as line_kind,
        coalesce(present.utility, proposed.utility) as utility,
        coalesce(present.schedule, proposed.schedule) as schedule,
        coalesce(present.season, proposed.season) as season,
        coalesce(present.component, proposed.component) as component,
        coalesce(present.schedule_or_rider, proposed.schedule_or_rider) as schedule_or_rider,
        coalesce(present.charge_code, proposed.charge_code) as charge_code,
        coalesce(present.step_no, proposed.step_no) as step_no,
        coalesce(present.description, proposed.description) as description,
        coalesce(present.unit, proposed.unit) as unit,
        present.quantity as present_quantity,
        present.price_usd as present_price_usd,
        cast(round(coalesce(present.exact_usd, 0), 2) as decimal(18, 2)) as present_usd,
        proposed.quantity as proposed_quantity,
        proposed.price_usd as proposed_price_usd,
        cast(round(coalesce(proposed.exact_usd, 0), 2) as decimal(18, 2)) as proposed_usd,
        coalesce(present.billed_usd, 0) as present_billed_usd,
        coalesce(proposed.billed_usd, 0) as proposed_billed_usd
    from study.present_step as present
    full join study.proposed_step as proposed
        on
            present.utility = proposed.utility
            and present.schedule = proposed.schedule
            and present.season = proposed.season
            and present.component = proposed.component
            and present.schedule_or_rider = proposed.schedule_or_rider
            and present.charge_code = proposed.charge_code
            and present.step_no = proposed.step_no
),

summed as (
    select
        utility,
        schedule,
        season,
        sum(present_billed_usd) as present_billed_usd,
        sum(proposed_billed_usd) as proposed_billed_usd,
        sum(present_billed_usd - present_usd) as present_rounding_usd,
        sum(proposed_billed_usd - proposed_usd) as proposed_rounding_usd
    from step
    group by utility, schedule, season
),

listed as (
    select
        * exclude (present_billed_usd, proposed_billed_usd)
    from step
    union all by name
    select
        'rounding' as line_kind,
        utility,
        schedule,
        season,
        'Rounding of bills' as description,
        present_rounding_usd as present_usd,
        proposed_rounding_usd as proposed_usd
    from summed
    union all by name
    select
        'total' as line_kind,
        utility,
        schedule,
        season,
        'Total of bills' as description,
        present_billed_usd as present_usd,
        proposed_billed_usd as proposed_usd
    from summed
)

select
    utility,
    schedule,
    season,
    line_kind,
    * exclude (utility, schedule, season, line_kind),
    proposed_usd - present_usd as change_usd,
    study.quotient((proposed_usd - present_usd) * 100, present_usd) as change_percent
from listed
"""


@contextmanager
def proof(
    source: URL,
    file: Path | None = None,
    *,
    months: Months = (None, None),
    progress: Progress | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the results `RELATIONS`; without a scenario both sides are the present.

    Raises `RatebookError`.
    """
    if file is None:
        with published_bills(source, months) as connection:
            _prove(connection, "store.rating", months)
            yield connection
        return
    scenario = read_scenario(file)
    with study_of(source, months) as connection:
        rate_scenario(connection, scenario, file, months, progress)
        _prove(connection, "rating_build", months)
        yield connection


def _prove(connection: duckdb.DuckDBPyConnection, proposed: str, months: Months) -> None:
    for name, month in zip(("first_month", "last_month"), months, strict=True):
        connection.execute(f"set variable {name} = cast(? as date)", [month])
    connection.execute(STEPS.format(name="present", schema="store.rating"))
    connection.execute(STEPS.format(name="proposed", schema=proposed))
    connection.execute(PROOF)
