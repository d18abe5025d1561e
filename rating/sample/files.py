"""The files of the sample's folder: the rows of each in order, those not to be loaded last."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from rating.sample.costs import LIGHTING_HOURS, cost_inputs
from rating.sample.plants import RejectedRow, changes_of
from rating.sample.reads import all_reads
from rating.sample.seed import UtilityFiles
from rating.store.export import write_query
from rating.store.quoting import value_of

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
    """A file: its rows, their order, and more that cannot be loaded."""

    relation: str
    rows: str
    order: str
    rejected: Sequence[RejectedRow] = ()


def _outputs(utilities: Sequence[UtilityFiles]) -> Iterator[Output]:
    """All files but the reads."""
    inputs = cost_inputs({each.code: each.costs for each in utilities})
    for relation, rows, order in (
        ("service_agreements", SERVICE_AGREEMENTS, "agreement_id, start_date"),
        ("rider_enrollments", RIDER_ENROLLMENTS, "agreement_id, rider, start_date"),
        ("unit_inventory", UNIT_INVENTORY, "agreement_id, unit_code, input_watts, start_date"),
        ("rider_cost_inputs", inputs, "utility, billing_month, rider, variable"),
        ("lighting_hours", LIGHTING_HOURS, "utility, billing_month"),
    ):
        planted = [row for each in utilities for row in each.planted.rejected_rows]
        yield Output(relation, rows, order, [row for row in planted if row.file == relation])


def write_files(
    connection: duckdb.DuckDBPyConnection,
    utilities: Sequence[UtilityFiles],
    folder: Path,
    ending: str,
) -> tuple[dict[str, int], list[tuple[str, int, str]]]:
    """Writes every file; returns the rows of each and the rejected ones: file, number, what."""
    rows: dict[str, int] = {}
    rejected: list[tuple[str, int, str]] = []
    for each in _outputs(utilities):
        output = replace(
            each, rejected=[row for row in each.rejected if _finds(connection, each, row)]
        )
        file = output.relation + ending
        rows[file] = write_query(connection, _ordered(output), folder / file)
        rejected += _numbered(file, rows[file], [row.what for row in output.rejected])
    file = "meter_reads" + ending
    rows[file] = write_query(connection, all_reads(), folder / file)
    planted = connection.execute("select what from rejected_read order by place").fetchall()
    return rows, rejected + _numbered(file, rows[file], [str(what) for (what,) in planted])


def _numbered(file: str, rows: int, planted: Sequence[str]) -> list[tuple[str, int, str]]:
    """The rejected rows at the end of a file: file, number, what."""
    return [(file, number, what) for number, what in enumerate(planted, rows - len(planted) + 1)]


def _finds(connection: duckdb.DuckDBPyConnection, output: Output, row: RejectedRow) -> bool:
    """Whether the file has a row to copy."""
    found = connection.execute(f"select 1 from ({output.rows}) where {_like(row)} limit 1")
    return found.fetchone() is not None


def _like(row: RejectedRow) -> str:
    """SQL for which rows are like the one that is copied."""
    return " and ".join(f"{name} = {value_of(value)}" for name, value in row.like.items()) or "true"


def _ordered(output: Output) -> str:
    """SQL for the rows of a file, those that cannot be loaded last."""
    placed = ["select *, 0 as place from rows"]
    for place, row in enumerate(output.rejected, 1):
        placed.append(
            f"select * replace ({', '.join(changes_of(row.changed))}), {place} as place from"
            f" (select * from rows where {_like(row)} order by {output.order} limit 1)"
        )
    return (
        f"with rows as materialized ({output.rows}),"
        f" placed as ({' union all by name '.join(placed)})"
        f" select * exclude (place) from placed order by place, {output.order}"
    )
