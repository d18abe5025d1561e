"""Bill frequency: bills and kWh by use, and what is priced in each step. Nothing is rated."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
from sqlalchemy.engine import URL

from rating.errors import RatebookError
from rating.memory.database import Months
from rating.study.database import published_bills
from rating.study.relations import make_relation

RELATIONS = ("frequency", "priced_step", "demand_frequency")
HOURS_USE_WIDTH = 100
MOST_WIDTH = 1_000_000_000
KW_EDGES = (10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000)
BILLS = """
create or replace view study.bill as
select bill.* from store.rating.bill as bill
where
    billing_month >= coalesce(cast(getvariable('first_month') as date), billing_month)
    and billing_month <= coalesce(cast(getvariable('last_month') as date), billing_month)
"""


@contextmanager
def frequency(
    source: URL, *, width: int = 500, months: Months = (None, None)
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the results `RELATIONS`; `width` is that of a use block in kWh.

    Raises `RatebookError`.
    """
    if not 1 <= width <= MOST_WIDTH:
        raise RatebookError(f"--width {width} is no width of a block; give 1 to {MOST_WIDTH:,} kWh")
    with published_bills(source, months) as connection:
        for name, month in zip(("first_month", "last_month"), months, strict=True):
            connection.execute(f"set variable {name} = cast(? as date)", [month])
        connection.execute(BILLS)
        make_relation(connection, "frequency/frequency", {"width": width})
        make_relation(connection, "frequency/priced_step")
        bands = {"hours_use_width": HOURS_USE_WIDTH, "kw_edges": list(KW_EDGES)}
        make_relation(connection, "frequency/demand_frequency", bands)
        yield connection
