"""What clauses and riders find in the schedules that they are applied to."""

from collections.abc import Sequence

from rating.seed.format import ScheduleSeed, VersionSeed
from rating.seed.levels import DEMAND_SUFFIX

RATES = ("rate", "lighting")


def shared_operands(book: Sequence[ScheduleSeed]) -> set[str]:
    """What the rates of a book make, for their clauses and riders to use."""
    versions = [version for seed in book for version in seed.versions if seed.kind in RATES]
    made = [made_operands(version) for version in versions]
    return set().union(
        *made, *(one.time_of_use.determinants for one in versions if one.time_of_use)
    )


def may_share(user: str, operand: str) -> bool:
    """Whether what uses an operand of another schedule comes after it: demands are level 8."""
    of_charges = user.startswith(("charge ", "requires"))
    return of_charges or (user.startswith("determinant ") and operand.endswith(DEMAND_SUFFIX))


def made_operands(version: VersionSeed) -> set[str]:
    """The names that a version gives to quantities: derived ones, demands, slices."""
    slices = [part.slice for split in version.splits for part in split.into or []]
    shares = [part.slice for split in version.splits for part in split.in_proportion or []]
    return {
        *(determinant.name for determinant in version.determinants),
        *(determinant.left for determinant in version.determinants if determinant.left),
        *(f"{demand.name}{DEMAND_SUFFIX}" for demand in version.demands),
        *slices,
        *shares,
    }
