"""What the tests share: portfolios written, loaded and rated, and relations read as dicts."""

import atexit
import calendar
import csv
import datetime
import fcntl
import hashlib
import os
import pickle
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import yaml
from sqlalchemy import make_url
from sqlalchemy.engine import URL

from rating.memory.models import compile_models
from rating.portfolio.load import load_folder
from rating.run.dbt_build import NodeResult
from rating.run.run import RunReport, rate
from rating.setup import initialize
from rating.store.database import open_duckdb
from rating.store.query import Row, query_rows
from rating.store.urls import database_file

Made = TypeVar("Made")
Files = Mapping[str, Sequence[Mapping[str, Any]]]

SHARED = "RATEBOOK_TESTS_SHARE"
GOLDEN = Path(__file__).parent / "golden"
TARIFFS = Path(__file__).parent / "tariffs"


@dataclass(frozen=True)
class Rated:
    """A rated portfolio: its database, the run, and the published relations as dicts."""

    url: URL
    report: RunReport
    bills: list[Row]
    lines: list[Row]
    demands: list[Row]
    unbilled: list[Row]

    def bill(self, agreement_id: str, month: str) -> Row:
        """The one bill of an agreement's billing month (YYYY-MM)."""
        return _only(_of(self.bills, agreement_id, month), agreement_id, month)

    def bill_lines(self, agreement_id: str, month: str) -> list[Row]:
        """The lines of a bill, from its top to its bottom."""
        return sorted(_of(self.lines, agreement_id, month), key=lambda line: line["line_no"])

    def demand(self, agreement_id: str, month: str, name: str = "billing") -> Row:
        """One demand of a bill by its name."""
        found = _of(self.demands, agreement_id, month)
        return _only([row for row in found if row["demand_name"] == name], agreement_id, month)

    def reasons(self) -> dict[tuple[str, str], str]:
        """The reason of every unbilled read, by agreement and month (YYYY-MM)."""
        return {
            (row["agreement_id"], f"{row['billing_month']:%Y-%m}"): row["reason"]
            for row in self.unbilled
        }

    def details(self) -> dict[tuple[str, str], str]:
        """The detail of every unbilled read, likewise."""
        return {
            (row["agreement_id"], f"{row['billing_month']:%Y-%m}"): row["detail"]
            for row in self.unbilled
        }


@dataclass(frozen=True)
class Said:
    """What a command said."""

    code: int
    out: str
    err: str


def _of(rows: Iterable[Row], agreement_id: str, month: str) -> list[Row]:
    first = month_of(month)
    return [
        row for row in rows if row["agreement_id"] == agreement_id and row["billing_month"] == first
    ]


def _only(rows: list[Row], agreement_id: str, month: str) -> Row:
    assert len(rows) == 1, f"{agreement_id} {month} has {len(rows)} rows"
    return rows[0]


def month_of(text: str) -> datetime.date:
    """The first day of a month written YYYY-MM."""
    return datetime.date(int(text[:4]), int(text[5:]), 1)


def database_at(folder: Path, name: str = "ratebook") -> URL:
    """The URL of a DuckDB file in a folder; dbt reads its project once for each name."""
    return make_url(f"duckdb:///{folder / name}.duckdb")


def file_copy(url: URL, folder: Path) -> URL:
    """A copy of a DuckDB file in another folder."""
    other = database_at(folder)
    shutil.copy(database_file(url), database_file(other))
    return other


def make_database(folder: Path, seeds: Sequence[Path] = ()) -> URL:
    """A new database with the shipped tariffs and those of further seed folders.

    Made once, and copied: the tariffs take seconds to read.
    """
    return file_copy(_initialized(*seeds), folder)


@cache
def _initialized(*seeds: Path) -> URL:
    def make(folder: Path) -> URL:
        initialize(database_at(folder), seeds)
        return database_at(folder)

    return made_once(hashlib.sha256(repr(seeds).encode()).hexdigest(), make)


def made_once(name: str, make: Callable[[Path], Made]) -> Made:
    """What the first test process that needs it makes in a folder, and the others find there."""
    folder = _shared() / name
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "made.pickle"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_bytes(pickle.dumps(make(folder)))
        found: Made = pickle.loads(kept.read_bytes())
    return found


@cache
def _shared() -> Path:
    """The folder that test processes share; without tests one of this process alone."""
    if SHARED in os.environ:
        return Path(os.environ[SHARED])
    folder = tempfile.TemporaryDirectory(prefix="ratebook-")
    atexit.register(folder.cleanup)
    return Path(folder.name)


def rated_once(folder: Path, name: str, make: Callable[[Path], Rated]) -> Rated:
    """A portfolio that one of the test processes rates, with a copy of its database in a folder."""
    found = made_once(name, make)
    return replace(found, url=file_copy(found.url, folder))


def yaml_of(file: Path) -> Any:
    """What a YAML file holds, read by the library in C where there is one."""
    return yaml.load(file.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def write_portfolio(folder: Path, files: Files) -> Path:
    """Write a portfolio folder; a column that a row does not have is blank there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in files.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def write_tariffs(folder: Path, utility: str, texts: Mapping[str, str]) -> Path:
    """A folder with a utility's seed files, by their names; returns FOLDER."""
    (folder / utility).mkdir(parents=True)
    for name, text in texts.items():
        (folder / utility / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def rate_portfolio(folder: Path, files: Files, seeds: Sequence[Path] = ()) -> Rated:
    """Load a portfolio into a new database, rate it, and read what was published.

    Nothing may be rejected, and the run must be published.
    """
    url = make_database(folder, seeds)
    loaded = load_folder(url, write_portfolio(folder / "portfolio", files))
    assert loaded.rows_rejected == 0, select(url, "select * from rating.rejected_row")
    return rated(url, rate(url))


def rated(url: URL, report: RunReport) -> Rated:
    """What a run has published."""
    assert report.status == "published", report.message
    return Rated(
        url,
        report,
        bills=select(url, "select * from rating.bill"),
        lines=select(url, "select * from rating.bill_line_item"),
        demands=select(url, "select * from rating.billing_demand"),
        unbilled=select(url, "select * from rating.unbilled_read"),
    )


def select(url: URL, query: str, parameters: Sequence[Any] = ()) -> list[Row]:
    """The rows of a query, in DuckDB's SQL, as dicts; the connection is closed."""
    with open_duckdb(url) as connection:
        return query_rows(connection, query, parameters)


def compiled_with_bills(query: str) -> Callable[..., list[NodeResult]]:
    """A stand-in for `compile_models` whose bills are a query of the real ones, named `{}`."""

    def compiled(*arguments: Any, **options: Any) -> list[NodeResult]:
        return [
            replace(one, sql=query.format(one.sql)) if one.name == "bill" else one
            for one in compile_models(*arguments, **options)
        ]

    return compiled


def execute(url: URL, *statements: str) -> None:
    """Run statements on a database; the connection is closed."""
    with duckdb.connect(str(database_file(url))) as connection:
        for statement in statements:
            connection.execute(statement)


def agreement(agreement_id: str, schedule: str, **values: Any) -> Row:
    """A row of service_agreements; single-phase secondary service in Missouri unless said."""
    return {
        "agreement_id": agreement_id,
        "utility": "ipl-mo",
        "schedule": schedule,
        "start_date": "2012-01-01",
        "voltage": "secondary",
        "phase": "single",
        **values,
    }


def read(agreement_id: str, month: str, **values: Any) -> Row:
    """A row of meter_reads over the calendar month unless read_from or read_to are given."""
    first = month_of(month)
    days = calendar.monthrange(first.year, first.month)[1]
    return {
        "agreement_id": agreement_id,
        "billing_month": month,
        "read_from": first,
        "read_to": first + datetime.timedelta(days=days),
        **values,
    }


def cost_inputs(utility: str, rider: str, month: str, **values: str) -> list[Row]:
    """Rows of rider_cost_inputs for one month."""
    key = {"utility": utility, "rider": rider, "billing_month": month}
    return [{**key, "variable": name, "value": value} for name, value in values.items()]


def fuel_costs(*billing_months: str, fuel_cost: str = "2603756.40") -> list[Row]:
    """Inputs of FA-1; its factor is zero unless another fuel cost is given.

    80,000,000 kWh × 12,765 Btu ÷ 1,000,000 = 1,021,200 million Btu; at $1.847 each that is
    $1,886,156.40, and with the $717,600 of the base rates added $2,603,756.40.
    """
    nothing = "purchased_power_cost off_system_sales_cost reconciliation anticipated_adjustment"
    nothing += " purchased_kwh off_system_sales_kwh"
    return [
        row
        for month in billing_months
        for row in cost_inputs(
            "ipl-mo", "FA-1", month, fuel_cost=fuel_cost, net_generation_kwh="80000000",
            **dict.fromkeys(nothing.split(), "0"),
        )
    ]  # fmt: skip


def purchased_power_costs(*billing_months: str) -> list[Row]:
    """Inputs of the Iowa PPA whose factor is zero: $88,800 ÷ 1,000,000 kWh − 0.0888."""
    return [
        row
        for month in billing_months
        for row in cost_inputs(
            "ilpt-ia", "PPA", month, purchased_power_cost="88800", kwh_sold="1000000"
        )
    ]


def months(first: str, count: int) -> list[str]:
    """Billing months in a row, as YYYY-MM."""
    start = int(first[:4]) * 12 + int(first[5:]) - 1
    return [f"{index // 12}-{index % 12 + 1:02d}" for index in range(start, start + count)]
