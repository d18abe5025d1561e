"""How a run is shown: its table, its checks, or what made it fail."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy.engine import URL

from rating.cli.log_json import is_on, log
from rating.cli.options import console, errors, print_json, print_whole
from rating.run import run, summary
from rating.run.failing_rows import FailingRows
from rating.run.interval_report import interval_counts, interval_lines
from rating.show.reconcile import failing_table
from rating.show.results import check_table, run_lines, schedule_table
from rating.store.database import open_duckdb


def print_run(url: URL, report: run.RunReport, json: bool) -> None:
    """Print a run: to stderr where it failed."""
    _log(report)
    with open_duckdb(url) as connection:
        schedules = summary.by_schedule(connection)
        unbilled = summary.unbilled_by_reason(connection)
        intervals = interval_counts(connection)
    if json:
        parts = asdict(report)
        parts["nodes"] = [{**asdict(node), "sql": None} for node in report.nodes if node.is_bad]
        found = {"schedules": schedules, "unbilled_by_reason": unbilled, "intervals": intervals}
        print_json({**parts, **found})
        return
    if report.status == "unchanged":
        console.print(run_lines(report), highlight=False)
        return
    if report.status != "published":
        if not is_on():
            _print_failure(report)
        return
    print_whole(schedule_table(schedules))
    for reason, count in unbilled.items():
        console.print(f"unbilled, {reason}: {count:,}", highlight=False)
    for line in interval_lines(intervals):
        console.print(line, highlight=False)
    console.print(run_lines(report), highlight=False)


def _log(report: run.RunReport) -> None:
    """The run as lines of the log: what failed, with its first rows, then what it came to."""
    rows = {one.name: one.rows for one in report.failing}
    for node in report.nodes:
        if node.is_bad:
            log(
                "dbt failed", level="error", run_id=report.run_id, name=node.name,
                message=node.message, rows=rows.get(node.name, []),
            )  # fmt: skip
    log_failed_checks(report.run_id, report.failed_checks, report.failing)
    level = "error" if report.status == "failed" else "info"
    counts = {name: getattr(report, name) for name in ("reads", "bills", "unbilled", "net_amount")}
    log(report.status, level=level, run_id=report.run_id, **counts, message=report.message)


def log_failed_checks(
    run_id: int, failed: Sequence[run.Check], failing: Sequence[FailingRows]
) -> None:
    """Log checks that failed, with the first rows behind each."""
    rows = {one.name: one.rows for one in failing}
    for check in failed:
        log(
            "check failed", level="error", run_id=run_id, name=check.check_name,
            message=check.sentence, rows=rows.get(check.check_name, []),
        )  # fmt: skip


def _print_failure(report: run.RunReport) -> None:
    """What made a run fail, on stderr."""
    for node in report.nodes:
        if node.is_bad:
            errors.print(f"{node.resource_type} {node.name}: {node.message}", markup=False)
    errors.print(run_lines(report))
    if report.failed_checks:
        errors.print(check_table(report.failed_checks))
    for one in report.failing:
        errors.print(failing_table(one))
