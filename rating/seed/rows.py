"""Seed objects turned into rows of the tariff tables.

Ids are numbered in the order of the books, so that the same seeds give the same rows.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from models import tariff
from models.base import Base
from rating.seed.charges import add_charge
from rating.seed.clauses import add_determinants, add_formula, add_references, add_seasons
from rating.seed.conditions import add_conditions, in_words
from rating.seed.demands import add_demand, add_split
from rating.seed.eligibility_rows import add_eligibility
from rating.seed.finding_rows import add_findings, add_remarks
from rating.seed.format import ScheduleSeed, UtilitySeed, VersionSeed
from rating.seed.parts import Cited, When
from rating.seed.read import Book
from rating.seed.time_of_use_rows import add_holidays, add_time_of_use

Row = dict[str, Any]


class Rows:
    """The rows of all tariff tables, and the numbers given out so far."""

    def __init__(self, last_ids: Mapping[type[Base], int] | None = None) -> None:
        self._last_ids = last_ids or {}
        self.of: dict[type[Base], list[Row]] = defaultdict(list)
        self._sheets: dict[tuple[str, str, str | None], int] = {}
        self._conditions: dict[tuple[int, str, bool], int] = {}

    def add(self, table: type[Base], **values: Any) -> None:
        """Add one row."""
        self.of[table].append(values)

    def next_id(self, table: type[Base]) -> int:
        """The number that the next row of a table gets."""
        return self._last_ids.get(table, 0) + len(self.of[table]) + 1

    def sheet(self, document: str, page: str, ordinance: str | None) -> int:
        """The id of a cited page; a new page gets a row."""
        key = (document, page, ordinance)
        if key not in self._sheets:
            self._sheets[key] = self.next_id(tariff.Sheet)
            self.add(
                tariff.Sheet,
                sheet_id=self._sheets[key],
                document=document,
                page=page,
                ordinance=ordinance,
            )
        return self._sheets[key]

    def page(self, document: str, page: str, ordinance: str | None) -> int:
        """The id of a page under whatever ordinance it is cited; a page not cited gets a row."""
        cited = (key for key in self._sheets if key[:2] == (document, page))
        key = None if ordinance else next(cited, None)
        return self._sheets[key] if key else self.sheet(document, page, ordinance)

    def conditions(
        self, version_id: int, when: When | None, *, negated: bool = False
    ) -> int | None:
        """The id of a clause; equal clauses of a version share it."""
        if not when:
            return None
        label = "; ".join(in_words(subject, test) for subject, test in when.items())
        key = (version_id, label, negated)
        if key not in self._conditions:
            self._conditions[key] = set_id = self.next_id(tariff.ConditionSet)
            self.add(
                tariff.ConditionSet,
                condition_set_id=set_id,
                version_id=version_id,
                label=f"not ({label})" if negated else label,
                is_negated=negated,
            )
            add_conditions(self, set_id, when)
        return self._conditions[key]


class VersionRows:
    """What the parts of one version share while their rows are made."""

    def __init__(
        self,
        rows: Rows,
        version_id: int,
        seed: VersionSeed,
        book: ScheduleSeed,
        schedule_ids: Mapping[str, int],
    ) -> None:
        self.rows, self.version_id, self.seed, self.schedule = rows, version_id, seed, book.schedule
        self.schedule_ids = schedule_ids
        self.document = seed.document or book.document

    def own_operand(self, operand: str) -> str:
        """An enrolled quantity under the name that tells it from other riders' quantities."""
        return f"{operand}:{self.schedule}" if operand == "enrolled_quantity" else operand

    def cite(self, group: Cited) -> dict[str, Any]:
        """The columns sheet_id and ruling of a cited group."""
        return {"sheet_id": self.sheet_id(group), "ruling": group.ruling}

    def sheet_id(self, group: Cited) -> int:
        """The id of the page that a group cites."""
        return self.rows.sheet(self.document, group.sheet, group.ordinance or self.seed.ordinance)

    def when(self, when: When | None, *, negated: bool = False) -> int | None:
        """The id of a clause of this version."""
        return self.rows.conditions(self.version_id, when, negated=negated)


def tariff_rows(
    books: Sequence[Book], last_ids: Mapping[type[Base], int] | None = None
) -> Mapping[type[Base], list[Row]]:
    """All rows of the tariff tables for the books, in the order they can be inserted.

    Ids go on from the last ones that a table holds already, if any are given.
    """
    rows = Rows(last_ids)
    for book in books:
        _add_utility(rows, book.utility)
    ids = _schedule_ids(rows, [seed for book in books for seed in book.schedules])
    made = {
        (seed.utility, seed.schedule): [
            _add_version(rows, ids, seed, version)
            for version in sorted(seed.versions, key=lambda one: one.effective_from)
        ]
        for book in books
        for seed in book.schedules
    }
    # After all that is priced, so that what is said of a page finds it as prices cite it.
    for book in books:
        for seed in book.schedules:
            versions = made[seed.utility, seed.schedule]
            for version in versions:
                add_findings(version, ids, seed.utility)
            add_remarks(rows, seed, ids[seed.utility, seed.schedule], versions)
    return rows.of


def _add_utility(rows: Rows, utility: UtilitySeed) -> None:
    rows.add(
        tariff.Utility,
        utility=utility.utility,
        name=utility.name,
        state=utility.state,
        time_zone=utility.time_zone,
    )
    for document in utility.documents:
        rows.add(
            tariff.SourceDocument,
            document=document.document,
            utility=utility.utility,
            title=document.title,
            as_of=document.as_of,
        )
    for operand in utility.agreement_determinants:
        rows.add(tariff.AgreementDeterminant, utility=utility.utility, operand=operand)
    add_holidays(rows, utility)


def _schedule_ids(rows: Rows, seeds: Iterable[ScheduleSeed]) -> dict[tuple[str, str], int]:
    ids = {}
    for seed in seeds:
        ids[seed.utility, seed.schedule] = schedule_id = rows.next_id(tariff.Schedule)
        rows.add(
            tariff.Schedule,
            schedule_id=schedule_id,
            utility=seed.utility,
            schedule=seed.schedule,
            title=seed.title,
            kind=seed.kind,
        )
    return ids


def _add_version(
    rows: Rows, ids: Mapping[tuple[str, str], int], seed: ScheduleSeed, version: VersionSeed
) -> VersionRows:
    version_id = rows.next_id(tariff.Version)
    of_utility = {
        name: number for (utility, name), number in ids.items() if utility == seed.utility
    }
    made = VersionRows(rows, version_id, version, seed, of_utility)
    rows.add(
        tariff.Version,
        version_id=version_id,
        schedule_id=ids[seed.utility, seed.schedule],
        **_nested_fields(version),
        **made.cite(version),
        **version.model_dump(include=_PLAIN_FIELDS),
    )
    _add_contents(made, version)
    add_references(made, ids, seed.utility)
    if version.formula:
        add_formula(made, version.formula)
    for ordinal, alternative in enumerate(version.eligibility, start=1):
        add_eligibility(made, ordinal, alternative)
    return made


def _add_contents(made: VersionRows, version: VersionSeed) -> None:
    for operand in dict.fromkeys(version.requires):
        made.rows.add(tariff.Requirement, version_id=made.version_id, operand=operand)
    add_seasons(made)
    add_time_of_use(made)
    add_determinants(made)
    for ordinal, demand in enumerate(version.demands, start=1):
        add_demand(made, ordinal, demand)
    for ordinal, split in enumerate(version.splits, start=1):
        add_split(made, ordinal, split)
    for ordinal, charge in enumerate(version.charges, start=1):
        add_charge(made, ordinal, charge)


def _nested_fields(version: VersionSeed) -> dict[str, object]:
    prorated = version.prorated_by_days
    return {
        "gross_percent": version.payment.gross_percent if version.payment else None,
        "prorates_rates": bool(prorated and prorated.rates),
        "prorates_seasons": bool(prorated and prorated.seasons),
    }


_PLAIN_FIELDS = {
    "effective_from",
    "effective_to",
    "clock",
    "status",
    "status_reason",
    "unconfirmed_from",
    "moves_fuel_into_base",
    "closed_from",
    "last_verified_on",
}
