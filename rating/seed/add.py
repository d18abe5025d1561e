"""Books added to the tariffs that a database holds, in place of what it had of the same books."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, func, insert, select, update
from sqlalchemy.sql.elements import ColumnElement

from models import tariff
from models.base import Base
from rating.errors import RatebookError
from rating.seed.load import numbers, parts_of_versions, table_of, tariff_tables
from rating.seed.made import Row
from rating.seed.read import Book
from rating.seed.rows import tariff_rows


def add_tariffs(connection: Connection, books: Sequence[Book]) -> None:
    """Add the versions of books, after what cites the same source documents is taken out.

    Utilities that are there stay as they are. Raises `RatebookError` where a schedule has versions
    besides those, be it one of the books or one that the versions taken out were of.
    """
    documents = [one.document for book in books for one in book.utility.documents]
    last_ids = _last_ids(connection)  # a number is not given again
    shortened = _take_out(connection, documents)
    _require_free(connection, books, shortened)
    rows = tariff_rows(books, last_ids)
    known = _known(connection, tariff.Utility, "utility")
    operands = _known(connection, tariff.AgreementDeterminant, "utility", "operand")
    left: Mapping[type[Base], list[Row]] = {
        **rows,
        tariff.Utility: [row for row in rows[tariff.Utility] if (row["utility"],) not in known],
        tariff.AgreementDeterminant: [
            row
            for row in rows.get(tariff.AgreementDeterminant, [])
            if (row["utility"], row["operand"]) not in operands
        ],
    }
    of_table = {table_of(model): found for model, found in left.items()}
    for table in tariff_tables():
        if of_table.get(table):
            connection.execute(insert(table), of_table[table])


def set_time_zone(connection: Connection, books: Sequence[Book], time_zone: str) -> None:
    """Let the utilities of books have a time zone, whatever they had."""
    table = table_of(tariff.Utility)
    of_books = table.c.utility.in_([book.utility.utility for book in books])
    connection.execute(update(table).where(of_books).values(time_zone=time_zone))


def _take_out(connection: Connection, documents: Sequence[str]) -> set[int]:
    """Delete the versions that cite source documents, and all that hangs on them.

    Returns the ids of the schedules they were of.
    """
    version, sheet = table_of(tariff.Version), table_of(tariff.Sheet)
    schedule = table_of(tariff.Schedule)
    cited = select(sheet.c.sheet_id).where(sheet.c.document.in_(documents))
    found = connection.execute(
        select(version.c.version_id, version.c.schedule_id).where(version.c.sheet_id.in_(cited))
    ).all()
    schedules = {row.schedule_id for row in found}
    if not found:
        return schedules
    clauses = _clauses(version.c.version_id.in_([row.version_id for row in found]))
    for table in reversed(tariff_tables()):
        if table in clauses:
            connection.execute(delete(table).where(clauses[table]))
    emptied = and_(
        schedule.c.schedule_id.in_(schedules),
        schedule.c.schedule_id.not_in(select(version.c.schedule_id)),
    )
    connection.execute(delete(schedule).where(emptied))
    connection.execute(delete(sheet).where(sheet.c.document.in_(documents)))
    books = table_of(tariff.SourceDocument)
    connection.execute(delete(books).where(books.c.document.in_(documents)))
    return schedules


def _clauses(of_versions: ColumnElement[bool]) -> dict[Table, ColumnElement[bool]]:
    """Which rows of each table hang on certain versions."""
    clauses: dict[Table, ColumnElement[bool]] = {table_of(tariff.Version): of_versions}
    for column, owner in parts_of_versions():
        clauses[column.table] = column.in_(select(owner).where(clauses[owner.table]))
    return clauses


def _require_free(connection: Connection, books: Sequence[Book], shortened: set[int]) -> None:
    """Refuse to add or shorten a schedule that has versions of other documents."""
    added = {(seed.utility, seed.schedule) for book in books for seed in book.schedules}
    wrong = [
        f"{utility} {schedule} has versions in the database that are not in this import;"
        " import all of them together"
        for number, utility, schedule in sorted(
            _known(connection, tariff.Schedule, "schedule_id", "utility", "schedule")
        )
        if number in shortened or (utility, schedule) in added
    ]
    if wrong:
        raise RatebookError(*wrong)


def _known(connection: Connection, model: type[Base], *names: str) -> set[tuple[Any, ...]]:
    """The values of some columns that a table holds."""
    table = table_of(model)
    return {tuple(row) for row in connection.execute(select(*(table.c[name] for name in names)))}


def _last_ids(connection: Connection) -> dict[type[Base], int]:
    """The highest id of each table that numbers its rows."""
    return {
        model: connection.execute(select(func.max(column))).scalar() or 0
        for model, column in numbers().items()
    }
