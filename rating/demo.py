"""From nothing to reconciled bills of a sample portfolio."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL

from rating.dbt_build import Progress
from rating.portfolio_load import LoadReport, load_folder
from rating.run import RunReport, rate
from rating.sample import PLANTED_FILE, write_sample
from rating.setup import initialize
from rating.urls import database_file

AGREEMENTS, MONTHS, SEED = 1_000, 24, 1


@dataclass(frozen=True)
class Demo:
    """What the demonstration did."""

    schedules: int
    load: LoadReport
    run: RunReport


def demo(url: URL, progress: Progress | None = None) -> Demo:
    """Make the database file anew, load the tariffs and the sample portfolio, and rate it."""
    file = database_file(url)
    for left in (file, file.with_name(file.name + ".wal")):
        left.unlink(missing_ok=True)
    schedules = initialize(url)
    with tempfile.TemporaryDirectory() as folder:
        portfolio = Path(folder) / "sample"
        write_sample(portfolio, agreements=AGREEMENTS, months=MONTHS, seed=SEED)
        (portfolio / PLANTED_FILE).unlink()
        loaded = load_folder(url, portfolio)
    return Demo(schedules, loaded, rate(url, progress=progress))
