"""Which intervals a load had several times; none of their rows was loaded."""

import duckdb

from rating.portfolio.relations import INTERVAL_READS

STAGED = f"staged_{INTERVAL_READS}"
# The intervals that are repeated since `remember_duplicates`, or no longer.
CHANGED_DUPLICATES = """
    (from portfolio.interval_duplicate except from duplicates_before)
    union all (from duplicates_before except from portfolio.interval_duplicate)
"""


def remember_duplicates(connection: duckdb.DuckDBPyConnection) -> None:
    """Copies what is noted before a load, for `CHANGED_DUPLICATES`."""
    connection.execute("create temp table duplicates_before as from portfolio.interval_duplicate")


def keep_duplicates(connection: duckdb.DuckDBPyConnection) -> None:
    """Notes the intervals that are repeated in a staged file, and forgets those that are good."""
    connection.execute(
        f"delete from portfolio.interval_duplicate as old using {STAGED} as new"
        " where new.agreement_id = old.agreement_id and new.interval_start = old.interval_start"
    )
    connection.execute(
        "insert into portfolio.interval_duplicate (agreement_id, interval_start)"
        f" select agreement_id, interval_start from {STAGED} where interval_start is not null"
        " and agreement_id in (select agreement_id from portfolio.service_agreement)"
        " group by agreement_id, interval_start having count(*) > 1"
    )


def forget_duplicates(connection: duckdb.DuckDBPyConnection) -> None:
    """Forgets the repeated intervals that a Parquet file now has once, in days of their own."""
    found = connection.execute("select count(*) from portfolio.interval_duplicate").fetchone()
    if found != (0,):
        connection.execute(
            "delete from portfolio.interval_duplicate as old using interval_source as new"
            " where new.agreement_id = old.agreement_id"
            " and make_timestamp(new.start_us) = old.interval_start"
        )
