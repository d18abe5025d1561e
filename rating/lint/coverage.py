"""What of the books is transcribed: each schedule's versions, how far they go, who vouches."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from rating.seed.utilities import require_utility

# Every place of the tariff tables where a version cites a page.
CITING = (
    "version", "charge", "determinant", "demand_rule", "split", "combination", "schedule_rider",
    "rider_applicability", "formula", "eligibility_rule",
)  # fmt: skip
CITED = " union ".join(f"select version_id, sheet_id from tariff.{name}" for name in CITING)
VERSIONS = f"""
with page as (
    select version_id, count(distinct (document, page)) as sheets
    from ({CITED}) inner join tariff.sheet using (sheet_id)
    group by version_id
),
priced as (
    select version_id, count(distinct code) as charges
    from tariff.charge group by version_id
)
select schedule.utility, schedule.schedule, title, kind, effective_from, effective_to,
    case when status = 'complete' and unconfirmed_from is not null
        then 'unconfirmed' else status end,
    coalesce(unconfirmed_from, case status when 'unconfirmed' then effective_from end),
    last_verified_on, coalesce(charges, 0), sheets, document
from tariff.version
inner join tariff.schedule using (schedule_id)
inner join tariff.sheet using (sheet_id)
inner join page using (version_id)
left join priced using (version_id)
where schedule.utility = coalesce($utility, schedule.utility)
order by schedule.utility,
    array_position(['rate', 'lighting', 'adjustment', 'rider'], kind),
    schedule.schedule, effective_from
"""


@dataclass(frozen=True)
class Coverage:
    """One version of a schedule, as far as it is transcribed.

    `status` is complete, incomplete (never rated) or unconfirmed (rated, but from
    `unconfirmed_from` on no text confirms it). `charges` counts charges, `sheets` cited pages.
    """

    utility: str
    schedule: str
    title: str
    kind: str
    effective_from: datetime.date
    effective_to: datetime.date | None
    status: str
    unconfirmed_from: datetime.date | None
    last_verified_on: datetime.date | None
    charges: int
    sheets: int
    source_document: str


def coverage(connection: duckdb.DuckDBPyConnection, utility: str | None = None) -> list[Coverage]:
    """One entry a version, in the order of utility, kind and first page; of a utility, or of all.

    Raises `RatebookError` where the utility has no tariff.
    """
    require_utility(connection, utility)
    rows = connection.execute(VERSIONS, {"utility": utility}).fetchall()
    return [Coverage(*row) for row in rows]


def status_words(one: Coverage) -> str:
    """`complete`, `incomplete`, or `unconfirmed from` a date."""
    return f"unconfirmed from {one.unconfirmed_from}" if one.unconfirmed_from else one.status


def markdown(entries: Sequence[Coverage]) -> str:
    """The page docs/coverage.md."""
    lines = [
        "# Coverage: what of the books is transcribed",
        "",
        "Made by `ratebook coverage --markdown` from the tariff tables; a test keeps it current.",
        "*Incomplete*: stored with every figure that is known, and never rated. *Unconfirmed*:",
        "rated on the prices of its book, though from that date on no text at hand confirms them.",
        "",
    ]
    for utility in dict.fromkeys(one.utility for one in entries):
        lines += [
            f"## {utility}",
            "",
            "| schedule | title | kind | from | to | status | verified | charges | sheets | book |",
            "|---|---|---|---|---|---|---|---|---|---|",
        ]
        lines += [_line(one) for one in entries if one.utility == utility]
        lines.append("")
    return "\n".join(lines)


def _line(one: Coverage) -> str:
    cells = (
        one.schedule,
        one.title,
        one.kind,
        one.effective_from,
        one.effective_to or "",
        status_words(one),
        one.last_verified_on or "never",
        one.charges,
        one.sheets,
        one.source_document,
    )
    return "| " + " | ".join(str(cell) for cell in cells) + " |"
