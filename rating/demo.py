"""From nothing to reconciled bills of a sample portfolio."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import URL

from rating.errors import RatebookError
from rating.portfolio.load import LoadReport, load_folder
from rating.run.dbt_build import Progress
from rating.run.run import RunReport, rate
from rating.sample.portfolio import PLANTED_FILE, write_sample
from rating.setup import initialize
from rating.store.postgres import connected
from rating.store.urls import database_name, is_postgres
from rating.store.writing import remove

AGREEMENTS, MONTHS, SEED = 1_000, 24, 1


@dataclass(frozen=True)
class Demo:
    """What the demonstration did."""

    schedules: int
    load: LoadReport
    run: RunReport


def demo(url: URL, progress: Progress | None = None) -> Demo:
    """Make the database file anew, load the tariffs and the sample portfolio, and rate it.

    On PostgreSQL nothing is taken away: raises `RatebookError` where a portfolio was loaded.
    """
    if is_postgres(url):
        _require_no_portfolio(url)
    else:
        remove(url, "demo")
    schedules = initialize(url)
    with tempfile.TemporaryDirectory() as folder:
        portfolio = Path(folder) / "sample"
        write_sample(portfolio, agreements=AGREEMENTS, months=MONTHS, seed=SEED)
        (portfolio / PLANTED_FILE).unlink()
        loaded = load_folder(url, portfolio)
    return Demo(schedules, loaded, rate(url, progress=progress))


def _require_no_portfolio(url: URL) -> None:
    with connected(url) as connection:
        exists = connection.scalar(text("select to_regclass('portfolio.load')"))
        if exists and connection.scalar(text("select count(*) from portfolio.load")):
            raise RatebookError(f"{database_name(url)} holds a portfolio; name an empty database")
