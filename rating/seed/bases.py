"""Whether what a percentage, minimum or cap looks at is there, and of an earlier stage."""

import re
from collections.abc import Iterator, Sequence

from rating.seed.format import ScheduleSeed, VersionSeed
from rating.seed.pricing import BaseSeed, ChargeSeed


def check_bases(version: VersionSeed, book: Sequence[ScheduleSeed], unread: str) -> Iterator[str]:
    """One phrase per part of a base that is nowhere in the utility's book, or comes too late.

    What stands in `unread`, the text of files that were refused, may be there once they are read.
    """
    for charge in version.charges:
        for kind, name, candidates in _parts(charge.of or BaseSeed(), version, book):
            words = f"{kind} {name}"
            if not candidates:
                if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", unread):
                    yield f"charge {charge.code} looks at {words}, which the book does not have"
            elif not all(other.stage_number < charge.stage_number for other in candidates):
                yield (
                    f"charge {charge.code} looks at {words}, which is not of an earlier stage;"
                    " give it a stage"
                )


def _parts(
    base: BaseSeed, version: VersionSeed, book: Sequence[ScheduleSeed]
) -> Iterator[tuple[str, str, list[ChargeSeed]]]:
    """(what, its name, charges that must be earlier) of each charge or schedule that a base names.

    Of a schedule only the first charge must be: what comes later is no part of the base.
    """
    everywhere = [
        (seed.schedule, charge) for seed in book for one in seed.versions for charge in one.charges
    ]
    for code in base.charges:
        own = [charge for charge in version.charges if charge.code == code]
        yield "charge", code, own or [one for _, one in everywhere if one.code == code]
    for name in base.schedules:
        found = [charge for schedule, charge in everywhere if schedule == name]
        yield "schedule", name, sorted(found, key=lambda charge: charge.stage_number)[:1]
