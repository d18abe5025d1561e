"""Candidates that are what was billed: their bills are the published ones, and not rated again."""

import duckdb

from rating.memory.database import Months, in_store
from rating.run.changes import is_current
from rating.study.relations import make_relation

TAKEN = (
    """
    insert into study.candidate_bill
    select
        as_billed.candidate_id, 1, 1, bill.billing_month, bill.kwh, bill.billing_demand_kw,
        bill.net_amount
    from store.rating.bill as bill
    inner join study.as_billed as as_billed
        on bill.agreement_id = as_billed.agreement_id
    where
        bill.billing_month >= coalesce(cast($first as date), bill.billing_month)
        and bill.billing_month <= coalesce(cast($last as date), bill.billing_month)
    """,
    """
    insert into study.candidate_unbilled
    select
        as_billed.candidate_id, 1, 1, unbilled.billing_month, unbilled.reason, unbilled.detail
    from store.rating.unbilled_read as unbilled
    inner join study.as_billed as as_billed
        on unbilled.agreement_id = as_billed.agreement_id
    where
        unbilled.billing_month >= coalesce(cast($first as date), unbilled.billing_month)
        and unbilled.billing_month <= coalesce(cast($last as date), unbilled.billing_month)
    """,
)
OTHERS = """
create or replace table study.asked_factor as
select
    candidate_id,
    cast(1 as decimal(9, 6)) as kwh_factor,
    cast(1 as decimal(9, 6)) as kw_factor
from study.candidate
anti join study.as_billed using (candidate_id)
"""


def has_current_bills(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether a rating of `store` would publish the bills that it has published."""
    with in_store(connection):
        return is_current(connection)


def take_published(connection: duckdb.DuckDBPyConnection, months: Months, current: bool) -> None:
    """Take the bills of candidates that are what was billed, and ask for those of the others.

    Where the published bills are not `current`, all are asked for.
    """
    make_relation(connection, "compare/as_billed", {"is_current": current})
    for statement in TAKEN:
        connection.execute(statement, {"first": months[0], "last": months[1]})
    connection.execute(OTHERS)
