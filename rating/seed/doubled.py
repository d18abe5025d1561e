"""Names that two sheets of one bill both give to a quantity, so that it could not be billed."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from rating.seed.format import ScheduleSeed, VersionSeed
from rating.seed.shared import RATES

# What the meter read is made into, step by step; each step may be another sheet's.
CHAINED = {"metering", "netting"}
NEVER_REDEFINED = ("demand", "slice")
Sheet = tuple[str, VersionSeed]


def check_doubled(seed: ScheduleSeed, book: Sequence[ScheduleSeed]) -> Iterator[str]:
    """One phrase per name that two sheets of a rate's bills give to a quantity.

    A clause or rider may redefine what the rate derives, but not a demand or slice of it. Two
    clauses may redefine nothing of each other; of riders only the enrollments tell which meet.
    """
    for version in seed.versions if seed.kind in RATES else []:
        rate = (seed.schedule, version)
        clauses = list(_beside(rate, book, "adjustment"))
        for beside in (*clauses, *_beside(rate, book, "rider")):
            yield from _doubled(version, rate, beside, NEVER_REDEFINED)
        for one, other in combinations(clauses, 2):
            yield from _doubled(version, one, other)


def _beside(rate: Sheet, book: Sequence[ScheduleSeed], kind: str) -> Iterator[Sheet]:
    """The versions of clauses, or of riders, that the rate carries or that list it."""
    schedule, version = rate
    carried = {reference.rider for reference in version.riders}
    for seed in book:
        for one in seed.versions if seed.kind == kind else []:
            listed = one.applies_to.schedules if one.applies_to and kind == "rider" else []
            if seed.schedule in carried or schedule in listed:
                yield seed.schedule, one


def _doubled(
    version: VersionSeed, one: Sheet, other: Sheet, kinds: Sequence[str] = ()
) -> Iterator[str]:
    """A phrase per name that both sheets make; of these kinds only, if any are given."""
    if one[0] == other[0] or not _meet(version, one[1], other[1]):
        return
    names = {
        name
        for kind, name in _made(one[1])
        for its_kind, its_name in _made(other[1])
        if name == its_name
        and (kind == its_kind or not {kind, its_kind} <= CHAINED)
        and (not kinds or (kind == its_kind and kind in kinds))
    }
    for name in sorted(names):
        yield (
            f"version {version.effective_from}: {name} is defined by both {one[0]} and {other[0]},"
            " which meet on its bills; rename it in one of them"
        )


def _meet(*versions: VersionSeed) -> bool:
    """Whether there are days on which all of the versions hold and rate."""
    ends = [one.effective_to for one in versions if one.effective_to]
    begins = max(one.effective_from for one in versions)
    is_rated = all(one.status != "incomplete" for one in versions)
    return is_rated and all(begins < end for end in ends)


def _made(version: VersionSeed) -> Iterator[tuple[str, str]]:
    """(kind, name) of each quantity that a version makes whatever the agreement and the read."""
    for demand in version.demands:
        yield "demand", demand.operand
    for determinant in version.determinants:
        if determinant.when is None:
            yield from ((determinant.at, name) for name in determinant.names)
    for split in version.splits:
        if split.when is None:
            yield from (("slice", name) for name in split.slices)
