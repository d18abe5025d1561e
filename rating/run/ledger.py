"""The runs of a database, and which bills changed between two of them."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

import duckdb
from sqlalchemy import Numeric

from models.base import RATING, Base
from models.rating import COMPONENTS
from rating.errors import RatebookError
from rating.run.publish import OF_CHANGE
from rating.store.quoting import number

# What history keeps of a bill, but for its run.
KEPT = [
    column.name
    for column in Base.metadata.tables[f"{RATING}.bill_history"].columns
    if column.name not in (*OF_CHANGE, "run_id")
]
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
    """Every bill that changed between two published runs; raises `RatebookError`."""
    if before == after:
        raise RatebookError(f"both are the same run, {before}; name an earlier and a later one")
    if before > after:
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


def bills_after(run: int | str, store: str = "") -> str:
    """SQL for the bills as they stood after a run, by their key and `KEPT`.

    The first later run that replaced a bill has kept it.
    """
    columns = ", ".join(["agreement_id", "billing_month", *KEPT])
    replaced = _first_replaced(f"replaced_by_run_id > {run}", store)
    return (
        f"select {columns} from ({replaced}) where what != 'new' union all"
        f" select {columns} from {store}rating.bill anti join ({replaced})"
        " using (agreement_id, billing_month)"
    )


def differing(one: str, other: str) -> str:
    """SQL that holds where what history keeps of two bills is not the same."""
    return " or ".join(f"{one}.{name} is distinct from {other}.{name}" for name in KEPT)


def _first_replaced(condition: str, store: str = "") -> str:
    return (
        "select *, count(*) over (partition by agreement_id, billing_month) as times"
        f" from {store}rating.bill_history where {condition} qualify row_number() over"
        " (partition by agreement_id, billing_month order by replaced_by_run_id) = 1"
    )


_CHANGED_COMPONENTS = ", ".join(
    f"case when coalesce(earlier.{name}_amount, 0) != coalesce(later.{name}_amount, 0)"
    f" then '{name} ' || printf('%+.2f',"
    f" coalesce(later.{name}_amount, 0) - coalesce(earlier.{name}_amount, 0)) end"
    for name in COMPONENTS
)


def _shown(bill: str, column: str) -> str:
    """SQL for a value of a bill as text."""
    is_number = isinstance(Base.metadata.tables[f"{RATING}.bill"].c[column].type, Numeric)
    value = f"{bill}.{column}"
    return number(value) if is_number else f"cast({value} as varchar)"


# What is told of a bill whose components are as they were.
_TOLD = {
    "kwh": "kWh", "billing_demand_kw": "kW", "gross_amount": "gross $", "schedule": "schedule",
    "version_effective_from": "version", "season": "season", "read_from": "read from",
    "read_to": "read to", "account_id": "account", "customer_class": "class", "utility": "utility",
}  # fmt: skip
_CHANGED_OTHERWISE = ", ".join(
    f"case when earlier.{column} is distinct from later.{column} then '{words} '"
    f" || coalesce({_shown('earlier', column)}, 'none')"
    f" || ' to ' || coalesce({_shown('later', column)}, 'none') end"
    for column, words in _TOLD.items()
)
DIFFERENCE = f"""
with earlier as (
    {_first_replaced("replaced_by_run_id > $before and replaced_by_run_id <= $after")}
),
later as (
    {bills_after("$after")}
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
    coalesce(
        nullif(concat_ws(', ', {_CHANGED_COMPONENTS}), ''),
        nullif(concat_ws(', ', {_CHANGED_OTHERWISE}), ''),
        'what an earlier release did not keep'
    )
from earlier
left join later using (agreement_id, billing_month)
where
    (earlier.what != 'new' or later.agreement_id is not null)
    -- not a bill that changed and is again what it was
    and (earlier.times = 1 or {differing("earlier", "later")})
order by abs(coalesce(later.net_amount, 0) - coalesce(earlier.net_amount, 0)) desc,
    earlier.agreement_id, earlier.billing_month
"""
