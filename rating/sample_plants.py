"""What is planted in the sample: reads that cannot be billed and rows that cannot be loaded.

Each takes a month of a scripted agreement; one beyond the sample's months is left out.
"""

from dataclasses import dataclass

import duckdb

from rating.portfolio_relations import literal
from rating.sample_reads import READ_COLUMNS

UNKNOWN_AGREEMENT = "M9999999"
REVERSED_AGREEMENT = "M9999998"


@dataclass(frozen=True)
class Changed:
    """A read that is changed so that it cannot be billed; `which` says of what month."""

    script: str
    which: str
    change: str
    reason: str


@dataclass(frozen=True)
class Added:
    """A read where there should be none: a copy of another month's, with changes."""

    script: str
    month_no: int
    changes: str
    reason: str


@dataclass(frozen=True)
class Rejected:
    """A month that is read only in a row that cannot be loaded, or in several."""

    script: str
    month_no: int
    what: str
    changes: tuple[str, ...]


CHANGED = (
    Changed("rs3-blocks", "month_no = 3", "kwh = null", "missing_determinant"),
    Changed("lgs1-factor", "month_no = 2", "kw = null", "missing_determinant"),
    Changed("scis1", "month_no = 1", "kw_on_peak = null", "missing_determinant"),
    Changed("sp", "month_no = 5", "kw = null", "missing_determinant"),
    Changed("lp", "month_no = 1", "kwh_on_peak = null", "missing_determinant"),
    # The first excess in a month for which NM-1 prints no price.
    Changed(
        "rs3-solar",
        "month_no = (select min(month_no) from script_read where not is_excess_priced)",
        "kwh_received = kwh + 900",
        "no_rate_in_force",
    ),
)

# Before Iowa's first version; and after the customer has left.
ADDED = (
    Added(
        "re-early",
        0,
        "-1 as month_no, '2024-12' as billing_month, date '2024-11-20' as read_from,"
        " least(read_from, date '2024-12-20') as read_to",
        "no_rate_in_force",
    ),
    Added(
        "rs4-left",
        5,
        "6 as month_no, strftime(cast(billing_month || '-01' as date) + interval 1 month, '%Y-%m')"
        " as billing_month, read_to as read_from, read_to + 12 as read_to",
        "no_agreement",
    ),
)

NEVER_RATED = (("gs1-no-phase", "missing_determinant"), ("sch1", "unknown_schedule"))

# A combined agreement whose partner has no read in a month of the season: its own is unbilled.
LOST = (("lgs1-partner", "gssh1-large", "-06"),)

REJECTED = (
    Rejected("rs3", 5, "duplicate key", ("kwh as kwh", "kwh + 7 as kwh")),
    Rejected("rs4", 4, "negative kWh", ("-35 as kwh",)),
    Rejected("gs1-three", 2, "reversed dates", ("read_to as read_from, read_from as read_to",)),
    Rejected("gs1-factor", 3, "power factor 84", ("84 as power_factor",)),
)


def plant_unbilled(connection: duckdb.DuckDBPyConnection, months: int) -> None:
    """Makes the table `planted_unbilled` (agreement_id, billing_month, reason)."""
    connection.execute(
        "create table planted_unbilled (agreement_id varchar, billing_month varchar,"
        " reason varchar)"
    )
    for changed in CHANGED:
        which = f"name = {literal(changed.script)} and {changed.which}"
        connection.execute(f"update script_read set {changed.change} where {which}")
        _note(connection, which, changed.reason)
    for name, reason in NEVER_RATED:
        _note(connection, f"name = {literal(name)}", reason)
    for added in ADDED:
        if added.month_no + 1 < months:
            which = f"name = {literal(added.script)} and month_no = {added.month_no}"
            copy = f"select * replace ({added.changes}) from script_read where {which}"
            connection.execute(
                f"insert into planted_unbilled select agreement_id, billing_month,"
                f" {literal(added.reason)} from ({copy})"
            )
            connection.execute(f"insert into script_read {copy}")
    for partner, combined, month in LOST:
        lost = "name = {} and ends_with(billing_month, " + literal(month) + ")"
        connection.execute("delete from script_read where " + lost.format(literal(partner)))
        _note(connection, lost.format(literal(combined)), "missing_determinant")


def plant_rejected(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the table `rejected_read`: columns of a read, place in the file's end, what."""
    connection.execute(
        "create table rejected_read as select *, 0 as place, '' as what from script_read limit 0"
    )
    place = 0
    for rejected in REJECTED:
        which = f"name = {literal(rejected.script)} and month_no = {rejected.month_no}"
        for changes in rejected.changes:
            place += 1
            _reject(connection, which, changes, place, rejected.what)
        connection.execute(f"delete from script_read where {which}")
    _reject(
        connection,
        "name = 'rs3' and month_no = 0",
        f"{literal(UNKNOWN_AGREEMENT)} as agreement_id",
        place + 1,
        "unknown agreement",
    )


def _reject(
    connection: duckdb.DuckDBPyConnection, which: str, changes: str, place: int, what: str
) -> None:
    """Adds a read to those that cannot be loaded."""
    connection.execute(
        f"insert into rejected_read by name select {place} as place, {literal(what)} as what,"
        f" {READ_COLUMNS}, name, month_no"
        f" from (select * replace ({changes}) from script_read where {which})"
    )


def _note(connection: duckdb.DuckDBPyConnection, which: str, reason: str) -> None:
    """Notes scripted reads as planted."""
    connection.execute(
        f"insert into planted_unbilled select agreement_id, billing_month, {literal(reason)}"
        f" from script_read where {which}"
    )
