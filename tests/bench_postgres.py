"""How fast a city's portfolio loads and rates with PostgreSQL as the store: `make bench-postgres`.

Beside it stands the same portfolio in a DuckDB file of its own, in the same run; the ratio is the
time of DuckDB over PostgreSQL, transfer and publishing included, divided by it. Each step is a
process of its own, so that its peak memory is its own; the server's memory is not in it.
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

from postgres_server import administer, new_database, postgres, query, source
from sqlalchemy import make_url

from rating.portfolio.load import load_folder
from rating.run.run import DUCKDB, POSTGRES, rate
from rating.sample.portfolio import write_sample
from rating.setup import initialize

URL = "RATEBOOK_BENCH_URL"
MIDDLE, MONTHS = 59_000, 12


def step(name: str, folder: Path) -> dict[str, float]:
    """Seconds and peak memory (MB) of one step on the database of the environment."""
    url = make_url(os.environ[URL])
    started = time.perf_counter()
    found: dict[str, float] = {}
    if name == "init":
        initialize(url)
    elif name == "load":
        load_folder(url, folder)
    else:
        report = rate(url, engine=name)
        if report.status != "published":
            raise SystemExit(report.message)
        found = {"bills": report.bills, "publish": round(report.publish_seconds, 2)}
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {**found, "seconds": round(seconds, 2), "peak_memory_mb": round(peak)}


# One agreement's bills, one month of a schedule, where the ratchet binds in a month.
QUESTIONS = (
    "select * from rating.bill where agreement_id = '{agreement_id}'",
    "select * from rating.bill where schedule = '{schedule}' and billing_month = '{billing_month}'",
    "select * from rating.billing_demand"
    " where binding = 'ratchet' and billing_month = '{billing_month}'",
)
SOME = """
    select agreement_id, schedule, billing_month
    from rating.bill inner join rating.billing_demand using (agreement_id, billing_month)
    where binding = 'ratchet' limit 1
"""


def answers(url: Any) -> None:
    """Print how PostgreSQL answers an analyst's usual questions."""
    administer(url, "vacuum analyze rating.bill", "vacuum analyze rating.billing_demand")
    (one,) = query(url, SOME)
    for question in (text.format(**one._mapping) for text in QUESTIONS):
        query(url, question)
        lines = [line for (line,) in query(url, f"explain (analyze, costs off) {question}")]
        print("\n".join([question, *lines]), flush=True)


def apart(name: str, url: Any, folder: Path) -> dict[str, float]:
    """A step in a process of its own; the password stands in its environment only."""
    done = subprocess.run(
        [sys.executable, __file__, "--step", name, "--folder", str(folder)],
        env={**os.environ, URL: url.render_as_string(hide_password=False)},
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    print(f"{name:10}{url.get_backend_name():12}{found}", flush=True)
    return found


def measure(agreements: int, output: Path) -> None:
    """Load and rate on all paths; prints the steps and the ratio, and writes them as JSON."""
    with tempfile.TemporaryDirectory() as name, postgres() as server, new_database(server) as url:
        folder, file = Path(name), make_url(f"duckdb:///{Path(name) / 'bench.duckdb'}")
        write_sample(folder / "portfolio", agreements=agreements, months=MONTHS, seed=1)
        for place in (file, url):
            apart("init", place, folder)
        steps = {
            "load, own file": apart("load", file, folder / "portfolio"),
            "rate, own file": apart(DUCKDB, file, folder),
            "load, PostgreSQL": apart("load", url, folder / "portfolio"),
            "rate, DuckDB over PostgreSQL": apart(DUCKDB, url, folder),
            "rate, in PostgreSQL": apart(POSTGRES, url, folder),
        }
        answers(url)
    over, own = (
        steps[f"rate, {name}"]["seconds"] for name in ("DuckDB over PostgreSQL", "own file")
    )
    print(f"server: {source()}\nratio of DuckDB over PostgreSQL to its own file: {over / own:.2f}")
    output.write_text(json.dumps({"agreements": agreements, **steps}, indent=2) + "\n", "utf-8")


def main() -> None:
    """Measure the city, or another size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agreements", type=int, default=MIDDLE)
    parser.add_argument("--output", type=Path, default=Path("bench-postgres.json"))
    parser.add_argument("--step", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step:
        print(json.dumps(step(arguments.step, arguments.folder)))
    else:
        measure(arguments.agreements, arguments.output)


if __name__ == "__main__":
    main()
