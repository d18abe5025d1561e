"""What clauses and riders find in the schedules that they are applied to, and leave to them."""

from collections.abc import Iterator, Sequence

from rating.seed.format import ScheduleSeed, VersionSeed
from rating.seed.quantities import DEMAND_SUFFIX
from rating.seed.tested import clauses_of

RATES = ("rate", "lighting")
ONLY_IN_RATES = ("time_of_use", "prorated_by_days")
OF_ENROLLMENTS = ("option", "contract_year")


def shared_operands(book: Sequence[ScheduleSeed]) -> set[str]:
    """What the rates of a book make, for their clauses and riders to use."""
    versions = _versions_of_rates(book)
    made = [made_operands(version) for version in versions]
    return set().union(
        *made, *(one.time_of_use.determinants for one in versions if one.time_of_use)
    )


def shared_seasons(book: Sequence[ScheduleSeed]) -> set[str]:
    """The seasons of a book's rates, which hold for clauses and riders without any of their own."""
    versions = _versions_of_rates(book)
    return {season for one in versions if one.seasons for season in one.seasons.months}


def _versions_of_rates(book: Sequence[ScheduleSeed]) -> list[VersionSeed]:
    return [version for seed in book for version in seed.versions if seed.kind in RATES]


def may_share(user: str, operand: str) -> bool:
    """Whether what uses an operand of another schedule comes after it: demands are level 8."""
    of_charges = user.startswith(("charge ", "requires"))
    return of_charges or (user.startswith("determinant ") and operand.endswith(DEMAND_SUFFIX))


def made_operands(version: VersionSeed) -> set[str]:
    """The names that a version gives to quantities: derived ones, demands, slices."""
    return {
        *(name for determinant in version.determinants for name in determinant.names),
        *(demand.operand for demand in version.demands),
        *(name for split in version.splits for name in split.slices),
    }


def check_kind(version: VersionSeed, kind: str) -> Iterator[str]:
    """One phrase per thing that a version has and schedules of its kind cannot."""
    if kind not in RATES:
        yield from _check_only_in_rates(version, kind)
    if kind != "rider":
        tested = {subject for when in clauses_of(version) for subject in when or {}}
        for subject in sorted(tested.intersection(OF_ENROLLMENTS)):
            yield f"a condition tests {subject}, which only riders' enrollments have; move it there"
        for charge in version.charges:
            if charge.kind == "difference":
                yield (
                    f"charge {charge.code} is a difference since enrollment, which only riders"
                    " have; move it there"
                )


def _check_only_in_rates(version: VersionSeed, kind: str) -> Iterator[str]:
    for field in ONLY_IN_RATES:
        if getattr(version, field):
            yield f"{field} is of rates, not of the kind {kind}; move it there"
    for charge in version.charges:
        if charge.one_time:
            yield (
                f"charge {charge.code} is for one time, as units of a rate are, not of the kind"
                f" {kind}; move it there"
            )
