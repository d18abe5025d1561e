"""The published bills against what the billing system charged: how many agree, and why not.

Every difference has a class: a hypothesis that comes out as billed, to the cent. Where several
do, the class is the first of `CLASSES`, which begins with what changes least.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb
from sqlalchemy.engine import URL

from models.rating import COMPONENTS
from rating.memory.database import beside
from rating.reconcile.compare import compare
from rating.reconcile.lines import try_lines
from rating.reconcile.rerate import rerate
from rating.run.dbt_build import Progress
from rating.store.export import write_query
from rating.store.query import Row, query_rows

CLASSES = {
    "exact": "equal to the cent",
    "missing": "only one side has an amount",
    "components": "the sum agrees, its components do not",
    "gross": "what is due after the due date",
    "rounding": "rounded in another way",
    "missing_rider": "a rider or clause is missing",
    "missing_charge": "a charge of the schedule is missing",
    "another_fuel_factor": "the factor of another month",
    "another_block_or_season": "the price of another block or season",
    "another_demand": "another demand",
    "another_schedule": "the price of another schedule or version",
    "unexplained": "no hypothesis holds",
}
SHOWN = 10

EXPLAINED = f"""
create or replace table work.explained as

with ranked as (
    select
        agreement_id,
        billing_month,
        class,
        words,
        row_number() over (
            partition by agreement_id, billing_month
            order by list_position({list(CLASSES)}, class), distance, words
        ) as class_order
    from work.found
),

gathered as (
    select
        agreement_id,
        billing_month,
        max(class) filter (where class_order = 1) as class,
        max(words) filter (where class_order = 1) as words,
        string_agg(words, '; ' order by class_order) filter (where class_order > 1) as other_words
    from ranked
    group by agreement_id, billing_month
)

select
    compared.agreement_id,
    compared.billing_month,
    compared.utility,
    compared.schedule,
    compared.billed_amount,
    compared.net_amount,
    compared.difference,
    coalesce(gathered.class, 'unexplained') as class,
    case
        when gathered.class is not null then gathered.words
        when len(compared.differing_components) > 0
            then 'no hypothesis holds; it lies in '
                || array_to_string(compared.differing_components, ', ')
        else 'no hypothesis holds'
    end as explanation,
    gathered.other_words as other_explanations
from work.compared as compared
left join gathered
    on
        compared.agreement_id = gathered.agreement_id
        and compared.billing_month = gathered.billing_month
where compared.class is distinct from 'exact'
"""

BY_CLASS = f"""
select class, count(*) as bills, sum(difference) as difference,
    sum(abs(difference)) as absolute_difference
from work.explained group by class order by list_position({list(CLASSES)}, class)
"""
BY_SCHEDULE = """
select
    compared.utility,
    compared.schedule,
    count(*) as bills,
    count(*) filter (where compared.class = 'exact') as exact,
    coalesce(sum(compared.billed_amount), 0) as billed_amount,
    coalesce(sum(compared.net_amount), 0) as net_amount,
    sum(compared.difference) as difference,
    sum(abs(compared.difference)) as absolute_difference
from work.compared as compared
group by compared.utility, compared.schedule
order by absolute_difference desc, compared.utility, compared.schedule
"""
_DIFFERENCES = ", ".join(f"{name}_difference as '{name}'" for name in COMPONENTS)
BY_COMPONENT = f"""
select
    utility,
    schedule,
    component,
    count(*) as bills,
    count(*) filter (where amount != 0) as differing,
    sum(amount) as difference,
    sum(abs(amount)) as absolute_difference
from (unpivot work.compared on {_DIFFERENCES} into name component value amount)
group by utility, schedule, component
having absolute_difference > 0
order by absolute_difference desc, utility, schedule, component
"""
LARGEST = f"""
select * from work.explained
order by abs(difference) desc, agreement_id, billing_month limit {SHOWN}
"""
# Who has bills in a billed month and is never billed: outside the comparison, but worth a look.
NEVER_BILLED = """
select count(distinct agreement_id) as agreements, count(*) as bills,
    coalesce(sum(net_amount), 0) as net_amount
from store.rating.bill
where billing_month in (select billing_month from work.compared where billed_amount is not null)
    and agreement_id not in (select agreement_id from work.compared where billed_amount is not null)
"""
UNTRIED = """
select count(*) as bills
from work.explained as explained
anti join work.tried as tried
    on
        explained.agreement_id = tried.agreement_id
        and explained.billing_month = tried.billing_month
where explained.class = 'unexplained'
"""


@dataclass(frozen=True)
class BilledReport:
    """Bills against billed amounts; money in dollars, differences are billed less rated."""

    bills: int
    exact: int
    classes: Sequence[Row]
    schedules: Sequence[Row]
    components: Sequence[Row]
    largest: Sequence[Row]
    never_billed: Row
    untried: int
    """Unexplained bills that were not rated again under every scenario."""

    @property
    def match_rate(self) -> Decimal:
        """Bills that are equal to the cent, in percent of those with both amounts; cut off."""
        compared = self.bills - self.bills_of("missing")
        return (Decimal(10_000 * self.exact // compared) / 100) if compared else Decimal(0)

    def bills_of(self, name: str) -> int:
        """How many bills are of a class."""
        return sum(row["bills"] for row in self.classes if row["class"] == name)


def has_billed_amounts(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether a billing system's amounts are loaded."""
    row = connection.execute(
        "select count(*) from portfolio.billed_amount where billed_net_amount is not null"
    ).fetchone()
    return bool(row and row[0])


def reconcile_billed(
    url: URL,
    *,
    run_id: int | None = None,
    quick: bool = False,
    differences: Path | None = None,
    progress: Progress | None = None,
) -> BilledReport:
    """Compare the published bills, of one run or all, with the billed amounts.

    `quick` tries only what the published lines tell and rates nothing again; `differences` is a
    file for every bill that differs. The database is only read. Raises `RatebookError`.
    """
    with beside(url) as connection:
        connection.execute("create schema work")
        differing = compare(connection, run_id)
        try_lines(connection)
        if differing and not quick:
            rerate(connection, progress)
        connection.execute(EXPLAINED)
        if differences:
            write_query(connection, "from work.explained order by all", differences)
        return _report(connection)


def _report(connection: duckdb.DuckDBPyConnection) -> BilledReport:
    schedules = query_rows(connection, BY_SCHEDULE)
    return BilledReport(
        bills=sum(row["bills"] for row in schedules),
        exact=sum(row["exact"] for row in schedules),
        classes=query_rows(connection, BY_CLASS),
        schedules=schedules,
        components=query_rows(connection, BY_COMPONENT),
        largest=query_rows(connection, LARGEST),
        never_billed=query_rows(connection, NEVER_BILLED)[0],
        untried=query_rows(connection, UNTRIED)[0]["bills"],
    )
