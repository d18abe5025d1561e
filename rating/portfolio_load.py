"""Loads a portfolio folder: what can be used is loaded, what cannot lies in `rejected_row`.

The files are read first; everything that changes the database is then one transaction.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb
from sqlalchemy.engine import URL

from rating.database import open_duckdb, require_tables
from rating.errors import RatebookError
from rating.portfolio_bounds import agreement_numbers
from rating.portfolio_checks import add_problems, stage
from rating.portfolio_files import SourceFile, read_folder
from rating.portfolio_merge import empty_portfolio, merge
from rating.portfolio_relations import Relation, literal
from rating.portfolio_values import MACROS
from rating.postgres import told
from rating.writing import writing


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
            connection.execute("begin")
            report = _load(connection, folder, sources, notes, replace)
            connection.execute("commit")
        except duckdb.Error as error:
            raise RatebookError(f"{folder} could not be loaded: {told(error)}") from None
    return report


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
        notes = notes + stage(connection, source)
        _check_against_others(connection, source.relation)
        rows_replaced = merge(connection, source, load_id)
        files.append(_finish(connection, source, load_id, rows_replaced))
    return LoadReport(load_id, files, notes)


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


# Stretches of one agreement in one file that share a day. One row per key, so that duplicates,
# rejected as such, do not overlap themselves.
OVERLAPS_IN_FILE = """
with stretches as (
    select agreement_id, start_date, max(coalesce(end_date, date 'infinity')) as end_date,
    from staged_service_agreements
    where agreement_id is not null and (end_date > start_date or end_date is null)
        and start_date is not null
    group by agreement_id, start_date
),

neighbours as (
    select agreement_id, start_date, end_date,
        max(struct_pack(end_date := end_date, start_date := start_date)) over earlier as before,
        min(start_date) over later as next_start_date,
    from stretches
    window
        earlier as (
            partition by agreement_id order by start_date
            rows between unbounded preceding and 1 preceding
        ),
        later as (
            partition by agreement_id order by start_date
            rows between 1 following and 1 following
        )
),

collisions as (
    select agreement_id, start_date,
        case
            when before.end_date > start_date then before.start_date
            when next_start_date < end_date then next_start_date
        end as other_start_date,
    from neighbours
)

select staged.row_no,
    'the stretch from ' || start_date || ' overlaps the one from ' || other_start_date
    || ' of the same agreement: end one where the other starts' as reason,
from staged_service_agreements as staged
inner join collisions using (agreement_id, start_date)
where other_start_date is not null and (staged.end_date > start_date or staged.end_date is null)
"""

# Stretches that share a day with a loaded one which no accepted row replaces. Once is enough: a
# correction that is rejected here is longer than the stretch that stays for it (the loaded ones
# are apart), so that what overlaps that one overlapped the correction and is rejected already.
OVERLAPS_WITH_LOADED = """
with staying as (
    select loaded.agreement_id, loaded.start_date, loaded.end_date,
    from portfolio.service_agreement as loaded
    anti join (select * from staged_service_agreements where problem is null) as accepted
        on loaded.agreement_id = accepted.agreement_id
        and loaded.start_date = accepted.start_date
)

select staged.row_no,
    'the stretch from ' || staged.start_date || ' overlaps the loaded one from '
    || min(staying.start_date) || ' of the same agreement: end one where the other starts'
    as reason,
from staged_service_agreements as staged
inner join staying
    on staged.agreement_id = staying.agreement_id
    and staged.start_date < coalesce(staying.end_date, date 'infinity')
    and staying.start_date < coalesce(staged.end_date, date 'infinity')
where staged.problem is null
group by staged.row_no, staged.start_date
"""


def _finish(
    connection: duckdb.DuckDBPyConnection, source: SourceFile, load_id: int, rows_replaced: int
) -> FileReport:
    """Records the rejected rows and the counts of a file."""
    name, file = source.relation.name, literal(source.path.name)
    connection.execute(
        "insert into rating.rejected_row (load_id, file, source_row_number, reason, row_data)"
        f" select {load_id}, {file}, row_no, problem, {_row_data(source)}"
        f" from staged_{name} join {source.table} using (row_no) where problem is not null"
        " order by row_no"
    )
    rows_read, rows_rejected = _row(
        connection, f"select count(*), count(problem) from staged_{name}"
    )
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
