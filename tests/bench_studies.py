"""What studies of a city cost beside its production run: `make bench-studies`.

The portfolio is rated, compared (every eligible schedule), and proposed for (all energy prices of
its schedules 5 per cent higher) in one process. A comparison's own copy, eligibility and results
count as its time; how many of its bills are published ones, which it does not rate, is said. The
demand: neither costs more for a bill than the run does.
"""

import argparse
import json
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import URL, make_url

from rating.portfolio.load import load_folder
from rating.run.run import rate
from rating.sample.portfolio import write_sample
from rating.setup import initialize
from rating.store.database import open_duckdb
from rating.study.compare import compare
from rating.study.database import count_of
from rating.study.propose import propose
from rating.study.typical import TypicalBills, typical
from rating.study.typical_grid import grid_of

MIDDLE, MONTHS = 59_000, 12


class Clock:
    """Seconds and processor seconds since the last step, and the peak memory (MB) up to it."""

    def __init__(self) -> None:
        self._started, self._used = time.perf_counter(), time.process_time()
        self.steps: dict[str, dict[str, float]] = {}

    def lap(self, name: str, bills: int) -> None:
        """Note a step that has made so many bills, and print it."""
        seconds = time.perf_counter() - self._started
        used = time.process_time() - self._used
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        self.steps[name] = {
            "bills": bills,
            "seconds": round(seconds, 2),
            "microseconds_per_bill": round(1e6 * seconds / max(bills, 1), 1),
            "processor_microseconds_per_bill": round(1e6 * used / max(bills, 1), 1),
            "peak_memory_mb": round(peak),
        }
        print(f"{name:24}{self.steps[name]}", flush=True)
        self.restart()

    def restart(self) -> None:
        """Leave out what has passed since the last step."""
        self._started, self._used = time.perf_counter(), time.process_time()


def scenario_for(url: URL, folder: Path) -> Path:
    """A scenario that raises the energy prices of every schedule with energy lines."""
    with open_duckdb(url) as connection:
        rows = connection.execute(
            "select distinct bill.utility, bill.schedule from rating.bill as bill"
            " inner join rating.bill_line_item as line"
            " on bill.agreement_id = line.agreement_id and bill.schedule = line.schedule_or_rider"
            " and bill.billing_month = line.billing_month"
            " where line.component = 'energy' order by all"
        ).fetchall()
    changes = [
        f"  - {{utility: {utility}, schedule: {schedule}, component: energy, percent: '5'}}\n"
        for utility, schedule in rows
    ]
    file = folder / "scenario.yaml"
    file.write_text("scenario: Dearer energy\nchanges:\n" + "".join(changes), "utf-8")
    return file


def as_published(connection: duckdb.DuckDBPyConnection) -> int:
    """How many bills of a comparison are taken as they are published."""
    ((bills,),) = connection.execute(
        "select count(*) from study.candidate_bill semi join study.as_billed using (candidate_id)"
    ).fetchall()
    return int(bills)


def measure(agreements: int, folder: Path) -> dict[str, Any]:
    """The steps of one portfolio."""
    url = make_url(f"duckdb:///{folder / 'bench.duckdb'}")
    write_sample(folder / "portfolio", agreements=agreements, months=MONTHS, seed=1)
    initialize(url)
    load_folder(url, folder / "portfolio")
    clock = Clock()
    for name in ("run, dbt starting", "run"):
        report = rate(url)
        if report.status != "published":
            raise SystemExit(report.message)
        clock.lap(name, report.bills)
    with compare(url) as connection:
        clock.lap("compare", count_of(connection, "candidate_bill"))
        clock.steps["compare"]["bills_as_published"] = as_published(connection)
    clock.restart()
    with propose(url, scenario_for(url, folder)) as connection:
        clock.lap("propose", count_of(connection, "proposal"))
    for name in ("typical, dbt starting", "typical"):
        clock.restart()
        with typical(url, TypicalBills(grid_of([], [], [], []))) as connection:
            clock.lap(name, count_of(connection, "typical_month"))
    return clock.steps


def main() -> None:
    """Measure the city, or a portfolio of another size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agreements", type=int, default=MIDDLE)
    parser.add_argument("--output", type=Path, help="A JSON file for the figures.")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        steps = measure(arguments.agreements, Path(name))
    for name in ("compare", "propose"):
        whole, used = (
            steps[name][measure] / steps["run"][measure]
            for measure in ("microseconds_per_bill", "processor_microseconds_per_bill")
        )
        print(f"{name}: {whole:.2f} times the run's seconds a bill, {used:.2f} of the processor's")
    print(f"bills of the comparison as published: {steps['compare']['bills_as_published']:,}")
    if arguments.output:
        arguments.output.write_text(json.dumps(steps, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
