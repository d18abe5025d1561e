"""Loads a portfolio folder: what can be used is loaded, what cannot lies in `rejected_row`.

The files are read first; everything that changes the database is then one transaction.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb
from sqlalchemy.engine import URL

from rating.errors import RatebookError
from rating.portfolio.bounds import agreement_numbers
from rating.portfolio.checks import add_problems, stage
from rating.portfolio.clean_days import put_clean_days
from rating.portfolio.files import SourceFile, read_folder, read_rest
from rating.portfolio.interval_duplicates import (
    forget_duplicates,
    keep_duplicates,
    remember_duplicates,
)
from rating.portfolio.merge import empty_portfolio, merge
from rating.portfolio.overlaps import OVERLAPS_IN_FILE, OVERLAPS_WITH_LOADED, overlapping_reads
from rating.portfolio.registers import registers_apart
from rating.portfolio.relations import INTERVAL_READS, Relation
from rating.portfolio.values import MACROS
from rating.store.database import open_duckdb, require_tables, transaction
from rating.store.postgres import told
from rating.store.quoting import literal
from rating.store.writing import writing


@dataclass(frozen=True)
class FileReport:
    """What became of the rows of one file; rows_read = rows_loaded + rows_rejected."""

    file: str
    rows_read: int
    rows_loaded: int
    rows_rejected: int
    rows_replaced: int


@dataclass(frozen=True)
class LoadReport:
    """What became of a folder: its files in the order of the contract, and what to know."""

    load_id: int
    files: list[FileReport]
    notes: list[str]

    @property
    def rows_rejected(self) -> int:
        """The rejected rows of all files."""
        return sum(file.rows_rejected for file in self.files)


def load_folder(url: URL, folder: Path, *, replace: bool = False) -> LoadReport:
    """Loads a portfolio folder into the database of `url`; `replace` empties it first.

    Raises `RatebookError` with a sentence for everything that is wrong with the folder; what was
    loaded before is then as it was.
    """
    with writing(url, "load") as target, open_duckdb(target, read_only=False) as connection:
        require_tables(connection)
        sources, notes = read_folder(connection, folder)
        try:
            connection.execute(MACROS)
            with transaction(connection):
                return _load(connection, folder, sources, notes, replace)
        except duckdb.Error as error:
            raise RatebookError(f"{folder} could not be loaded: {told(error)}") from None


def _load(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    sources: list[SourceFile],
    notes: list[str],
    replace: bool,
) -> LoadReport:
    """Checks and merges files that are read already, agreements first."""
    (load_id,) = _row(connection, "select coalesce(max(load_id), 0) + 1 from portfolio.load")
    connection.execute(
        "insert into portfolio.load (load_id, loaded_at, folder, is_replacing)"
        " values (?, current_timestamp, ?, ?)",
        [load_id, str(folder.absolute()), replace],
    )
    if _row(connection, "select count(*) from tariff.utility") == (0,):
        raise RatebookError("the database has no tariffs; run `ratebook init` first")
    if replace:
        emptied = empty_portfolio(connection, load_id)
        notes = [*notes, f"the portfolio was emptied first: {emptied} rows"]
    files = []
    for source in sources:
        if source.relation.name == INTERVAL_READS:
            remember_duplicates(connection)
        rows_put = _put_directly(connection, source) if source.still_in_file else 0
        notes = notes + stage(connection, source)
        _check_against_others(connection, source.relation)
        rows_replaced = merge(connection, source, load_id)
        files.append(_finish(connection, source, load_id, rows_replaced, rows_put))
    notes = notes + registers_apart(connection) + overlapping_reads(connection)
    return LoadReport(load_id, files, notes)


def _put_directly(connection: duckdb.DuckDBPyConnection, source: SourceFile) -> int:
    """Loads what needs no second look, and reads the rest; returns how many rows were loaded."""
    direct = put_clean_days(connection, source)
    forget_duplicates(connection)
    read_rest(connection, source, direct.rest)
    return direct.rows


def _row(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[int, ...]:
    """The one row of counts that a query gives."""
    row = connection.execute(sql).fetchone()
    return tuple(int(value) for value in row or ())


def _check_against_others(connection: duckdb.DuckDBPyConnection, relation: Relation) -> None:
    """Rejects rows for what other rows, files and tables say."""
    if "utility" in relation.names:
        add_problems(connection, relation, _unknown_utilities(relation))
    if relation.is_of_agreement:
        add_problems(connection, relation, _unknown_agreements(relation))
    if relation.name == "service_agreements":
        add_problems(connection, relation, agreement_numbers())
        add_problems(connection, relation, OVERLAPS_IN_FILE)
        add_problems(connection, relation, OVERLAPS_WITH_LOADED)
    if relation.name == INTERVAL_READS:
        keep_duplicates(connection)


def _unknown_utilities(relation: Relation) -> str:
    """Rows whose utility no tariff has."""
    return (
        "select row_no, 'utility ''' || shown(utility) || ''' is unknown: write one of '"
        " || (select string_agg(utility, ', ' order by utility) from tariff.utility) as reason"
        f" from staged_{relation.name}"
        " where utility is not null and utility not in (select utility from tariff.utility)"
    )


def _unknown_agreements(relation: Relation) -> str:
    """Rows whose agreement is neither loaded nor, by now, merged from this folder."""
    return (
        "select row_no, 'agreement_id ''' || shown(agreement_id) || ''' is unknown'"
        " || case when agreement_id in (select agreement_id from staged_service_agreements)"
        " then ', for its rows in service_agreements were rejected: correct those'"
        " else ': add it to service_agreements' end as reason"
        f" from staged_{relation.name} where agreement_id is not null"
        " and agreement_id not in (select agreement_id from portfolio.service_agreement)"
    )


def _finish(
    connection: duckdb.DuckDBPyConnection,
    source: SourceFile,
    load_id: int,
    rows_replaced: int,
    rows_put: int,
) -> FileReport:
    """Records the rejected rows and the counts of a file."""
    name = source.relation.name
    place = "file, number" if source.is_folder else f"{literal(source.path.name)}, row_no"
    connection.execute(
        "insert into rating.rejected_row (load_id, file, source_row_number, reason, row_data)"
        f" select {load_id}, {place}, problem, {_row_data(source)}"
        f" from staged_{name} join {source.table} using (row_no) where problem is not null"
        " order by row_no"
    )
    rows_staged, rows_rejected = _row(
        connection, f"select count(*), count(problem) from staged_{name}"
    )
    rows_read = rows_staged + rows_put
    connection.execute(
        "insert into portfolio.load_file (load_id, file, rows_read, rows_loaded, rows_rejected)"
        " values (?, ?, ?, ?, ?)",
        [load_id, source.path.name, rows_read, rows_read - rows_rejected, rows_rejected],
    )
    return FileReport(
        source.path.name, rows_read, rows_read - rows_rejected, rows_rejected, rows_replaced
    )


def _row_data(source: SourceFile) -> str:
    """SQL for a row as JSON, as it was read; fields beyond the header are a list named ''."""
    pairs = ", ".join(f"{literal(name)}, c{i}" for i, name in enumerate(source.header))
    if not source.extra_fields:
        return f"json_object({pairs})"
    extra = ", ".join(f"x{i}" for i in range(source.extra_fields))
    return (
        f"case when x0 is null then json_object({pairs}) else"
        f" json_object({pairs}, '', list_filter([{extra}], lambda x: x is not null)) end"
    )
