"""The command `ratebook reconcile`: the checks of a run, and the bills against billed amounts."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.engine import URL

from rating.cli.log_json import LogFormat, log
from rating.cli.options import (
    Database,
    Json,
    console,
    parse_run,
    print_json,
    print_whole,
    progress_line,
)
from rating.cli.run import log_failed_checks
from rating.errors import RatebookError
from rating.reconcile.billed import CLASSES, BilledReport, has_billed_amounts, reconcile_billed
from rating.run import run
from rating.run.failing_rows import FailingRows, rows_of_checks
from rating.run.interval_report import interval_counts, interval_lines
from rating.show.reconcile import billed_report, failing_table
from rating.show.results import check_table
from rating.store.database import DEFAULT_URL, open_database, open_duckdb
from rating.store.export import require_format_and_folder
from rating.store.urls import parse_url

BILLED_CHECK = "bills_are_as_billed"
RunId = Annotated[
    int | None,
    typer.Argument(
        metavar="[RUN]",
        parser=parse_run,
        help="A run; default: the last run's checks, and all published bills.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(reconcile)


def reconcile(
    run_id: RunId = None,
    database: Database = DEFAULT_URL,
    differences: Annotated[
        Path | None,
        typer.Option(help="Write every bill that differs to a file, .csv or .parquet."),
    ] = None,
    accept: Annotated[
        list[str] | None,
        typer.Option(help="A class of differences that is no failure, such as rounding."),
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Rate no bill again.")] = False,
    json: Json = False,
    log_format: LogFormat = "text",
) -> None:
    """Show the checks of a run, and compare its bills with what the billing system charged."""
    accepted = _accepted(accept or [])
    url = parse_url(database)
    checked, checks, failing, is_billed = _checks(url, run_id)
    billed = _billed(url, run_id, quick, differences, is_billed)
    if json:
        compared = _as_checks(billed, accepted) if billed else []
        print_json([*_with_rows(checks, failing), *compared])
    else:
        _print(url, checks, failing, billed)
    differs = bool(billed and _fails(billed, accepted))
    if _log(checked, checks, failing, billed, differs):
        raise typer.Exit(1)


def _log(
    run_id: int,
    checks: list[run.Check],
    failing: list[FailingRows],
    billed: BilledReport | None,
    differs: bool,
) -> bool:
    """Log what failed and what it came to; returns whether anything failed."""
    failed = [check for check in checks if check.is_bad]
    log_failed_checks(run_id, failed, failing)
    is_bad = differs or bool(failed)
    log(
        "reconciled", level="error" if is_bad else "info", run_id=run_id, checks=len(checks),
        match_rate=billed.match_rate if billed else None,
    )  # fmt: skip
    return is_bad


def _billed(
    url: URL, run_id: int | None, quick: bool, differences: Path | None, is_billed: bool
) -> BilledReport | None:
    """The bills against billed amounts; None where there are none; raises `RatebookError`."""
    if differences:
        require_format_and_folder(differences)
        if not is_billed:
            raise RatebookError("there are no billed amounts; load a billed_amounts file first")
    if not is_billed:
        return None
    with progress_line("reconciling") as progress:
        return reconcile_billed(
            url, run_id=run_id, quick=quick, differences=differences, progress=progress
        )


def _print(
    url: URL, checks: list[run.Check], failing: list[FailingRows], billed: BilledReport | None
) -> None:
    print_whole(check_table(checks))
    for line in _interval_lines(url):
        console.print(line, highlight=False)
    for one in failing:
        print_whole(failing_table(one))
    if billed:
        print_whole(billed_report(billed))


def _interval_lines(url: URL) -> list[str]:
    """What interval reads lack, and where meter reads differ from them."""
    with open_duckdb(url) as connection:
        return list(interval_lines(interval_counts(connection)))


def _accepted(names: list[str]) -> set[str]:
    """The classes that are no failure; raises `RatebookError`."""
    unknown = [name for name in names if name not in CLASSES]
    if unknown:
        raise RatebookError(f"there is no class {unknown[0]}; choose one of {', '.join(CLASSES)}")
    return {"exact", *names}


def _checks(url: URL, run_id: int | None) -> tuple[int, list[run.Check], list[FailingRows], bool]:
    """The run and its checks, the rows behind those that failed, whether amounts were billed."""
    with open_database(url) as connection:
        found = connection.execute(
            "select max(run_id) from rating.reconciliation where ? is null or run_id = ?",
            [run_id, run_id],
        ).fetchone()
        if not found or found[0] is None:
            if run_id:
                raise RatebookError(
                    f"run {run_id} has no reconciliation checks; `ratebook runs` lists the runs"
                )
            raise RatebookError("no run has reconciliation checks; run `ratebook rate` first")
        checks = run.checks_of(connection, found[0])
        has_failed = any(check.is_bad for check in checks)
        failing = rows_of_checks(connection, found[0]) if has_failed else []
        return found[0], checks, failing, has_billed_amounts(connection)


def _fails(billed: BilledReport, accepted: set[str]) -> bool:
    return any(row["class"] not in accepted for row in billed.classes)


def _with_rows(checks: list[run.Check], failing: list[FailingRows]) -> list[dict[str, Any]]:
    """The checks as JSON; one that failed has its first rows."""
    rows = {one.name: one.rows for one in failing}
    return [
        {**asdict(check), "rows": rows.get(check.check_name, []) if check.is_bad else []}
        for check in checks
    ]


def _as_checks(billed: BilledReport, accepted: set[str]) -> list[dict[str, Any]]:
    """The comparison as one more check: all of it, with what it found."""
    return [
        {
            "check_name": BILLED_CHECK,
            "scope": "all",
            "expected": sum(row["billed_amount"] for row in billed.schedules),
            "actual": sum(row["net_amount"] for row in billed.schedules),
            "difference": sum(row["absolute_difference"] for row in billed.schedules),
            "status": "fail" if _fails(billed, accepted) else "pass",
            "rows": billed.largest,
            "match_rate": billed.match_rate,
            **asdict(billed),
        }
    ]
