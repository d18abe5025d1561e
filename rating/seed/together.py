"""What seed files must satisfy together: what stands in two of them, and each with its book."""

from collections.abc import Iterable, Sequence, Set
from pathlib import Path

from rating.errors import first_of
from rating.seed.check import check_schedule
from rating.seed.format import ScheduleSeed, UtilitySeed

UTILITY_FILE = "utility.yaml"


def check_together(
    utilities: Sequence[tuple[Path, UtilitySeed]],
    schedules: Sequence[tuple[Path, ScheduleSeed]],
    refused: Set[str],
    unread: str,
) -> Iterable[str]:
    """One sentence per thing that is wrong with seed files that are each in order by itself.

    Schedules of the `refused` folders may lack their utility, and look at what stands in `unread`,
    the text of the schedules that were refused.
    """
    known = {utility.utility: utility for _, utility in utilities}
    if doubled := list(_doubled(utilities)):
        return doubled
    return [*_doubled_documents(utilities), *_cross_check(known, schedules, refused, unread)]


def _doubled(utilities: Sequence[tuple[Path, UtilitySeed]]) -> Iterable[str]:
    seen: dict[str, Path] = {}
    for file, seed in utilities:
        other = seen.setdefault(seed.utility, file)
        if other != file:
            yield (
                f"{place(file)}: utility {seed.utility} stands in {other} too; keep one of them,"
                " for a folder of further schedules needs none"
            )


def _doubled_documents(utilities: Sequence[tuple[Path, UtilitySeed]]) -> Iterable[str]:
    seen: dict[str, Path] = {}
    for file, seed in utilities:
        codes = [one.document for one in seed.documents]
        for code in codes:
            other = seen.setdefault(code, file)
            if other != file:
                yield (
                    f"{place(file)}: document {code} stands in {other} too; give it another name,"
                    " for no two utilities have one"
                )
        for code in sorted({one for one in codes if codes.count(one) > 1}):
            yield f"{place(file)}: document {code} stands twice; keep one of them"


def _cross_check(
    utilities: dict[str, UtilitySeed],
    schedules: Sequence[tuple[Path, ScheduleSeed]],
    refused: Set[str],
    unread: str,
) -> Iterable[str]:
    seen: dict[tuple[str, str], Path] = {}
    for file, seed in schedules:
        key = (seed.utility, seed.schedule)
        if key in seen:
            yield f"{place(file)}: schedule {seed.schedule} stands in {place(seen[key])} too"
        seen[key] = file
        utility = utilities.get(seed.utility)
        if utility is None:
            if file.parent.name not in refused:
                missing = f"utility {seed.utility} has no {UTILITY_FILE}; add one beside it"
                yield f"{place(file)}: {missing}"
            continue
        book = [other for _, other in schedules if other.utility == seed.utility]
        found = [f"{place(file)}: {one}" for one in check_schedule(seed, utility, book, unread)]
        yield from first_of(found, f"{place(file)}: ")


def place(file: Path) -> str:
    """A seed file as users name it: seeds/UTILITY/FILE."""
    return "/".join(file.parts[-3:])
