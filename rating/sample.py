"""Writes a portfolio folder of invented customers, for tests, demonstrations and measurements.

A crowd with the class mix, seasons, load factors and changes of a municipal utility, and scripted
agreements that reach every step, ratchet, floor and minimum of every schedule. A few reads that
cannot be billed and rows that cannot be loaded are planted; the report and `planted.json` list
them. Missouri's months begin with `first_month`, Iowa's with January 2025, for the rates of the
two utilities that are at hand hold at different times.
"""

import datetime
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from rating.database import first_line
from rating.errors import RatebookError
from rating.portfolio_files import ENDINGS
from rating.portfolio_relations import RELATIONS, literal
from rating.sample_agreements import make_agreements
from rating.sample_files import write_files
from rating.sample_iowa import IOWA_SCRIPTS
from rating.sample_plants import plant_rejected, plant_unbilled
from rating.sample_profiles import IOWA, MISSOURI, profiles
from rating.sample_reads import make_script_reads
from rating.sample_scripts import MISSOURI_SCRIPTS, scripts
from rating.sample_tables import make_calendar, make_profiles, make_scripts

# From here 24 months reach CSP-1, both seasons that NM-1 prices, and EDR-5's fifth year.
FIRST_MONTH = datetime.date(2016, 11, 1)
# The metered schedules of Missouri rate from and to these billing months.
EARLIEST_MONTH, LATEST_MONTH = datetime.date(2014, 12, 1), datetime.date(2023, 9, 1)
LEAST_AGREEMENTS = 250
IOWA_PERCENT = 5
PLANTED_FILE = "planted.json"
MEMORY_LIMIT = "1GB"


@dataclass(frozen=True)
class SampleReport:
    """What was written.

    `rows` counts each file's, planted ones included. `planted_unbilled` are agreement, billing
    month (YYYY-MM) and reason; `planted_rejected` file, number of the row from 1 and what is
    wrong. Beside the planted ones only `combined_reads`, reason `combined`, have no bill.
    """

    agreements: int
    rows: Mapping[str, int]
    combined_reads: int
    planted_unbilled: Sequence[tuple[str, str, str]]
    planted_rejected: Sequence[tuple[str, int, str]]


def write_sample(
    folder: Path,
    *,
    agreements: int,
    months: int,
    seed: int,
    first_month: datetime.date = FIRST_MONTH,
    parquet: bool = False,
) -> SampleReport:
    """Writes a sample of `agreements` agreements over `months` billing months into a folder.

    The same arguments give the same bytes. An earlier sample in the folder is replaced. Raises
    `RatebookError` where the arguments or the folder cannot be used.
    """
    _check(agreements, months, seed, first_month)
    _prepare(folder)
    try:
        with tempfile.TemporaryDirectory() as work, duckdb.connect() as connection:
            connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
            connection.execute(f"set temp_directory = {literal(work)}")
            _make_tables(connection, agreements, months, seed, first_month)
            rows, rejected = write_files(connection, folder, ENDINGS[parquet])
            report = _report(connection, rows, rejected)
    except (duckdb.Error, OSError) as error:
        raise RatebookError(f"{folder} could not be written: {first_line(error)}") from None
    planted = {"seed": seed, "months": months, "first_month": f"{first_month:%Y-%m}"}
    text = json.dumps(planted | asdict(report), indent=1, sort_keys=True)
    (folder / PLANTED_FILE).write_text(text + "\n", encoding="utf-8")
    return report


def _check(agreements: int, months: int, seed: int, first_month: datetime.date) -> None:
    """Refuses numbers that no sample can be made of."""
    if agreements < LEAST_AGREEMENTS:
        raise RatebookError(
            f"--agreements {agreements} is too few for every schedule to be there;"
            f" give at least {LEAST_AGREEMENTS}"
        )
    last = first_month.year * 12 + first_month.month + months - 1
    latest = LATEST_MONTH.year * 12 + LATEST_MONTH.month
    if months < 1 or first_month.day != 1 or first_month < EARLIEST_MONTH or last > latest:
        raise RatebookError(
            f"{months} months from {first_month} cannot be rated: all schedules hold from"
            f" {EARLIEST_MONTH:%Y-%m} to {LATEST_MONTH:%Y-%m}; give first days and months between"
        )
    if seed < 0:
        raise RatebookError(f"--seed {seed} is negative; give 0 or more")


def _prepare(folder: Path) -> None:
    """Makes the folder, or empties it of an earlier sample."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()) and not (folder / PLANTED_FILE).exists():
            raise RatebookError(f"{folder} holds files that are no sample; name another folder")
        for relation in RELATIONS:
            for ending in ENDINGS:
                (folder / (relation.name + ending)).unlink(missing_ok=True)
    except OSError as error:
        raise RatebookError(f"{folder} cannot be written: {first_line(error)}") from None


def _make_tables(
    connection: duckdb.DuckDBPyConnection,
    agreements: int,
    months: int,
    seed: int,
    first_month: datetime.date,
) -> None:
    """Makes the tables that the files are written from."""
    scripted = {
        MISSOURI: scripts(MISSOURI, MISSOURI_SCRIPTS),
        IOWA: scripts(IOWA, IOWA_SCRIPTS),
    }
    iowa = max(len(scripted[IOWA]), agreements * IOWA_PERCENT // 100)
    crowds = {
        MISSOURI: agreements - iowa - len(scripted[MISSOURI]),
        IOWA: iowa - len(scripted[IOWA]),
    }
    make_calendar(connection, seed, first_month, months)
    make_profiles(connection, profiles(crowds))
    make_scripts(connection, [*scripted[MISSOURI], *scripted[IOWA]])
    make_agreements(connection, seed, months, crowds)
    make_script_reads(connection)
    plant_unbilled(connection, months)
    plant_rejected(connection)


def _report(
    connection: duckdb.DuckDBPyConnection,
    rows: Mapping[str, int],
    rejected: Sequence[tuple[str, int, str]],
) -> SampleReport:
    """The report, with what the tables know."""
    unbilled = connection.execute("select * from planted_unbilled order by all").fetchall()
    (agreements, combined) = connection.execute(
        "select (select count(distinct agreement_id) from terms), (select count(*) from life"
        " inner join month using (utility) where combines and month_no >= 0"
        " and month_of_year between 5 and 9)"
        " + (select count(*) from script_read inner join script using (name, agreement_id)"
        " where partner <> '' and cast(billing_month[6:] as bigint) between 5 and 9)"
        " - (select count(*) from planted_unbilled inner join script using (agreement_id)"
        " where partner <> '')"
    ).fetchall()[0]
    return SampleReport(
        agreements, rows, combined, [(str(a), str(m), str(r)) for a, m, r in unbilled], rejected
    )
