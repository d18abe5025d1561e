"""Writes a portfolio folder of invented customers, for tests, demonstrations and measurements.

A crowd with the class mix, seasons, load factors and changes of a municipal utility, and scripted
agreements that reach every step, ratchet, floor and minimum of every schedule; a sample of fewer
than `WHOLE` has a part of them. A few reads that cannot be billed and rows that cannot be loaded
are planted; the report and `planted.json` list them. Who is in it stands in seeds/sample. The
months of a utility may begin with `first_month` or always with its own, for the rates at hand hold
at different times.
"""

import datetime
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from rating.errors import RatebookError, first_line
from rating.portfolio.files import ENDINGS
from rating.portfolio.relations import RELATIONS
from rating.sample.agreements import make_agreements
from rating.sample.calendar import make_calendar
from rating.sample.files import write_files
from rating.sample.parts import Facts
from rating.sample.plants import make_planted, plant_rejected, plant_unbilled
from rating.sample.reads import make_script_reads
from rating.sample.seed import SampleSeed, read_sample
from rating.sample.tables import make_profiles, make_riders, make_scripts
from rating.store.limits import limited
from rating.store.quoting import literal

WHOLE = 250
PLANTED_FILE = "planted.json"
LIMITS = "set memory_limit = '1GB'; set temp_directory = {}"


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
    first_month: datetime.date | None = None,
    parquet: bool = False,
) -> SampleReport:
    """Writes a sample of `agreements` agreements over `months` billing months into a folder.

    The same arguments give the same bytes. An earlier sample in the folder is replaced. Raises
    `RatebookError` where the arguments or the folder cannot be used.
    """
    sample = _fitting(read_sample(), agreements)
    first_month = first_month or sample.main.utility.first_month
    _check(sample, agreements, months, seed, first_month)
    _prepare(folder)
    try:
        with tempfile.TemporaryDirectory() as work, limited(duckdb.connect()) as connection:
            connection.execute(LIMITS.format(literal(work)))
            _make_tables(connection, sample, agreements, months, seed, first_month)
            files = write_files(connection, sample.utilities, folder, ENDINGS[parquet])
            report = _report(connection, *files)
    except (duckdb.Error, OSError) as error:
        raise RatebookError(f"{folder} could not be written: {first_line(error)}") from None
    asked = {"seed": seed, "months": months, "first_month": f"{first_month:%Y-%m}"}
    planted = json.dumps(asked | asdict(report), indent=1, sort_keys=True)
    (folder / PLANTED_FILE).write_text(planted + "\n", encoding="utf-8")
    return report


def _fitting(sample: SampleSeed, agreements: int) -> SampleSeed:
    """The sample, with the first scripts alone where there are too few agreements for all."""
    if agreements >= WHOLE:
        return sample
    utilities = []
    for one in sample.utilities:
        many = len(one.scripts) * agreements // WHOLE
        scripts = one.scripts[: many + (one is sample.main)]
        utilities.append(one.model_copy(update={"scripts": scripts}))
    return SampleSeed(sample.shared, utilities)


def _check(
    sample: SampleSeed, agreements: int, months: int, seed: int, first_month: datetime.date
) -> None:
    """Refuses numbers that no sample can be made of."""
    if agreements < 1:
        raise RatebookError(f"--agreements {agreements} is too few; give 1 or more")
    if seed < 0:
        raise RatebookError(f"--seed {seed} is negative; give 0 or more")
    for utility in sample.utilities:
        _check_months(utility.utility, first_month, months)


def _check_months(facts: Facts, first_month: datetime.date, months: int) -> None:
    """Refuses months that not all schedules of a utility hold in."""
    if facts.movable is None:
        return
    earliest, latest = facts.movable.earliest, facts.movable.latest
    last = first_month.year * 12 + first_month.month + months - 1
    is_late = last > latest.year * 12 + latest.month
    if months < 1 or first_month.day != 1 or first_month < earliest or is_late:
        raise RatebookError(
            f"{months} months from {first_month} cannot be rated: all schedules hold from"
            f" {earliest:%Y-%m} to {latest:%Y-%m}; give first days and months between"
        )


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
    sample: SampleSeed,
    agreements: int,
    months: int,
    seed: int,
    first_month: datetime.date,
) -> None:
    """Makes the tables that the files are written from."""
    utilities = sample.utilities
    facts = [one.utility for one in utilities]
    starts = [(one, first_month if one.movable else one.first_month) for one in facts]
    crowds = _crowds(sample, agreements)
    make_calendar(connection, sample.shared.weather, starts, seed, months)
    make_profiles(connection, utilities, sample.shared.shapes, crowds)
    make_riders(connection, utilities)
    make_scripts(connection, utilities)
    make_agreements(connection, seed, months, crowds)
    make_script_reads(connection)
    make_planted(connection)
    for utility in utilities:
        plant_unbilled(connection, utility.planted, months)
        plant_rejected(connection, utility.planted)


def _crowds(sample: SampleSeed, agreements: int) -> dict[str, int]:
    """How many agreements of each utility are not scripted."""
    crowds = {}
    for one in sample.utilities:
        share = agreements * (one.utility.percent or 0) // 100
        crowds[one.code] = max(share - len(one.scripts), 0)
    scripted = sum(len(one.scripts) for one in sample.utilities)
    crowds[sample.main.code] = agreements - scripted - sum(crowds.values())
    return crowds


def _report(
    connection: duckdb.DuckDBPyConnection,
    rows: Mapping[str, int],
    rejected: Sequence[tuple[str, int, str]],
) -> SampleReport:
    """The report, with what the tables know."""
    unbilled = connection.execute("select * from planted_unbilled order by all").fetchall()
    (agreements, combined) = connection.execute(
        "select (select count(distinct agreement_id) from terms), (select count(*) from life"
        " inner join month using (utility) inner join facts using (utility)"
        " where combines and month_no >= 0 and list_contains(combined_months, month_of_year))"
        " + (select count(*) from script_read inner join script using (name, agreement_id)"
        " inner join facts using (utility) where partner <> ''"
        " and list_contains(combined_months, cast(billing_month[6:] as bigint)))"
        " - (select count(*) from planted_unbilled inner join script using (agreement_id)"
        " where partner <> '')"
    ).fetchall()[0]
    return SampleReport(
        agreements, rows, combined, [(str(a), str(m), str(r)) for a, m, r in unbilled], rejected
    )
