"""Bills beside what the billing system charged: `work.compared`, exact or to be explained.

Both amounts are taken as they stand, so that equal means equal to the cent. A component is
compared where the billing system gave its amount.
"""

import duckdb

from models.rating import COMPONENTS

# A bill without a billed amount counts as missing where the billing system billed that agreement
# in some month, and somebody in that month; other bills are outside what was handed over.
COMPARED = """
create table work.compared as

with billed as (
    select * from store.portfolio.billed_amount where billed_net_amount is not null
),

bill as (
    select * from store.rating.bill where {run}
),

other_run as (
    select agreement_id, billing_month from store.rating.bill where not ({run})
),

terms as (
    select
        agreement_id,
        arg_max(utility, start_date) as utility,
        arg_max(schedule, start_date) as schedule
    from store.portfolio.service_agreement
    group by agreement_id
),

paired as (
    select
        coalesce(bill.agreement_id, billed.agreement_id) as agreement_id,
        coalesce(bill.billing_month, billed.billing_month) as billing_month,
        bill.utility,
        bill.schedule,
        bill.version_effective_from,
        bill.season,
        bill.read_to,
        billed.billed_net_amount as billed_amount,
        bill.net_amount,
        bill.gross_amount,
        {component_differences}
    from billed
    full join bill
        on billed.agreement_id = bill.agreement_id and billed.billing_month = bill.billing_month
),

marked as (
    select
        *,
        coalesce(billed_amount, 0) - coalesce(net_amount, 0) as difference,
        list_filter([{differing}], lambda name: name is not null) as differing_components,
        list_filter([{agreeing}], lambda name: name is not null) as agreeing_components
    from paired
)

select
    marked.* exclude (utility, schedule),
    coalesce(marked.utility, terms.utility) as utility,
    coalesce(marked.schedule, terms.schedule) as schedule,
    case
        when marked.net_amount is null or marked.billed_amount is null then 'missing'
        when marked.difference = 0 and len(marked.differing_components) = 0 then 'exact'
        when marked.difference = 0 then 'components'
    end as class
from marked
left join terms on marked.agreement_id = terms.agreement_id
anti join other_run
    on marked.agreement_id = other_run.agreement_id
    and marked.billing_month = other_run.billing_month
where
    marked.billed_amount is not null
    or (
        marked.agreement_id in (select agreement_id from billed)
        and marked.billing_month in (select billing_month from billed)
    )
"""

# What is to be explained, and the lines of those bills.
DIFFERING = """
create table work.differing as
select * from work.compared where class is null;

create table work.line as
select
    line.*,
    differing.utility,
    differing.schedule,
    differing.billed_amount,
    differing.net_amount,
    cast(line.quantity as decimal(28, 6)) * line.price as exact_amount
from store.rating.bill_line_item as line
inner join work.differing as differing
    on line.agreement_id = differing.agreement_id
    and line.billing_month = differing.billing_month;

create table work.found (
    agreement_id text, billing_month date, class text, distance integer, words text
);

-- The bills that were rated again under every scenario that applies to them.
create table work.tried (agreement_id text, billing_month date);
"""

FOUND_AT_ONCE = """
insert into work.found
select
    compared.agreement_id,
    compared.billing_month,
    compared.class,
    0 as distance,
    case
        when compared.class = 'components' then 'the sum agrees, its parts do not: '
            || array_to_string(compared.differing_components, ', ')
        when compared.billed_amount is null then 'the billing system has no amount'
        when unbilled.reason is not null
            then 'no bill: ' || unbilled.reason || ', ' || unbilled.detail
        when meter_read.agreement_id is not null then 'no bill: the read has not been rated'
        else 'no bill: there is no read'
    end as words
from work.compared as compared
left join store.rating.unbilled_read as unbilled
    on compared.agreement_id = unbilled.agreement_id
    and compared.billing_month = unbilled.billing_month
left join store.portfolio.meter_read as meter_read
    on compared.agreement_id = meter_read.agreement_id
    and compared.billing_month = meter_read.billing_month
where compared.class in ('missing', 'components')
"""


def compare(connection: duckdb.DuckDBPyConnection, run_id: int | None) -> int:
    """Make `work.compared`, `work.differing`, `work.line`; returns how many bills differ.

    With `run_id` only bills of that run are compared.
    """
    differences = ",\n        ".join(
        f"billed.{name}_amount as billed_{name}_amount,"
        f" billed.{name}_amount - bill.{name}_amount as {name}_difference"
        for name in COMPONENTS
    )
    differing, agreeing = (
        ", ".join(f"case when {name}_difference {sign} 0 then '{name}' end" for name in COMPONENTS)
        for sign in ("!=", "=")
    )
    connection.execute(
        COMPARED.format(
            component_differences=differences,
            differing=differing,
            agreeing=agreeing,
            run="true" if run_id is None else f"run_id = {run_id:d}",
        )
    )
    connection.execute(DIFFERING)
    connection.execute(FOUND_AT_ONCE)
    row = connection.execute("select count(*) from work.differing").fetchone()
    return int(row[0]) if row else 0
