"""What is planted in the sample: reads that cannot be billed and rows that cannot be loaded.

Each takes a month of a scripted agreement; one beyond the sample's months is left out.
"""

import datetime
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

import duckdb
from pydantic import Field

from rating.sample.parts import Count
from rating.sample.reads import READ_COLUMNS
from rating.seed.parts import Part
from rating.store.quoting import literal, value_of

Column = Annotated[str, Field(pattern="^[a-z_]+$")]
Row = Mapping[Column, int | datetime.date | str]


class Plant(Part):
    """A scripted agreement, and why its read has no bill."""

    script: str
    reason: str


class Blank(Plant):
    """A read that lacks a value."""

    month: Count
    column: Column


class Unpriced(Plant):
    """The first read of a month without a price of an excess, with one of so many kWh."""

    kwh: Count


class Before(Plant):
    """A read of the month before a month; it ends where that begins at the latest."""

    month: Count
    read_from: datetime.date
    read_to: datetime.date


class After(Plant):
    """A read of some days of the month after a month."""

    month: Count
    days: Count


class Lost(Plant):
    """A calendar month without a read; it is the agreement combined with it that has no bill."""

    month_of_year: Annotated[int, Field(ge=1, le=12)]
    combined: str


class RejectedRead(Part):
    """A month read in rows that cannot be loaded: copies with changes, or two columns swapped."""

    script: str
    month: Count
    what: str
    rows: list[Row] = [{}]
    swap: tuple[Column, Column] | None = None
    beside: bool = Field(False, description="whether it is read in a good row too")

    def changes(self, row: Row) -> str:
        """What `replace` does in SQL to make one of the rows."""
        changes = changes_of(row)
        if self.swap:
            one, other = self.swap
            changes += [f"{other} as {one}", f"{one} as {other}"]
        return f"replace ({', '.join(changes)})" if changes else ""


class RejectedRow(Part):
    """A row of another file that cannot be loaded: a copy of the first like this, changed."""

    file: Literal["service_agreements", "rider_enrollments", "unit_inventory"]
    what: str
    like: Row
    changed: Row


class Planted(Part):
    """All that is planted in a utility's part of the sample."""

    blank: list[Blank] = []
    unpriced: list[Unpriced] = []
    before: list[Before] = []
    after: list[After] = []
    never: list[Plant] = []
    lost: list[Lost] = []
    rejected_reads: list[RejectedRead] = []
    rejected_rows: list[RejectedRow] = []

    def scripts(self) -> Iterator[str]:
        """The scripts that are named."""
        for plant in [*self.blank, *self.unpriced, *self.before, *self.after, *self.never]:
            yield plant.script
        for lost in self.lost:
            yield from (lost.script, lost.combined)
        yield from (rejected.script for rejected in self.rejected_reads)


def changes_of(row: Row) -> list[str]:
    """SQL for the values of a row, each as its column."""
    return [f"{value_of(value)} as {column}" for column, value in row.items()]


def make_planted(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the tables `planted_unbilled` and `rejected_read`, of a read, place and what."""
    connection.execute(
        "create table planted_unbilled (agreement_id varchar, billing_month varchar,"
        " reason varchar)"
    )
    connection.execute(
        "create table rejected_read as select *, 0 as place, '' as what from script_read limit 0"
    )


def plant_unbilled(connection: duckdb.DuckDBPyConnection, planted: Planted, months: int) -> None:
    """Changes, adds and removes reads so that they cannot be billed."""
    for blank in planted.blank:
        which = _which(blank.script, blank.month)
        connection.execute(f"update script_read set {blank.column} = null where {which}")
        _note(connection, which, blank.reason)
    for unpriced in planted.unpriced:
        which = (
            f"name = {literal(unpriced.script)} and month_no = (select min(month_no)"
            " from script_read where not is_excess_priced)"
        )
        excess = f"kwh_received = kwh + {unpriced.kwh}"
        connection.execute(f"update script_read set {excess} where {which}")
        _note(connection, which, unpriced.reason)
    for never in planted.never:
        _note(connection, f"name = {literal(never.script)}", never.reason)
    added_reads: list[Before | After] = [*planted.before, *planted.after]
    for added in added_reads:
        if added.month + 1 < months:
            _add(connection, added)
    for lost in planted.lost:
        month = f"ends_with(billing_month, '-{lost.month_of_year:02}')"
        connection.execute(
            f"delete from script_read where name = {literal(lost.script)} and {month}"
        )
        _note(connection, f"name = {literal(lost.combined)} and {month}", lost.reason)


def plant_rejected(connection: duckdb.DuckDBPyConnection, planted: Planted) -> None:
    """Moves reads to those that cannot be loaded."""
    for rejected in planted.rejected_reads:
        which = _which(rejected.script, rejected.month)
        for row in rejected.rows:
            connection.execute(
                "insert into rejected_read by name select"
                " (select coalesce(max(place), 0) + 1 from rejected_read) as place,"
                f" {literal(rejected.what)} as what, {READ_COLUMNS}, name, month_no from"
                f" (select * {rejected.changes(row)} from script_read where {which})"
            )
        if not rejected.beside:
            connection.execute(f"delete from script_read where {which}")


def _which(script: str, month: int) -> str:
    """SQL for which read is a script's of a month."""
    return f"name = {literal(script)} and month_no = {month}"


def _add(connection: duckdb.DuckDBPyConnection, added: Before | After) -> None:
    """Adds a read where there should be none: a copy of another month's, with changes."""
    later = 1 if isinstance(added, After) else -1
    if isinstance(added, After):
        period = f"read_to as read_from, read_to + {added.days} as read_to"
    else:
        period = (
            f"date '{added.read_from}' as read_from,"
            f" least(read_from, date '{added.read_to}') as read_to"
        )
    copy = (
        f"select * replace (month_no + {later} as month_no, strftime(cast(billing_month || '-01'"
        f" as date) + to_months({later}), '%Y-%m') as billing_month, {period})"
        f" from script_read where {_which(added.script, added.month)}"
    )
    _note(connection, "true", added.reason, f"({copy})")
    connection.execute(f"insert into script_read {copy}")


def _note(
    connection: duckdb.DuckDBPyConnection, which: str, reason: str, reads: str = "script_read"
) -> None:
    """Notes scripted reads as planted."""
    connection.execute(
        f"insert into planted_unbilled select agreement_id, billing_month, {literal(reason)}"
        f" from {reads} where {which}"
    )
