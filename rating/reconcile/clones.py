"""Tariffs and agreements copied once a scenario, and changed as the scenario says.

A scenario's rows have its number behind the utility's name, in front of the agreement's id and in
their ids. What is to be rated under it stands in `work.asked`: scenario, agreement_id.
"""

from collections.abc import Mapping, Sequence

import duckdb
from sqlalchemy import Column, Integer, Table

from models.base import PORTFOLIO, TARIFF, Base
from rating.reconcile.demands import CANDIDATE, DEMANDS
from rating.reconcile.scenarios import Scenario
from rating.seed.load import numbers

# The agreement itself, those whose meters are added to it, and the one it is added to.
MEMBER = """
create or replace table work.member as
with partner as (
    select distinct agreement_id, combined_with_agreement_id
    from store.portfolio.service_agreement
    where combined_with_agreement_id is not null
),

related as (
    select scenario, agreement_id as billed_id, agreement_id from work.asked
    union
    select asked.scenario, asked.agreement_id, partner.agreement_id
    from work.asked as asked
    inner join partner on asked.agreement_id = partner.combined_with_agreement_id
    union
    select asked.scenario, asked.agreement_id, partner.combined_with_agreement_id
    from work.asked as asked
    inner join partner on asked.agreement_id = partner.agreement_id
),

lasting as (
    select agreement_id, max(billing_month) as last_month from work.chosen group by agreement_id
)

select
    related.scenario,
    related.billed_id,
    related.agreement_id,
    related.billed_id = related.agreement_id as is_billed,
    related.scenario || '|' || related.billed_id || '|' as prefix,
    lasting.last_month
from related
inner join lasting on related.billed_id = lasting.agreement_id
"""

# The terms that hold at the end of a bill's period, for that one day: so the other months are
# history only. An enrollment may look at its own months, and intervals are summed by the utility's
# clock: such agreements keep all terms.
STRETCH = """
create or replace table work.stretch as
select distinct
    true as is_billed,
    terms.agreement_id,
    terms.start_date as terms_start_date,
    cast(meter_read.read_to - interval 1 day as date) as start_date,
    meter_read.read_to as end_date
from work.chosen as chosen
inner join store.portfolio.meter_read as meter_read
    on
        chosen.agreement_id = meter_read.agreement_id
        and chosen.billing_month = meter_read.billing_month
inner join store.portfolio.service_agreement as terms
    on
        chosen.agreement_id = terms.agreement_id
        and meter_read.read_to > terms.start_date
        and meter_read.read_to <= coalesce(terms.end_date, date 'infinity')
anti join store.portfolio.rider_enrollment as enrollment
    on chosen.agreement_id = enrollment.agreement_id
anti join store.portfolio.interval_read as interval_read
    on chosen.agreement_id = interval_read.agreement_id
"""

OF_MEMBER = """
inner join work.member as member
    on scenario.number = member.scenario and source_row.agreement_id = member.agreement_id
"""
OF_TERMS = f"""
{OF_MEMBER}
left join work.stretch as stretch
    on
        member.is_billed = stretch.is_billed
        and source_row.agreement_id = stretch.agreement_id
        and source_row.start_date = stretch.terms_start_date
where
    stretch.agreement_id is not null
    or not member.is_billed
    or source_row.agreement_id not in (select agreement_id from work.stretch)
"""
# What a copied row has in place of a column; all else is as it was.
UTILITY = {"utility": "source_row.utility || '#' || scenario.number"}
OF_TARIFF = {**UTILITY, "document": "source_row.document || '#' || scenario.number"}
OF_COSTS = {
    **UTILITY,
    "billing_month": "cast(source_row.billing_month - to_months(scenario.factor_months) as date)",
}
OF_AGREEMENT = {
    **UTILITY,
    "agreement_id": "member.prefix || source_row.agreement_id",
    "combined_with_agreement_id": "member.prefix || source_row.combined_with_agreement_id",
    "schedule": "case when member.is_billed then coalesce(scenario.schedule, source_row.schedule)"
    " else source_row.schedule end",
}
OF_STRETCH = {
    **OF_AGREEMENT,
    "start_date": "coalesce(stretch.start_date, source_row.start_date)",
    "end_date": "case when stretch.end_date is null then source_row.end_date"
    " else stretch.end_date end",
}
# The tables of agreements, each with what is replaced and the rows that are copied.
UP_TO_THE_BILL = f"{OF_MEMBER} where source_row.billing_month <= member.last_month"
WITHOUT_RIDER = f"{OF_MEMBER} where source_row.rider is distinct from scenario.without_rider"
AGREEMENTS = {
    "service_agreement": (OF_STRETCH, OF_TERMS),
    "service_agreement_attribute": (OF_STRETCH, OF_TERMS),
    "meter_read": (OF_AGREEMENT, UP_TO_THE_BILL),
    "meter_read_quantity": (OF_AGREEMENT, UP_TO_THE_BILL),
    "rider_enrollment": (OF_AGREEMENT, WITHOUT_RIDER),
    "unit_inventory": (OF_AGREEMENT, OF_MEMBER),
    "interval_read": (OF_AGREEMENT, OF_MEMBER),
    "interval_duplicate": (OF_AGREEMENT, OF_MEMBER),
}

# The kW to be billed instead, as a further column of the read.
CANDIDATES = f"""
insert into portfolio.meter_read_quantity (agreement_id, billing_month, determinant, quantity)
select member.prefix || given.agreement_id, given.billing_month, '{CANDIDATE}', given.kw
from (unpivot work.demand on {", ".join(DEMANDS)} into name kw_name value kw) as given
inner join work.scenario as scenario
    on given.demand_name = scenario.demand and given.kw_name = scenario.kw
inner join work.member as member
    on
        scenario.number = member.scenario
        and given.agreement_id = member.agreement_id
        and member.is_billed
"""


def copy_scenarios(connection: duckdb.DuckDBPyConnection, listed: Sequence[Scenario]) -> None:
    """Make the tariffs and the portfolio of the scenarios that `work.asked` names.

    A scenario's number is its place in `listed`.
    """
    stride = _stride(connection)
    _list_scenarios(connection, listed, stride)
    connection.execute(MEMBER)
    connection.execute(STRETCH)
    for table in Base.metadata.sorted_tables:
        if table.schema in (TARIFF, PORTFOLIO):
            connection.execute(f"create schema if not exists {table.schema}")
            connection.execute(
                f"create or replace table {table.fullname} as from store.{table.fullname} limit 0"
            )
        if table.schema == TARIFF:
            _copy(connection, table, OF_TARIFF)
    portfolio = {table.name: table for table in Base.metadata.sorted_tables}
    _copy(connection, portfolio["rider_cost_input"], OF_COSTS)
    _copy(connection, portfolio["lighting_hours"], UTILITY)
    for name, (replaced, rows) in AGREEMENTS.items():
        _copy(connection, portfolio[name], replaced, rows)
    connection.execute(CANDIDATES)
    for (number,) in connection.execute("select number from work.scenario").fetchall():
        for change in listed[number].changes:
            connection.execute(change.replace("{clone}", f"version_id // {stride} = {number}"))


def _stride(connection: duckdb.DuckDBPyConnection) -> int:
    """What the ids of a scenario's rows are further on than those of the scenario before."""
    highest = " union all ".join(
        f"select max({column.name}) as id from store.{column.table.fullname}"
        for column in numbers().values()
    )
    ((stride,),) = connection.execute(
        f"select coalesce(max(id), 0) + 1 from ({highest})"
    ).fetchall()
    return int(stride)


def _list_scenarios(
    connection: duckdb.DuckDBPyConnection, listed: Sequence[Scenario], stride: int
) -> None:
    """Make `work.scenario` of the scenarios that are asked for."""
    connection.execute(
        "create or replace table work.scenario (number integer, id_offset integer, kind text,"
        " words text, schedule text, without_rider text, factor_months integer, demand text,"
        " kw text)"
    )
    asked = connection.execute("select distinct scenario from work.asked order by 1").fetchall()
    connection.executemany(
        "insert into work.scenario values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                number, number * stride, one.kind, one.words, one.schedule, one.without_rider,
                one.factor_months, one.demand, one.kw,
            )
            for (number,) in asked
            for one in [listed[number]]
        ],
    )  # fmt: skip


def _copy(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    replaced: Mapping[str, str],
    rows: str = "",
) -> None:
    """Copy the rows of a table once a scenario."""
    names = ", ".join(column.name for column in table.columns)
    values = ", ".join(replaced.get(column.name, _value(column)) for column in table.columns)
    connection.execute(
        f"insert into {table.fullname} ({names}) select {values} from store.{table.fullname}"
        f" as source_row cross join work.scenario as scenario {rows}"
    )


def _value(column: Column[object]) -> str:
    """SQL for a copied value: an id is moved to the scenario's own range."""
    name = f"source_row.{column.name}"
    if isinstance(column.type, Integer) and column.name.endswith("_id"):
        return f"{name} + scenario.id_offset"
    return name
