"""How fast a year of 15-minute intervals becomes determinants: `make bench-intervals`.

The baseline is one DuckDB query over the same Parquet file, in the same run: count, sum and
maximum by agreement and local month. Ours is the time of the models that make determinants of
what is loaded, gap and overlap checks included; `with loading` adds the load of the file, with its
checks for duplicates and bad rows. Run it with --schedule for another sheet: one whose demand
interval is longer than the intervals adds them up to blocks first.
"""

import argparse
import json
import os
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
from helpers import (
    agreement,
    fuel_costs,
    make_database,
    months,
    purchased_power_costs,
    read,
    write_portfolio,
)

from rating.portfolio.load import load_folder
from rating.run.run import RunReport, rate
from rating.store.limits import MEMORY_LIMIT

METERS, YEAR, INTERVALS = 1_000, 2025, 35_040
LABELS = months(f"{YEAR}-01", 12)
ZONE = "America/Chicago"
# A kWh of 0 to 2,000 with two decimals that looks like noise, for any meter and interval.
PARQUET = f"""
    copy (
        select 'M' || lpad(cast(meter as varchar), 7, '0') as agreement_id,
            timestamptz '{YEAR}-01-01 06:00:00+00' + i * interval 15 minute as interval_start,
            15 as interval_minutes,
            cast(hash(meter * 100000 + i) % 200000 as double) / 100 as kwh
        from range({{meters}}) as meters(meter), range({INTERVALS}) as intervals(i)
    ) to '{{file}}' (format parquet)
"""
BASELINE = f"""
    select agreement_id, date_trunc('month', interval_start at time zone '{ZONE}') as month,
        count(*) as intervals, sum(kwh) as kwh, max(kwh) as peak_kwh
    from '{{file}}' group by all
"""


def measure(schedule: str, meters: int) -> dict[str, Any]:
    """Seconds, ratios and memory (MB) of a year of so many meters under one schedule."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = _write(folder / "portfolio", schedule, meters)
        url = make_database(folder)
        baseline = _baseline(file)
        started = time.perf_counter()
        loaded = load_folder(url, folder / "portfolio").files[-1]
        load = time.perf_counter() - started
        report = rate(url)
        if report.status != "published" or report.bills != meters * 12 or loaded.rows_rejected:
            raise SystemExit(f"{report.message} {report.bills} bills, {loaded}")
        again = _baseline(file)
    models = _models(report)
    ours, baseline = sum(models.values()), min(baseline, again)
    return {
        "schedule": schedule,
        "intervals": loaded.rows_loaded,
        "baseline, s": round(baseline, 2),
        "determinants, s": round(ours, 2),
        "ratio": round(ours / baseline, 2),
        "load, s": round(load, 2),
        "ratio with loading": round((ours + load) / baseline, 2),
        "peak memory, MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "models": models,
    }


def _write(folder: Path, schedule: str, meters: int) -> Path:
    """Writes the portfolio; returns its Parquet file of intervals."""
    names = [f"M{meter:07d}" for meter in range(meters)]
    utility = "ilpt-ia" if schedule in ("LP", "IP") else "ipl-mo"
    terms = {"utility": utility, "start_date": f"{YEAR}-01-01", "voltage": "primary",
             "phase": "three"}  # fmt: skip
    write_portfolio(
        folder,
        {
            "service_agreements": [agreement(name, schedule, **terms) for name in names],
            "meter_reads": [{**read(name, label), "kwh": ""} for name in names for label in LABELS],
            "rider_cost_inputs": [*purchased_power_costs(*LABELS), *fuel_costs(*LABELS)],
        },
    )
    file = folder / "interval_reads.parquet"
    with duckdb.connect() as connection:
        connection.execute(PARQUET.format(meters=meters, file=file))
    return file


def _baseline(file: Path) -> float:
    """Seconds of the baseline query, its rows fetched."""
    with duckdb.connect() as connection:
        connection.execute("set memory_limit = ?", [os.environ.get(MEMORY_LIMIT, "4GB")])
        started = time.perf_counter()
        rows = connection.execute(BASELINE.format(file=file)).fetchall()
        seconds = time.perf_counter() - started
    assert len(rows) % 12 == 0
    return seconds


def _models(report: RunReport) -> dict[str, float]:
    """Seconds of the models of intervals, their tests included."""
    return {node.name: round(node.seconds, 3) for node in report.nodes if "interval" in node.name}


def main() -> None:
    """Measure one schedule and print baseline, ours and ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schedule", default="LP")
    parser.add_argument("--meters", type=int, default=METERS)
    arguments = parser.parse_args()
    result = measure(arguments.schedule, arguments.meters)
    for key, value in result.items():
        if key != "models":
            print(f"{key:24}{value:>16,}" if not isinstance(value, str) else f"{key:24}{value:>16}")
    for name, seconds in sorted(result["models"].items(), key=lambda item: -item[1])[:8]:
        print(f"  {name:44}{seconds:8.2f} s")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
