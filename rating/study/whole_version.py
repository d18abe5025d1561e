"""A whole version that a scenario gives, put in the place of those from its day on."""

from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
from sqlalchemy import CheckConstraint, Table

from models import tariff
from models.base import Base
from rating.portfolio.looked_at import quantities_named
from rating.seed.check import check_version
from rating.seed.format import DocumentSeed, ScheduleSeed, UtilitySeed, VersionSeed
from rating.seed.holidays import HolidaysSeed
from rating.seed.load import numbers, table_of, tariff_tables
from rating.seed.made import Row
from rating.seed.read import Book
from rating.seed.rows import tariff_rows
from rating.seed.shared import RATES, check_kind
from rating.study.prices import prices_of
from rating.study.versions import remove_versions

DOCUMENT = "scenario"
# What is there already, and what no version has.
KEPT = (tariff.Utility, tariff.Schedule, tariff.AgreementDeterminant, tariff.Holiday)
# Components whose prices a customer pays, and is never paid.
CHARGED = ("customer", "energy", "demand", "facilities", "minimum")
REFERENCES = ("schedule_id", "rider_schedule_id")


def replace_versions(
    connection: duckdb.DuckDBPyConnection, schedule_id: int, version: VersionSeed
) -> list[str]:
    """Put a version in the place of those of its schedule from its day on.

    Returns a phrase for everything that is wrong with it; the tariffs are then of no use.
    """
    seed, others = _schedules(connection, schedule_id, version)
    utility = _utility(connection, seed.utility)
    problems = [
        *_check_as(seed.kind, version, utility, connection),
        *_unknown_schedules(version, {seed.schedule, *(one.schedule for one in others)}),
        *_unknown_documents(connection, version),
    ]
    if not problems:
        day = {"schedule": schedule_id, "day": version.effective_from}
        remove_versions(
            connection, "schedule_id = $schedule and effective_from >= cast($day as date)", day
        )
        connection.execute(
            "update tariff.version set effective_to = $day where schedule_id = $schedule"
            " and coalesce(effective_to, date 'infinity') > $day",
            day,
        )
        _insert(connection, Book(utility, [seed, *others]))
        problems = [*_broken_rules(connection), *_negative_prices(connection, day)]
    return problems


def _check_as(
    kind: str, version: VersionSeed, utility: UtilitySeed, connection: duckdb.DuckDBPyConnection
) -> Iterator[str]:
    """One phrase per thing that is wrong with a version of a schedule of such a kind."""
    yield from check_kind(version, kind)
    if kind in RATES:
        if version.status != "incomplete" and not version.charges:
            yield "has no charges, so that every bill would be 0; add them"
        yield from check_version(version, utility, set(), set())
    else:
        shared = {*utility.read_determinants}
        yield from check_version(version, utility, shared, _seasons(connection))


def _broken_rules(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """A phrase for every rule of the tables that a row breaks: in memory the tables have none."""
    for table in tariff_tables():
        for rule in table.constraints:
            if isinstance(rule, CheckConstraint):
                broken = f"select 1 from {table.fullname} where not ({rule.sqltext}) limit 1"
                if connection.execute(broken).fetchone():
                    yield f"breaks a rule of {table.fullname}: {rule.sqltext}"


def _negative_prices(connection: duckdb.DuckDBPyConnection, day: dict[str, Any]) -> list[str]:
    """A phrase for every price below nothing; only discounts, credits and riders may have one."""
    found = connection.execute(
        "select version_id from tariff.version"
        " where schedule_id = $schedule and effective_from = $day",
        day,
    ).fetchall()
    return [
        f"has a negative price of {price.words} ({price.value.normalize():f}); give 0 or more"
        for price in prices_of(connection, [version_id for (version_id,) in found])
        if price.value < 0 and price.component in CHARGED
    ]


def _schedules(
    connection: duckdb.DuckDBPyConnection, schedule_id: int, version: VersionSeed
) -> tuple[ScheduleSeed, list[ScheduleSeed]]:
    """The schedule with its one version, and the utility's others without any."""
    rows = connection.execute(
        "select schedule_id, utility, schedule, title, kind from tariff.schedule"
        " where utility = (select utility from tariff.schedule where schedule_id = $1)",
        [schedule_id],
    ).fetchall()
    seeds = {
        number: ScheduleSeed.model_construct(
            utility=utility, schedule=schedule, title=title, kind=kind, document=DOCUMENT,
            versions=[version] if number == schedule_id else [], notes=[], acknowledged=[],
        )
        for number, utility, schedule, title, kind in rows
    }  # fmt: skip
    return seeds.pop(schedule_id), list(seeds.values())


def _utility(connection: duckdb.DuckDBPyConnection, utility: str) -> UtilitySeed:
    """The utility as its rows say; what any tariff looks at counts as what reads may carry."""
    ((name, time_zone),) = connection.execute(
        "select name, time_zone from tariff.utility where utility = ?", [utility]
    ).fetchall()
    further = connection.execute("select distinct determinant from portfolio.meter_read_quantity")
    known = quantities_named(connection).union(*further.fetchall())
    holidays = connection.execute(
        "select distinct holiday from tariff.holiday where utility = ?", [utility]
    ).fetchall()
    return UtilitySeed.model_construct(
        utility=utility, name=name, state=None, time_zone=time_zone,
        read_determinants=sorted(known), agreement_determinants=[],
        holidays=HolidaysSeed.model_construct(dates={one: [] for (one,) in holidays}),
        documents=[DocumentSeed(document=DOCUMENT, title="Scenario")],
    )  # fmt: skip


def _seasons(connection: duckdb.DuckDBPyConnection) -> set[str]:
    found = connection.execute("select distinct season from tariff.season_month").fetchall()
    return {season for (season,) in found}


def _unknown_schedules(version: VersionSeed, known: set[str]) -> Sequence[str]:
    named = {one for charge in version.charges if charge.of for one in charge.of.schedules}
    return [f"looks at the unknown schedule {one}; check its name" for one in sorted(named - known)]


def _unknown_documents(
    connection: duckdb.DuckDBPyConnection, version: VersionSeed
) -> Sequence[str]:
    found = connection.execute("select document from tariff.source_document").fetchall()
    if version.document is None or (version.document,) in found:
        return []
    return [f"cites the unknown book {version.document}; leave document out"]


def _insert(connection: duckdb.DuckDBPyConnection, book: Book) -> None:
    """Insert a book's one version, numbered on from what is there."""
    rows = tariff_rows([book], _last_ids(connection))
    names = connection.execute("select schedule, utility, schedule_id from tariff.schedule")
    ids = {(utility, schedule): number for schedule, utility, number in names.fetchall()}
    there = {
        row["schedule_id"]: ids[row["utility"], row["schedule"]] for row in rows[tariff.Schedule]
    }
    by_table = {table_of(model): found for model, found in rows.items() if model not in KEPT}
    for table in tariff_tables():
        for row in by_table.get(table, []):
            values = {
                name: there.get(value) if name in REFERENCES else value
                for name, value in row.items()
            }
            _insert_row(connection, table, values)


def _insert_row(connection: duckdb.DuckDBPyConnection, table: Table, values: Row) -> None:
    """Insert a row that is not there already, as the document of another version may be."""
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    key = ", ".join(table.primary_key.columns.keys())
    connection.execute(
        f"insert into {table.fullname} ({names}) select * from (values ({marks})) as new ({names})"
        f" anti join {table.fullname} using ({key})",
        list(values.values()),
    )


def _last_ids(connection: duckdb.DuckDBPyConnection) -> dict[type[Base], int]:
    """The highest id of each table that numbers its rows."""
    found: dict[type[Base], int] = {}
    for model, column in numbers().items():
        ((found[model],),) = connection.execute(
            f"select coalesce(max({column.name}), 0) from {column.table.fullname}"
        ).fetchall()
    return found
