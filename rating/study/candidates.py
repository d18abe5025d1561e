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
from rating.memory.copies import AGREEMENT_TABLES, copy_rows
from rating.memory.database import empty_portfolio
from rating.memory.models import make
from rating.run.dbt_build import NodeResult
from rating.study.relations import make_relation

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
    make_relation(connection, "compare/copy", {"reads_at_once": reads_at_once})
    chunks = connection.execute("select distinct chunk_no from study.copy order by 1").fetchall()
    for (chunk,) in chunks:
        empty_portfolio(connection, keep=("rider_cost_input", "lighting_hours"))
        for table in AGREEMENT_TABLES:
            replaced = REPLACED | FURTHER.get(table.name, {})
            copy_rows(connection, table, replaced, f"{OF_COPY} where copy.chunk_no = {chunk:d}")
        make(connection, models)
        connection.execute(KEPT)
