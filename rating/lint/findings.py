"""The tariffs' own health: what rules find in the tariff tables, and what readers noted.

A finding that the seed file acknowledges with a reason stays in the list and no longer fails.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from rating.lint import books, eligibility, ranges, rates, registers, slips
from rating.lint.rule import SEVERITIES
from rating.seed.utilities import require_utility

RULES = books.RULES | eligibility.RULES | ranges.RULES | rates.RULES | registers.RULES | slips.RULES
NOTE, IDLE = "reader_note", "idle_acknowledgement"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, doubtful or worth knowing, with its place in the book."""

    rule: str
    severity: str
    utility: str
    schedule: str
    version: datetime.date | None
    sheet: str | None
    source_document: str | None
    subject: str | None
    finding: str
    found_by: str
    acknowledged: bool = False
    reason: str | None = None

    @property
    def fails(self) -> bool:
        """Whether it is an error that nobody has acknowledged."""
        return self.severity == "error" and not self.acknowledged


def lint(connection: duckdb.DuckDBPyConnection, utility: str | None = None) -> list[Finding]:
    """All findings, or a utility's: errors first, of each severity those not acknowledged first.

    Raises `RatebookError` where the utility has no tariff.
    """
    require_utility(connection, utility)
    found = [
        _finding(name, rule.severity, row, "rule")
        for name, rule in RULES.items()
        for row in _placed(connection, rule.found(connection))
    ]
    known, idle = _acknowledge(found, _acknowledgements(connection))
    every = [*known, *idle, *_notes(connection)]
    return sorted((one for one in every if utility in (None, one.utility)), key=_order)


def _order(finding: Finding) -> tuple[Any, ...]:
    version = finding.version or datetime.date.min
    return (
        SEVERITIES.index(finding.severity),
        finding.acknowledged,
        finding.utility,
        finding.schedule,
        finding.rule,
        version,
        finding.subject or "",
        finding.finding,
    )


def _placed(
    connection: duckdb.DuckDBPyConnection, rows: Iterable[Sequence[Any]]
) -> list[Sequence[Any]]:
    """(utility, schedule, version, sheet, document, subject, finding) of what a rule found."""
    schedules = dict(_pairs(connection, "schedule_id", "utility, schedule", "tariff.schedule"))
    versions = dict(_pairs(connection, "version_id", "effective_from", "tariff.version"))
    sheets = dict(_pairs(connection, "sheet_id", "page, document", "tariff.sheet"))
    return [
        (
            *schedules[schedule_id],
            *versions.get(version_id, (None,)),
            *sheets.get(sheet_id, (None, None)),
            subject,
            finding,
        )
        for schedule_id, version_id, sheet_id, subject, finding in rows
    ]


def _pairs(
    connection: duckdb.DuckDBPyConnection, key: str, columns: str, table: str
) -> list[tuple[Any, Sequence[Any]]]:
    rows = connection.execute(f"select {key}, {columns} from {table}").fetchall()
    return [(row[0], row[1:]) for row in rows]


def _acknowledgements(connection: duckdb.DuckDBPyConnection) -> list[Finding]:
    """What the seed files acknowledge, as findings that wait for their like."""
    rows = connection.execute(
        "select acknowledgement.rule, schedule.utility, schedule.schedule, version.effective_from,"
        " acknowledgement.subject, acknowledgement.reason from tariff.acknowledgement"
        " inner join tariff.schedule on acknowledgement.schedule_id = schedule.schedule_id"
        " left join tariff.version on acknowledgement.version_id = version.version_id"
        " order by acknowledgement.acknowledgement_id"
    ).fetchall()
    return [
        Finding(
            rule, "warning", utility, schedule, version, None, None, subject, "", "rule",
            reason=reason,
        )
        for rule, utility, schedule, version, subject, reason in rows
    ]  # fmt: skip


def _acknowledge(
    found: Sequence[Finding], known: Sequence[Finding]
) -> tuple[list[Finding], list[Finding]]:
    """Findings with their reasons, and acknowledgements that nothing answers to."""
    answered: set[int] = set()
    done = []
    for finding in found:
        fitting = [number for number, one in enumerate(known) if _fits(one, finding)]
        answered.update(fitting)
        reason = known[fitting[0]].reason if fitting else None
        done.append(replace(finding, acknowledged=bool(fitting), reason=reason))
    idle = [
        replace(one, rule=IDLE, subject=one.rule, finding=_idle_words(one), reason=None)
        for number, one in enumerate(known)
        if number not in answered
    ]
    return done, idle


def _fits(known: Finding, finding: Finding) -> bool:
    return (
        (known.rule, known.utility, known.schedule)
        == (finding.rule, finding.utility, finding.schedule)
        and known.version in (None, finding.version)
        and known.subject in (None, finding.subject)
    )


def _idle_words(known: Finding) -> str:
    if known.rule not in RULES:
        return f"it acknowledges findings of {known.rule}, which is no rule of this release"
    about = f" about {known.subject}" if known.subject else ""
    return f"it acknowledges a finding of {known.rule}{about} that is not found any more"


def _notes(connection: duckdb.DuckDBPyConnection) -> list[Finding]:
    rows = connection.execute(
        "select schedule_id, version_id, sheet_id, null, note from tariff.reader_note"
    ).fetchall()
    return [_finding(NOTE, "info", row, "reader") for row in _placed(connection, rows)]


def _finding(rule: str, severity: str, row: Sequence[Any], found_by: str) -> Finding:
    utility, schedule, version, sheet, document, subject, finding = row
    return Finding(
        rule, severity, utility, schedule, version, sheet, document, subject, finding, found_by
    )
