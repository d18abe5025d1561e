"""The runs of a database, and which bills changed between two of them."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from models.rating import COMPONENTS
from rating.errors import RatebookError

# What can change a bill, and the column of the ledger that tells.
CAUSES = {"tariff": "tariff_hash", "portfolio": "portfolio_hash", "code": "code_version"}


@dataclass(frozen=True)
class Run:
    """A row of the ledger; money in dollars."""

    run_id: int
    started_at: datetime.datetime
    status: str
    engine: str
    code_version: str
    from_month: datetime.date | None
    to_month: datetime.date | None
    base_run_id: int | None
    tariff_hash: str | None
    portfolio_hash: str | None
    bills: int | None
    unbilled: int | None
    net_amount: Decimal | None
    message: str | None


@dataclass(frozen=True)
class ChangedBill:
    """A bill that is not after a run what it was after an earlier one; dollars."""

    agreement_id: str
    billing_month: datetime.date
    what: str
    net_amount_before: Decimal | None
    net_amount_after: Decimal | None
    difference: Decimal
    components: str


@dataclass(frozen=True)
class Difference:
    """What changed between two published runs, and what of the inputs did."""

    before: int
    after: int
    causes: list[str]
    bills: list[ChangedBill]


def runs(connection: duckdb.DuckDBPyConnection) -> list[Run]:
    """All runs, the latest first."""
    rows = connection.execute(
        f"select {', '.join(Run.__dataclass_fields__)} from rating.rating_run order by run_id desc"
    ).fetchall()
    return [Run(*row) for row in rows]


def difference(connection: duckdb.DuckDBPyConnection, before: int, after: int) -> Difference:
    """Every bill that changed between two published runs; raises `RatebookError`.

    What a bill was after a run is told by `bill_history`: the first later run that replaced it
    has kept it there.
    """
    if before >= after:
        raise RatebookError(f"run {before} is not earlier than run {after}; swap them")
    published = {one.run_id: one for one in runs(connection) if one.status == "published"}
    for run_id in (before, after):
        if run_id not in published:
            raise RatebookError(
                f"run {run_id} was not published; `ratebook runs` lists those that were"
            )
    between = [one for run_id, one in published.items() if before <= run_id <= after]
    causes = [
        name
        for name, column in CAUSES.items()
        if len({getattr(one, column) for one in between}) > 1
    ]
    rows = connection.execute(DIFFERENCE, {"before": before, "after": after}).fetchall()
    return Difference(before, after, causes, [ChangedBill(*row) for row in rows])


_CHANGED_COMPONENTS = ", ".join(
    f"case when coalesce(earlier.{name}_amount, 0) != coalesce(later.{name}_amount, 0)"
    f" then '{name} ' || printf('%+.2f',"
    f" coalesce(later.{name}_amount, 0) - coalesce(earlier.{name}_amount, 0)) end"
    for name in COMPONENTS
)
_AMOUNTS = ", ".join(f"{name}_amount" for name in (*COMPONENTS, "net"))
DIFFERENCE = f"""
with kept as (
    select agreement_id, billing_month, replaced_by_run_id, what, {_AMOUNTS}
    from rating.bill_history
    where replaced_by_run_id > $before
),
earlier as (
    select * from kept
    where replaced_by_run_id <= $after
    qualify row_number() over (
        partition by agreement_id, billing_month
        order by replaced_by_run_id
    ) = 1
),
kept_later as (
    select * from kept
    where replaced_by_run_id > $after
    qualify row_number() over (
        partition by agreement_id, billing_month
        order by replaced_by_run_id
    ) = 1
),
later as (
    select agreement_id, billing_month, {_AMOUNTS} from kept_later where what != 'new'
    union all
    select agreement_id, billing_month, {_AMOUNTS}
    from rating.bill anti join kept_later using (agreement_id, billing_month)
)
select
    earlier.agreement_id,
    earlier.billing_month,
    case
        when earlier.what = 'new' then 'new'
        when later.agreement_id is null then 'removed'
        else 'changed'
    end as what,
    earlier.net_amount,
    later.net_amount,
    coalesce(later.net_amount, 0) - coalesce(earlier.net_amount, 0),
    concat_ws(', ', {_CHANGED_COMPONENTS})
from earlier
left join later using (agreement_id, billing_month)
where earlier.what != 'new' or later.agreement_id is not null
order by abs(coalesce(later.net_amount, 0) - coalesce(earlier.net_amount, 0)) desc,
    earlier.agreement_id, earlier.billing_month
"""
