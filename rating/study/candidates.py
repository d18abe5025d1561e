"""Copies of agreements, each on a schedule and with kWh and kW times a factor, rated in chunks.

| table of the schema `study` | one row per |
|---|---|
| `candidate` | agreement and schedule to rate it on: candidate_id, agreement_id, schedule |
| `asked_factor` | candidate and factors to rate it at: candidate_id, kwh_factor, kw_factor |
| `candidate_bill` | candidate, factors and billing month with a bill |
| `candidate_unbilled` | candidate, factors and billing month without |
"""

from collections.abc import Sequence

import duckdb

from models.portfolio import READ_KW, READ_KWH
from rating.dbt_build import NodeResult
from rating.study.copies import AGREEMENT_TABLES, copy_rows
from rating.study.database import empty_portfolio
from rating.study.models import make

# So many reads at a time keep a rating within about 2 GB.
READS_AT_ONCE = 1_000_000

RESULTS = """
create or replace table study.candidate_bill (
    candidate_id integer, kwh_factor decimal(9, 6), kw_factor decimal(9, 6), billing_month date,
    kwh decimal(18, 6), billing_demand_kw decimal(18, 6), bill_usd decimal(18, 2)
);

create or replace table study.candidate_unbilled (
    candidate_id integer, kwh_factor decimal(9, 6), kw_factor decimal(9, 6), billing_month date,
    reason text, detail text
);
"""
# A copy of the agreement, and of those whose meters are added to its; all in one chunk.
COPY = """
create or replace table study.copy as
with read_count as (
    select agreement_id, count(*) as reads
    from store.portfolio.meter_read
    group by agreement_id
),

wanted as (
    select
        candidate.candidate_id,
        cast(row_number() over in_order as text) as group_id,
        candidate.agreement_id,
        candidate.schedule,
        asked.kwh_factor,
        asked.kw_factor,
        cast(null as text) as partner_of,
        (sum(coalesce(read_count.reads, 0)) over in_order) // $reads_at_once as chunk_no
    from study.candidate as candidate
    inner join study.asked_factor as asked
        on candidate.candidate_id = asked.candidate_id
    left join read_count
        on candidate.agreement_id = read_count.agreement_id
    window in_order as (
        order by candidate.candidate_id, asked.kwh_factor, asked.kw_factor
        rows between unbounded preceding and current row
    )
)

select group_id as copy_id, * from wanted
union all
select distinct
    wanted.group_id || '|' || partner.agreement_id as copy_id,
    wanted.candidate_id,
    wanted.group_id,
    partner.agreement_id,
    cast(null as text) as schedule,
    wanted.kwh_factor,
    wanted.kw_factor,
    wanted.agreement_id as partner_of,
    wanted.chunk_no
from wanted
inner join store.portfolio.service_agreement as partner
    on wanted.agreement_id = partner.combined_with_agreement_id
"""
TIMES_FACTOR = (
    "case when copy.{factor} = 1 then source_row.{name} else"
    " cast(round(cast(source_row.{name} as decimal(24, 6)) * copy.{factor}, 6) as decimal(18, 6))"
    " end"
)
# What a copy's row has in place of the column; all else is the agreement's.
REPLACED = {
    "agreement_id": "copy.copy_id",
    "schedule": "coalesce(copy.schedule, source_row.schedule)",
    "combined_with_agreement_id": "case when"
    " source_row.combined_with_agreement_id = copy.partner_of then copy.group_id end",
}
FURTHER = {
    "meter_read": {
        **{name: TIMES_FACTOR.format(name=name, factor="kwh_factor") for name in READ_KWH},
        **{name: TIMES_FACTOR.format(name=name, factor="kw_factor") for name in READ_KW},
    },
    "meter_read_quantity": {
        "quantity": "case when starts_with(source_row.determinant, 'kwh')"
        f" then {TIMES_FACTOR.format(name='quantity', factor='kwh_factor')}"
        " when source_row.determinant = 'kw' or starts_with(source_row.determinant, 'kw_')"
        f" then {TIMES_FACTOR.format(name='quantity', factor='kw_factor')}"
        " else source_row.quantity end"
    },
}
OF_COPY = "inner join study.copy as copy on source_row.agreement_id = copy.agreement_id"
KEPT = """
insert into study.candidate_bill
select
    copy.candidate_id, copy.kwh_factor, copy.kw_factor, bill.billing_month, bill.kwh,
    bill.billing_demand_kw, bill.net_amount
from rating_build.bill as bill
inner join study.copy as copy
    on bill.agreement_id = copy.copy_id and copy.copy_id = copy.group_id;

insert into study.candidate_unbilled
select
    copy.candidate_id, copy.kwh_factor, copy.kw_factor, unbilled.billing_month, unbilled.reason,
    unbilled.detail
from rating_build.unbilled_read as unbilled
inner join study.copy as copy
    on unbilled.agreement_id = copy.copy_id and copy.copy_id = copy.group_id;
"""


def rate_candidates(
    connection: duckdb.DuckDBPyConnection, models: Sequence[NodeResult], reads_at_once: int
) -> None:
    """Rate what `study.asked_factor` asks for; its bills are added to the results."""
    connection.execute(COPY, {"reads_at_once": reads_at_once})
    chunks = connection.execute("select distinct chunk_no from study.copy order by 1").fetchall()
    for (chunk,) in chunks:
        empty_portfolio(connection, keep=("rider_cost_input", "lighting_hours"))
        for table in AGREEMENT_TABLES:
            replaced = REPLACED | FURTHER.get(table.name, {})
            copy_rows(connection, table, replaced, f"{OF_COPY} where copy.chunk_no = {chunk:d}")
        make(connection, models)
        connection.execute(KEPT)
