"""From nothing to reconciled bills of a sample portfolio."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL

from rating.database import database_file
from rating.dbt_build import Progress
from rating.portfolio_load import LoadReport, load_folder
from rating.project import SEEDS
from rating.run import RunReport, rate
from rating.setup import initialize

SAMPLE = SEEDS / "sample-portfolio"


@dataclass(frozen=True)
class Demo:
    """What the demonstration did."""

    schedules: int
    load: LoadReport
    run: RunReport


def demo(url: URL, progress: Progress | None = None, portfolio: Path = SAMPLE) -> Demo:
    """Make the database file anew, load the tariffs and the sample portfolio, and rate it."""
    file = database_file(url)
    for left in (file, file.with_name(file.name + ".wal")):
        left.unlink(missing_ok=True)
    schedules = initialize(url)
    loaded = load_folder(url, portfolio, replace=True)
    return Demo(schedules, loaded, rate(url, progress=progress))
