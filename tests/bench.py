"""How fast a city's portfolio loads and rates: `make bench`.

Each size runs in a process of its own, so that its peak memory is its own. The floor is what
DuckDB takes, in the same run, to write a copy of the lines' keys, quantities, prices and amounts;
the ratio is the time of all dbt models and of publishing divided by it.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

MIDDLE, MONTHS = 59_000, 12


def measure(agreements: int) -> dict[str, Any]:
    """Seconds, counts, memory (MB) and file size (MB) of one portfolio size."""
    from sqlalchemy import make_url

    from rating.portfolio.load import load_folder
    from rating.run.run import rate
    from rating.sample.portfolio import write_sample
    from rating.setup import initialize

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = make_url(f"duckdb:///{folder / 'bench.duckdb'}")
        seconds: dict[str, float] = {}
        started = time.perf_counter()

        def lap(what: str) -> None:
            nonlocal started
            seconds[what] = round(time.perf_counter() - started, 3)
            started = time.perf_counter()

        write_sample(folder / "portfolio", agreements=agreements, months=MONTHS, seed=1)
        lap("sample")
        initialize(url)
        lap("init")
        load_folder(url, folder / "portfolio")
        lap("load")
        report = rate(url)
        lap("rate")
        if report.status != "published":
            raise SystemExit(report.message)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        models = {n.name: round(n.seconds, 3) for n in report.nodes if n.resource_type == "model"}
        tests = sum(n.seconds for n in report.nodes if n.resource_type == "test")
        size = (folder / "bench.duckdb").stat().st_size / 1e6
        lines, floor = _floor(url)
    rating = sum(models.values()) + report.publish_seconds
    return {
        "agreements": agreements,
        "bills": report.bills,
        "lines": lines,
        "seconds": {
            **seconds,
            "models": round(sum(models.values()), 3),
            "tests": round(tests, 3),
            "publish": round(report.publish_seconds, 3),
            "floor": round(floor, 3),
        },
        "ratio": round(rating / floor, 2),
        "bills_per_second": round(report.bills / seconds["rate"]),
        "lines_per_second": round(lines / seconds["rate"]),
        "microseconds_per_bill": round(1e6 * rating / report.bills, 2),
        "peak_memory_mb": round(peak),
        "file_mb": round(size),
        "models": dict(sorted(models.items(), key=lambda item: -item[1])),
    }


def _floor(url: Any) -> tuple[int, float]:
    """(lines, median seconds of three copies of their narrow columns)."""
    from rating.store.database import open_duckdb

    taken = []
    with open_duckdb(url, read_only=False) as connection:
        for _ in range(3):
            started = time.perf_counter()
            connection.execute(
                "create or replace table floor_copy as select agreement_id, billing_month,"
                " line_no, quantity, price, amount from rating.bill_line_item"
            )
            connection.execute("checkpoint")
            taken.append(time.perf_counter() - started)
        row = connection.execute("select count(*) from floor_copy").fetchone()
    assert row is not None
    return row[0], sorted(taken)[1]


def show(results: list[dict[str, Any]]) -> None:
    """Print the table of the sizes, and where the time of the last one goes."""
    rows = [
        ("agreements × 12 months", "agreements"), ("bills", "bills"), ("lines", "lines"),
        ("bills per second", "bills_per_second"), ("lines per second", "lines_per_second"),
        ("peak memory, MB", "peak_memory_mb"), ("file, MB", "file_mb"),
        ("models and publishing, µs per bill", "microseconds_per_bill"),
        ("ratio to the floor", "ratio"),
    ]  # fmt: skip
    for label, key in rows:
        print(f"{label:36}" + "".join(f"{result[key]:>14,}" for result in results))
    for key in results[0]["seconds"]:
        print(f"{key + ', s':36}" + "".join(f"{one['seconds'][key]:>14.2f}" for one in results))
    for name, seconds in list(results[-1]["models"].items())[:15]:
        print(f"  {name:40}{seconds:8.2f} s")


def main() -> None:
    """Measure a tenth of the city, the city and, with --large, ten cities."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="ten times the city too")
    parser.add_argument("--memory-limit", help="DuckDB's memory limit, such as 1GB")
    parser.add_argument("--output", type=Path, default=Path("bench.json"))
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure(arguments.one)))
        return
    environment = dict(os.environ)
    if arguments.memory_limit:
        environment["RATEBOOK_MEMORY_LIMIT"] = arguments.memory_limit
    results = []
    for agreements in (MIDDLE // 10, MIDDLE, *([MIDDLE * 10] if arguments.large else [])):
        done = subprocess.run(
            [sys.executable, __file__, "--one", str(agreements)],
            env=environment, stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
        results.append(json.loads(done.stdout.splitlines()[-1]))
    show(results)
    arguments.output.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
