"""One bill without a portfolio: an invented read, loaded, rated and explained like any other.

It is loaded into a temporary file and rated in memory, as studies are; the user's database is only
read.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
from sqlalchemy.engine import URL

from models.base import BUILD
from rating.errors import RatebookError
from rating.explain.bill import Explanation, explain
from rating.memory.build import build_bills, failed_checks
from rating.memory.database import inputs_of
from rating.memory.models import EXPLAINED_BILLS
from rating.portfolio.load import load_folder
from rating.run.dbt_build import Progress
from rating.run.run import Check, sentences_of
from rating.store.database import open_duckdb
from rating.trial.advice import unbilled_sentence
from rating.trial.names import attribute_names, find_utility, require_formulas, require_riders
from rating.trial.rows import Files, Trial, trial_files, write_files
from rating.trial.tariffs import give_factors, take_tariffs

# The schedules, riders and clauses of a bill, and whether a charge of it is by a monthly factor.
_BY_FACTOR = f"""
    select schedule, coalesce(bool_or(step.is_factor), false)
    from {BUILD}.int_request__production as request
    inner join {BUILD}.int_recipe__version as used using (recipe_id)
    inner join tariff.version on used.version_id = version.version_id
    inner join tariff.schedule using (schedule_id)
    left join {BUILD}.int_recipe__charge_step as step
        on used.recipe_id = step.recipe_id and used.version_id = step.version_id
    where agreement_id = ? and billing_month = ?
    group by schedule
"""


@dataclass(frozen=True)
class TriedBill:
    """A bill, or the sentence that says why there is none and what to give."""

    explanation: Explanation
    sentence: str | None


@dataclass(frozen=True)
class Tried:
    """What a trial came to: which tariffs in words, and a bill for each kWh or what is wrong."""

    tariffs: str
    failed_checks: Sequence[Check]
    bills: Sequence[TriedBill]

    @property
    def message(self) -> str:
        """What is wrong, in one sentence; blank where nothing is."""
        return sentences_of(self.failed_checks)


def try_bills(
    url: URL, seed_folders: Sequence[Path], trial: Trial, progress: Progress | None = None
) -> Tried:
    """Rate the trial's read, once for each of its kWh; no bills where a check fails.

    The tariffs are those of the database of `url`; with seed folders, or where it does not exist,
    the shipped ones and those of the folders. Raises `RatebookError` for what cannot be read.
    """
    with _own_database() as own:
        tariffs = take_tariffs(own, url, seed_folders)
        with open_duckdb(own, read_only=False) as connection:
            files = _prepare(connection, trial)
        _load(own, files, trial)
        with inputs_of(own) as connection:
            build_bills(connection, (None, None), wanted=EXPLAINED_BILLS, progress=progress)
            failed = failed_checks(connection)
            if failed:
                return Tried(tariffs, failed, [])
            _require_factors_used(connection, trial)
            bills = [_bill(connection, trial, one) for one in trial.agreements]
            return Tried(tariffs, [], bills)


@contextmanager
def _own_database() -> Iterator[URL]:
    """The URL of a database that does not exist yet; nothing of it stays."""
    with tempfile.TemporaryDirectory(prefix="ratebook-try-") as folder:
        yield URL.create("duckdb", database=str(Path(folder) / "ratebook.duckdb"))


def _prepare(connection: duckdb.DuckDBPyConnection, trial: Trial) -> Files:
    """Check the trial's names, give its factors, and return its portfolio."""
    utility = find_utility(connection, trial.schedule, trial.utility)
    require_riders(connection, utility, trial.riders)
    require_formulas(connection, utility, trial.factors, trial.inputs)
    attributes = attribute_names(connection, {*trial.values, *trial.history_names})
    for name in sorted(attributes & trial.history_names):
        raise RatebookError(f"--history: {name} is the agreement's, not a read's; give it by --set")
    give_factors(connection, utility, trial.factors)
    return trial_files(trial, utility, attributes)


def _load(own: URL, files: Files, trial: Trial) -> None:
    """Load the portfolio; raises `RatebookError` with what is wrong with its rows."""
    with tempfile.TemporaryDirectory(prefix="ratebook-try-") as folder:
        write_files(Path(folder), files)
        report = load_folder(own, Path(folder))
    if not report.rows_rejected:
        return
    with open_duckdb(own, read_only=True) as connection:
        rejected = connection.execute(
            "select file, reason, row_data ->> 'billing_month' from rating.rejected_row"
        ).fetchall()
    first = next(one.file for one in report.files if one.rows_rejected)
    month = f"{trial.month:%Y-%m}"
    reasons = [
        reason if of_month in (None, month) else f"history {of_month}: {reason}"
        for file, reason, of_month in rejected
        if file == first
    ]
    raise RatebookError(*dict.fromkeys(reasons))


def _require_factors_used(connection: duckdb.DuckDBPyConnection, trial: Trial) -> None:
    """Raise `RatebookError` for a factor that no sheet of the bill takes in this month."""
    key = [trial.agreements[0], trial.month]
    is_by_factor = dict(connection.execute(_BY_FACTOR, key).fetchall())
    month = f"{trial.month:%Y-%m}"
    given = [("--factor", rider) for rider in trial.factors]
    given += [("--factor-input", row["rider"]) for row in trial.inputs]
    if not is_by_factor:  # no request: the sentence of the unbilled read says why
        return
    for option, rider in given:
        if rider not in is_by_factor:
            raise RatebookError(
                f"a bill of {trial.schedule} in {month} has no {rider}; leave {option} {rider} out"
            )
        if not is_by_factor[rider]:
            raise RatebookError(
                f"no charge of {rider} is priced by a monthly factor in {month};"
                f" leave {option} {rider} out"
            )


def _bill(connection: duckdb.DuckDBPyConnection, trial: Trial, agreement_id: str) -> TriedBill:
    explanation = explain(connection, agreement_id, trial.month, schema=BUILD)
    unbilled = explanation.unbilled
    sentence = unbilled_sentence(connection, trial.schedule, unbilled) if unbilled else None
    return TriedBill(explanation, sentence)
