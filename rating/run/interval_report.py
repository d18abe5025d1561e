"""What the interval reads of the published months lack, and where meter reads contradict them."""

from collections.abc import Mapping

import duckdb

from rating.store.query import query_rows

COUNTS = """
    select
        (select count(*) from rating.interval_coverage) as months,
        (select count(*) from rating.interval_coverage where not is_complete) as incomplete,
        (select coalesce(sum(missing_intervals), 0) from rating.interval_coverage) as missing,
        (select coalesce(sum(overlapping_intervals), 0) from rating.interval_coverage)
            as overlapping,
        (select coalesce(sum(duplicate_intervals), 0) from rating.interval_coverage)
            as duplicates,
        (select count(*) from rating.interval_determinant where difference <> 0) as differing,
        (select count(*) from rating.interval_determinant where difference = 0) as agreeing
"""


def interval_counts(connection: duckdb.DuckDBPyConnection) -> Mapping[str, int]:
    """How many agreement-months have intervals, are incomplete, and what they lack.

    `differing` and `agreeing` count determinants that a meter read and its intervals both give.
    """
    (counts,) = query_rows(connection, COUNTS)
    return {name: int(value) for name, value in counts.items()}


def interval_lines(counts: Mapping[str, int]) -> list[str]:
    """The counts as sentences; none where there are no interval reads."""
    if not counts["months"]:
        return []
    lines = [
        f"interval reads: {counts['months'] - counts['incomplete']:,} of {counts['months']:,}"
        f" months are complete; {counts['missing']:,} intervals are missing,"
        f" {counts['overlapping']:,} overlap, {counts['duplicates']:,} were rejected as repeated"
        " (interval_coverage)"
    ]
    given_twice = counts["differing"] + counts["agreeing"]
    if given_twice:
        lines.append(
            f"interval reads: {counts['differing']:,} of {given_twice:,} determinants that meter"
            " reads give too are not the same there (interval_determinant)"
        )
    return lines
