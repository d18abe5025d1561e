"""How findings, coverage, factors and eligibility look in a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from rating.explain.bill import plain
from rating.explain.factor import FactorExplanation
from rating.lint.coverage import Coverage, status_words
from rating.lint.findings import Finding
from rating.lint.rule import SEVERITIES
from rating.show.tables import word_table

MOST_LISTED = 20
Row = Mapping[str, Any]


def findings(found: Sequence[Finding]) -> RenderableType:
    """Findings with their places and reasons, what readers noted marked as such, and counts."""
    table = word_table("tariffs: findings", "rule", "where", "finding")
    for one in found:
        mark = ", acknowledged" if one.acknowledged else ""
        severity = "reader's note" if one.found_by == "reader" else one.severity + mark
        version = f", {one.version}" if one.version else ""
        words = Text(one.finding)
        if one.reason:
            words.append(f"\n→ {one.reason}", style="dim")
        table.add_row(
            f"{one.rule}\n{severity}",
            f"{one.utility} {one.schedule}{version}\n{one.source_document or ''} {one.sheet or ''}",
            words,
        )
    return Group(table, Text(finding_counts(found)))


def finding_counts(found: Sequence[Finding]) -> str:
    """How many findings there are of each kind, and how many errors fail."""
    by_rule = [one for one in found if one.found_by == "rule"]
    parts = []
    for severity in SEVERITIES:
        own = [one for one in by_rule if one.severity == severity]
        known = sum(one.acknowledged for one in own)
        parts.append(f"{severity}s {len(own)} ({known} acknowledged)")
    notes = len(found) - len(by_rule)
    failing = sum(one.fails for one in found)
    return f"{', '.join(parts)}, notes by readers {notes}; {failing} errors fail"


def coverage_table(entries: Sequence[Coverage]) -> RenderableType:
    """One line a version."""
    table = word_table("coverage", "utility", "schedule")
    for heading in ("from", "to", "status", "verified", "charges", "sheets"):
        table.add_column(heading, no_wrap=True)
    for one in entries:
        table.add_row(
            one.utility,
            one.schedule,
            str(one.effective_from),
            str(one.effective_to or ""),
            status_words(one),
            str(one.last_verified_on or "never"),
            str(one.charges),
            str(one.sheets),
        )
    return table


def factor(found: FactorExplanation) -> RenderableType:
    """Inputs with their letters, then step by step to the factor."""
    head = Text(
        f"{found.utility} {found.rider} for {found.billing_month:%Y-%m}: {found.source_document}"
        f" {found.sheet}"
    )
    inputs = word_table("inputs", "letter", "variable", "value")
    for one in found.inputs:
        sign = "− " if one.sign < 0 else ""
        inputs.add_row(sign + (one.symbol or ""), one.variable, plain(one.value))
    steps = word_table("steps", "step", "how", "is")
    for step in found.steps:
        steps.add_row(step.name, step.words, plain(step.value))
    return Group(head, inputs, steps, *(Text(line) for line in _factor_lines(found)))


def _factor_lines(found: FactorExplanation) -> list[str]:
    lines = [f"factor {plain(found.factor)} {found.unit}"]
    if found.rated == found.factor:
        lines.append("the last run's factor is the same")
    elif found.rated is not None:
        lines.append(f"the last run's factor is {plain(found.rated)}; run `ratebook rate` again")
    for one in found.printed:
        season = f", {one.season}" if one.season else ""
        verdict = "agrees" if one.agrees else "does not agree"
        lines.append(
            f"{one.sheet} prints {plain(one.price)} {found.unit} ({one.charge_code}{season}), which"
            f" is what is billed; the formula gives {plain(one.factor)} and {verdict}"
        )
    return [*lines, f"read under {found.ruling}"] if found.ruling else lines


def eligibility_table(rows: Sequence[Row], disagreeing: Sequence[Row]) -> RenderableType:
    """Counts by schedule, then the agreements that do not qualify for what they are on."""
    table = word_table(
        "agreement-years by schedule", "utility", "schedule", "eligible", "undecided",
        "not eligible", "on it", "of these not eligible",
    )  # fmt: skip
    names = ("eligible", "undecided", "not_eligible", "on_it", "disagreeing")
    for row in rows:
        table.add_row(row["utility"], row["schedule"], *(f"{row[name]:,}" for name in names))
    parts: list[RenderableType] = [table]
    if disagreeing:
        listed = word_table(
            "not eligible for what they are on",
            "agreement", "year", "on", "because", "eligible for",
        )  # fmt: skip
        for row in disagreeing[:MOST_LISTED]:
            listed.add_row(
                row["agreement_id"], str(row["calendar_year"]), row["schedule"], row["reason"],
                row["eligible_for"] or "",
            )  # fmt: skip
        parts.append(listed)
    if len(disagreeing) > MOST_LISTED:
        parts.append(Text(f"and {len(disagreeing) - MOST_LISTED:,} more; see them with --json"))
    return Group(*parts)


def agreement_eligibility(rows: Sequence[Row]) -> RenderableType:
    """Every schedule of one agreement's utility, year by year."""
    table = word_table(
        f"agreement {rows[0]['agreement_id']}", "year", "schedule", "", "status", "why"
    )
    for row in rows:
        table.add_row(
            str(row["calendar_year"]),
            row["schedule"],
            "on it" if row["is_actual_schedule"] else "",
            row["status"].replace("_", " "),
            row["reason"],
        )
    return table
