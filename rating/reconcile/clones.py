"""Tariffs and agreements copied once a scenario, and changed as the scenario says.

A scenario's rows have its number behind the utility's name, in front of the agreement's id and in
their ids. What is to be rated under it stands in `work.asked`: scenario, agreement_id.
"""

from collections.abc import Sequence

import duckdb
from sqlalchemy import Integer, Table

from models.base import PORTFOLIO, TARIFF, Base
from models.portfolio import LightingHours, RiderCostInput
from rating.memory.copies import AGREEMENT_TABLES, copy_rows
from rating.reconcile.demands import CANDIDATE, DEMANDS
from rating.reconcile.scenarios import Scenario
from rating.seed.load import numbers, table_of

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

EACH_SCENARIO = "cross join work.scenario as scenario"
OF_MEMBER = f"""
{EACH_SCENARIO}
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
UP_TO_THE_BILL = f"{OF_MEMBER} where source_row.billing_month <= member.last_month"
WITHOUT_RIDER = f"{OF_MEMBER} where source_row.rider is distinct from scenario.without_rider"
# What is replaced and which rows are copied, in tables of agreements that are not copied whole.
NOT_WHOLE = {
    "service_agreement": (OF_STRETCH, OF_TERMS),
    "service_agreement_attribute": (OF_STRETCH, OF_TERMS),
    "meter_read": (OF_AGREEMENT, UP_TO_THE_BILL),
    "meter_read_quantity": (OF_AGREEMENT, UP_TO_THE_BILL),
    "rider_enrollment": (OF_AGREEMENT, WITHOUT_RIDER),
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
# Which rows of tariffs belong to a scenario's copy: the changes of scenarios ask by it.
OF_COPY = "create or replace temp macro of_copy(id) as id // {stride} = {number}"


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
            copy_rows(connection, table, _moved(table) | OF_TARIFF, EACH_SCENARIO)
    for model, changed in ((RiderCostInput, OF_COSTS), (LightingHours, UTILITY)):
        copy_rows(connection, table_of(model), changed, EACH_SCENARIO)
    for table in AGREEMENT_TABLES:
        replaced, tail = NOT_WHOLE.get(table.name, (OF_AGREEMENT, OF_MEMBER))
        copy_rows(connection, table, replaced, tail)
    connection.execute(CANDIDATES)
    for (number,) in connection.execute("select number from work.scenario").fetchall():
        connection.execute(OF_COPY.format(stride=stride, number=number))
        for change in listed[number].changes:
            connection.execute(change)


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


def _moved(table: Table) -> dict[str, str]:
    """SQL for the ids of copied rows: moved to the scenario's own range."""
    return {
        column.name: f"source_row.{column.name} + scenario.id_offset"
        for column in table.columns
        if isinstance(column.type, Integer) and column.name.endswith("_id")
    }
