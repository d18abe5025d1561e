"""Reads whose registers do not add up to their kWh, which the load notes."""

import duckdb

# A further column of kWh may be a register more, such as that of a shoulder period.
APART = """
select
    count(*),
    arg_min(shown(agreement_id) || ', ' || strftime(billing_month, '%Y-%m'), row_no)
from staged_meter_reads
where problem is null
    and kwh_on_peak + kwh_off_peak <> kwh
    and row_no not in (
        select row_no from further_meter_reads where starts_with(lower(name), 'kwh_')
    )
"""


def registers_apart(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """A note on loaded reads whose two registers do not add up to their kWh, if there are any."""
    count, first = connection.execute(APART).fetchone() or (0, "")
    if not count:
        return []
    rows = f"1 row, that of agreement {first}"
    if count > 1:
        rows = f"{count:,} rows, first in that of agreement {first}"
    return [
        f"meter_reads: kwh_on_peak and kwh_off_peak do not add up to kwh in {rows};"
        " a schedule that prices them bills what they say"
    ]
