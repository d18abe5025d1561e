"""Where a report's numbers come from: the run, the hashes of its inputs, and the sheets."""

import duckdb

from models.base import BUILD
from rating.memory.database import Months
from rating.report.layouts import Layout
from rating.report.tables import Table, make_table
from rating.run.fingerprint import tariff_hash
from rating.store.query import query_rows

PUBLISHED_RUN = """
select
    'published' as run, run_id, started_at, engine, code_version, tariff_hash, portfolio_hash,
    reads, bills, net_amount as net_usd
from store.rating.rating_run
where run_id in (select distinct run_id from store.rating.bill)
order by run_id
"""
# The sheets that price the lines of the bills.
SHEETS = """
with line as ({lines}),

cited as (
    select
        source_document,
        schedule_or_rider,
        sheet,
        string_agg(distinct cast(version_effective_from as text), ', ') as versions_from,
        string_agg(distinct component, ', ') as components,
        cast(count(distinct (charge_code, step_no)) as integer) as prices
    from line
    group by source_document, schedule_or_rider, sheet
)

select
    utility.name as utility,
    document.title as book,
    cited.* exclude (source_document)
from cited
inner join store.tariff.source_document as document
    on cited.source_document = document.document
inner join store.tariff.utility as utility
    on document.utility = utility.utility
order by all
"""
LINES = """
select distinct
    source_document, schedule_or_rider, sheet, version_effective_from, component, charge_code,
    step_no
from {schema}.bill_line_item
where
    billing_month >= coalesce(cast(getvariable('report_first') as date), billing_month)
    and billing_month <= coalesce(cast(getvariable('report_last') as date), billing_month)
"""
RUN_LAYOUT = Layout("Runs: what was rated, from which tariffs and which portfolio")
SHEET_LAYOUT = Layout("Sheets that price the bills", ["utility", "book"])


def run_table(connection: duckdb.DuckDBPyConnection) -> Table:
    """The runs with the hashes of their inputs, and the hash of the tariffs of a study."""
    found = query_rows(connection, PUBLISHED_RUN)
    if _has_rows(connection, "tariff", "version"):
        found.append(
            {**dict.fromkeys(found[0] if found else ()), "run": "of the study",
             "tariff_hash": tariff_hash(connection)}
        )  # fmt: skip
    return make_table("runs", RUN_LAYOUT, found, len(found))


def sheet_table(connection: duckdb.DuckDBPyConnection, months: Months) -> Table | None:
    """The book, schedule and sheet of every price in the bills of a study and its portfolio.

    None where neither has lines: typical bills are made without them.
    """
    for name, month in zip(("report_first", "report_last"), months, strict=True):
        connection.execute(f"set variable {name} = cast(? as date)", [month])
    has_bills = connection.execute("select 1 from report_bill limit 1").fetchone()
    schemas = ["store.rating"] if has_bills else []
    if _has_rows(connection, BUILD, "bill_line_item"):
        schemas.append(BUILD)
    if not schemas:
        return None
    lines = " union all ".join(LINES.format(schema=schema) for schema in schemas)
    found = query_rows(connection, SHEETS.format(lines=lines))
    return make_table("sheets", SHEET_LAYOUT, found, len(found))


def _has_rows(connection: duckdb.DuckDBPyConnection, schema: str, relation: str) -> bool:
    """Whether the study's own database, not the store, has rows of a relation."""
    there = connection.execute(
        "select 1 from information_schema.tables where table_catalog = current_database()"
        " and table_schema = ? and table_name = ?",
        [schema, relation],
    ).fetchone()
    if not there:
        return False
    return connection.execute(f"select 1 from {schema}.{relation} limit 1").fetchone() is not None
