"""What a single seed file must satisfy beyond its form: names, blocks, ranges, seasons."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from models.portfolio import NOT_OF_READS, READ_QUANTITIES
from rating.seed.bases import check_bases
from rating.seed.charge_checks import check_charges
from rating.seed.conditions import tested_operands
from rating.seed.doubled import check_doubled
from rating.seed.format import ScheduleSeed, UtilitySeed, VersionSeed
from rating.seed.levels import measured_operand
from rating.seed.parts import When
from rating.seed.quantity_checks import check_quantities
from rating.seed.shared import (
    RATES,
    check_kind,
    made_operands,
    may_share,
    shared_operands,
    shared_seasons,
)
from rating.seed.tested import check_tested
from rating.seed.time_of_use import check_time_of_use


def check_schedule(
    seed: ScheduleSeed, utility: UtilitySeed, book: Sequence[ScheduleSeed], unread: str = ""
) -> Iterator[str]:
    """One phrase per thing that is wrong with a schedule's versions.

    `book` is the utility's, and `unread` the text of files that were refused and may belong to it.
    """
    is_rate = seed.kind in RATES
    shared = set() if is_rate else shared_operands(book)
    seasons = set() if is_rate else shared_seasons(book)
    documents = {document.document for document in utility.documents}
    ordered = sorted(seed.versions, key=lambda version: version.effective_from)
    yield from _overlaps(ordered)
    for version in ordered:
        where = f"version {version.effective_from}"
        if version.effective_to and version.effective_to <= version.effective_from:
            yield (
                f"{where} ends on {version.effective_to}, not after it begins; correct effective_to"
            )
        for document in sorted(_documents(seed, version) - documents):
            yield f"{where} cites the unknown book {document}"
        for problem in (
            *check_kind(version, seed.kind),
            *check_version(version, utility, shared, seasons),
            *check_bases(version, book, unread),
        ):
            yield f"{where}: {problem}"
    yield from check_doubled(seed, book)


def _overlaps(ordered: Sequence[VersionSeed]) -> Iterator[str]:
    for earlier, later in pairwise(ordered):
        if earlier.effective_to is None or earlier.effective_to > later.effective_from:
            yield (
                f"version {earlier.effective_from} overlaps version {later.effective_from};"
                " end it on or before that date"
            )


def _documents(seed: ScheduleSeed, version: VersionSeed) -> set[str]:
    printed = [*version.printed_dates, *version.claims, *version.mentions]
    remarks = [*printed, *version.notes, *seed.notes]
    return {version.document or seed.document, *(one.document for one in remarks if one.document)}


def check_version(
    version: VersionSeed, utility: UtilitySeed, shared: set[str], seasons: set[str]
) -> Iterator[str]:
    """One phrase per thing that is wrong inside a version.

    `shared` are the names of quantities, and `seasons` those of seasons, that a clause or rider
    finds in the schedules it is applied to.
    """
    of_reads = _read_determinants(version, utility)
    from_elsewhere = {*of_reads, *NOT_OF_READS, *utility.agreement_determinants}
    yield from _check_operands(version, made_operands(version) | from_elsewhere, shared)
    yield from check_charges(version)
    yield from check_quantities(version, of_reads, from_elsewhere)
    for rule in version.eligibility:
        for operand in rule.demand.operands if rule.demand else []:
            if operand not in of_reads:
                yield f"eligibility looks at {operand}, which no read carries; correct the name"
    yield from check_tested(version, {*READ_QUANTITIES, *NOT_OF_READS}, seasons)
    yield from _check_proration(version)
    yield from _check_times(version, utility)
    yield from _check_names(version)


def _check_names(version: VersionSeed) -> Iterator[str]:
    codes = [(charge.code, charge.season) for charge in version.charges]
    for code, _ in sorted({pair for pair in codes if codes.count(pair) > 1}, key=str):
        yield f"charge {code} stands twice; give each its own code"
    demands = [one.name for one in version.demands]
    for name in sorted({one for one in demands if demands.count(one) > 1}):
        yield f"demand {name} stands twice; give each its own name"


def _check_times(version: VersionSeed, utility: UtilitySeed) -> Iterator[str]:
    if version.time_of_use:
        kept = utility.holidays
        known_holidays = {*kept.names, *kept.dates} if kept else set()
        yield from check_time_of_use(version.time_of_use, known_holidays)


def _check_operands(version: VersionSeed, known: set[str], shared: set[str]) -> Iterator[str]:
    for user, operand in operands_used(version):
        if operand in known or operand.startswith("units:"):
            continue
        if operand not in shared:
            yield f"{user} uses the unknown determinant {operand}; define it or correct the name"
        elif not may_share(user, operand):
            yield f"{user} uses {operand} of the schedules it is for; only charges of it can"


def _check_proration(version: VersionSeed) -> Iterator[str]:
    prorated = version.prorated_by_days
    if prorated and version.clock != "service_end":
        yield "prorated_by_days counts days, but the version goes by the label; drop one of them"
    if prorated and prorated.seasons and not version.seasons:
        yield "prorated_by_days names seasons, but the version has no seasons; add them"


def _read_determinants(version: VersionSeed, utility: UtilitySeed) -> set[str]:
    """What a read may carry: columns of its own, further ones, and those of intervals."""
    of_intervals = version.time_of_use.determinants if version.time_of_use else set()
    return {*READ_QUANTITIES, "days", *utility.read_determinants, *of_intervals}


def operands_used(version: VersionSeed) -> Iterator[tuple[str, str]]:
    """(who uses it, operand) for every operand that a version names."""
    for name in version.requires:
        yield "requires", name
    for determinant in version.determinants:
        user = f"determinant {determinant.name}"
        yield from ((user, operand.of) for operand in determinant.operands)
        if determinant.divided_by_operand:
            yield user, determinant.divided_by_operand
        yield from _tested(user, determinant.when)
    yield from _used_by_demands(version)
    for split in version.splits:
        user = f"split {split.split}"
        yield user, split.split
        yield from ((user, part.share) for part in split.in_proportion or [])
        if split.limits:
            yield user, split.limits.times
    for charge in version.charges:
        user = f"charge {charge.code}"
        yield from (
            (user, operand)
            for operand in (charge.per, charge.covers, charge.limits and charge.limits.times)
            if operand
        )
        yield from _tested(user, charge.when)


def _used_by_demands(version: VersionSeed) -> Iterator[tuple[str, str]]:
    for demand in version.demands:
        user = f"demand {demand.name}"
        yield user, measured_operand(demand, version)
        if demand.adjusted:
            yield user, demand.adjusted
        yield from ((user, term.operand) for term in demand.terms if term.operand)
        for when in demand.clauses:
            yield from _tested(user, when)


def _tested(user: str, when: When | None) -> Iterator[tuple[str, str]]:
    return ((user, operand) for operand in tested_operands(when))
