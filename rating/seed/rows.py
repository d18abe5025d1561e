"""Seed objects turned into rows of the tariff tables.

Ids are numbered in the order of the books, so that the same seeds give the same rows.
"""

from collections.abc import Iterable, Mapping, Sequence

from models import tariff
from models.base import Base
from rating.seed.charge_rows import add_charge
from rating.seed.demand_rows import add_demand, add_split
from rating.seed.eligibility_rows import add_eligibility
from rating.seed.finding_rows import add_findings, add_remarks
from rating.seed.format import ScheduleSeed, UtilitySeed, VersionSeed
from rating.seed.made import Row, Rows, VersionRows
from rating.seed.read import Book
from rating.seed.time_of_use_rows import add_holidays, add_time_of_use
from rating.seed.version_rows import add_determinants, add_formula, add_references, add_seasons


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
        "late_charge_minimum": version.payment.at_least if version.payment else None,
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
