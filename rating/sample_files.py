"""The files of the sample's folder: the rows of each in order, those not to be loaded last."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from rating.portfolio_relations import literal
from rating.sample_costs import COST_INPUTS, LIGHTING_HOURS
from rating.sample_plants import REVERSED_AGREEMENT, UNKNOWN_AGREEMENT
from rating.sample_reads import all_reads

SERVICE_AGREEMENTS = """
select agreement_id, start_date, end_date, account_id, utility, schedule, customer_class,
    case when term(terms, 'transmission') then 'transmission'
        when term(terms, 'primary') then 'primary' else 'secondary' end as voltage,
    case when term(terms, 'single') then 'single' when term(terms, 'three') then 'three' end
        as phase,
    term(terms, 'space') as space_heating, term(terms, 'water') as water_heating,
    term(terms, 'electric') as all_electric, term(terms, 'metered') as secondary_metered,
    term(terms, 'owned') as customer_owned_transformation,
    cast(investment as decimal(18, 2)) as extra_facilities_investment,
    cast(backup_firm_kw as decimal(12, 1)) as backup_firm_kw,
    partner_id as combined_with_agreement_id,
from terms
"""

RIDER_ENROLLMENTS = """
select agreement_id, rider, start_date, end_date, option, quantity from enrollment
"""

UNIT_INVENTORY = """
select agreement_id, unit_code, quantity, cast(input_watts as decimal(12, 0)) as input_watts,
    start_date, end_date,
from unit
"""


@dataclass(frozen=True)
class Output:
    """A file: its rows, their order, and one more that cannot be loaded: what, which, changes."""

    relation: str
    rows: str
    order: str
    rejected: tuple[str, str, str] | None = None


OUTPUTS = (
    Output(
        "service_agreements",
        SERVICE_AGREEMENTS,
        "agreement_id, start_date",
        (
            "reversed dates",
            "schedule = 'RS-3'",
            f"{literal(REVERSED_AGREEMENT)} as agreement_id, date '2017-06-01' as start_date,"
            " date '2017-05-01' as end_date",
        ),
    ),
    Output(
        "rider_enrollments",
        RIDER_ENROLLMENTS,
        "agreement_id, rider, start_date",
        ("unknown agreement", "rider = 'CSP-1'", f"{literal(UNKNOWN_AGREEMENT)} as agreement_id"),
    ),
    Output(
        "unit_inventory",
        UNIT_INVENTORY,
        "agreement_id, unit_code, input_watts, start_date",
        (
            "text in a number",
            "unit_code = 'C-70'",
            "'two' as quantity, date '2012-03-01' as start_date",
        ),
    ),
    Output("rider_cost_inputs", COST_INPUTS, "utility, billing_month, rider, variable"),
    Output("lighting_hours", LIGHTING_HOURS, "utility, billing_month"),
)


def write_files(
    connection: duckdb.DuckDBPyConnection, folder: Path, ending: str
) -> tuple[dict[str, int], list[tuple[str, int, str]]]:
    """Writes every file; returns the rows of each and the rejected ones: file, number, what."""
    rows: dict[str, int] = {}
    rejected = []
    for output in OUTPUTS:
        file = output.relation + ending
        rows[file] = _copy(connection, _ordered(output), folder / file)
        if output.rejected:
            rejected.append((file, rows[file], output.rejected[0]))
    file = "meter_reads" + ending
    rows[file] = _copy(connection, all_reads(), folder / file)
    planted = connection.execute("select what from rejected_read order by place").fetchall()
    first = rows[file] - len(planted) + 1
    rejected += [(file, first + place, str(what)) for place, (what,) in enumerate(planted)]
    return rows, rejected


def _ordered(output: Output) -> str:
    """SQL for the rows of a file, the one that cannot be loaded last."""
    if output.rejected is None:
        return output.rows
    _, which, changes = output.rejected
    return (
        f"with rows as materialized ({output.rows}),"
        f" placed as (select *, 0 as place from rows union all by name"
        f" select * replace ({changes}), 1 as place from (select * from rows where {which}"
        f" order by {output.order} limit 1))"
        f" select * exclude (place) from placed order by place, {output.order}"
    )


def _copy(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> int:
    """Writes the rows of a query to a file; returns how many."""
    form = "format parquet" if path.suffix == ".parquet" else "format csv, header"
    row = connection.execute(f"copy ({query}) to {literal(str(path))} ({form})").fetchone()
    return int(row[0]) if row else 0
