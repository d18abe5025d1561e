"""The run's table by schedule: bills, energy, revenue by component, and what binds."""

from collections.abc import Mapping, Sequence

import duckdb

from models.rating import COMPONENTS
from rating.store.query import Row, query_rows


def by_schedule(connection: duckdb.DuckDBPyConnection) -> Sequence[Row]:
    """One mapping per utility and schedule of the published bills.

    Amounts are in dollars, energy in kWh; `ratchet_bills` and `minimum_bills` count the bills
    whose billing demand a ratchet decides, and those with a shortfall to a minimum.
    """
    sums = ", ".join(f"sum(bill.{name}_amount) as {name}_amount" for name in COMPONENTS)
    return query_rows(
        connection,
        f"select bill.utility, bill.schedule, count(*) as bills, sum(bill.kwh) as kwh, {sums},"
        " sum(bill.net_amount) as net_amount,"
        " count(*) filter (where demand.binding = 'ratchet') as ratchet_bills,"
        " count(*) filter (where bill.minimum_amount > 0) as minimum_bills"
        " from rating.bill left join rating.billing_demand as demand"
        " on bill.agreement_id = demand.agreement_id"
        " and bill.billing_month = demand.billing_month and demand.demand_name = 'billing'"
        " group by bill.utility, bill.schedule order by bill.utility, bill.schedule",
    )


def unbilled_by_reason(connection: duckdb.DuckDBPyConnection) -> Mapping[str, int]:
    """How many published reads have no bill, by reason."""
    return dict(
        connection.execute(
            "select reason, count(*) from rating.unbilled_read group by reason order by reason"
        ).fetchall()
    )
