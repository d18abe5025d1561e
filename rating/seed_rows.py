"""Seed objects turned into rows of the tariff tables.

Ids are numbered in the order of the books, so that the same seeds give the same rows.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from models import tariff
from models.base import Base
from rating.seed_charges import add_charge
from rating.seed_conditions import add_condition, in_words
from rating.seed_demands import add_demand, add_split
from rating.seed_format import FormulaInputSeed, FormulaSeed, ScheduleSeed, VersionSeed
from rating.seed_levels import determinant_levels
from rating.seed_parts import Cited, Operand, When, is_number
from rating.seed_read import Book

Row = dict[str, Any]


class Rows:
    """The rows of all tariff tables, and the numbers given out so far."""

    def __init__(self) -> None:
        self.of: dict[type[Base], list[Row]] = defaultdict(list)
        self._sheets: dict[tuple[str, str, str | None], int] = {}
        self._conditions: dict[tuple[int, str, bool], int] = {}

    def add(self, table: type[Base], **values: Any) -> None:
        """Add one row."""
        self.of[table].append(values)

    def next_id(self, table: type[Base]) -> int:
        """The number that the next row of a table gets."""
        return len(self.of[table]) + 1

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
            for ordinal, (subject, test) in enumerate(when.items(), start=1):
                add_condition(self, set_id, ordinal, subject, test)
        return self._conditions[key]


class VersionRows:
    """What the parts of one version share while their rows are made."""

    def __init__(self, rows: Rows, version_id: int, seed: VersionSeed, book: ScheduleSeed) -> None:
        self.rows, self.version_id, self.seed, self.schedule = rows, version_id, seed, book.schedule
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


def tariff_rows(books: Sequence[Book]) -> Mapping[type[Base], list[Row]]:
    """All rows of the tariff tables for the books, in the order they can be inserted."""
    rows = Rows()
    for book in books:
        utility = book.utility
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
    ids = _schedule_ids(rows, [seed for book in books for seed in book.schedules])
    for book in books:
        for seed in book.schedules:
            for version in sorted(seed.versions, key=lambda one: one.effective_from):
                _add_version(rows, ids, seed, version)
    return rows.of


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
) -> None:
    version_id = rows.next_id(tariff.Version)
    made = VersionRows(rows, version_id, version, seed)
    rows.add(
        tariff.Version,
        version_id=version_id,
        schedule_id=ids[seed.utility, seed.schedule],
        gross_percent=version.payment.gross_percent if version.payment else None,
        **made.cite(version),
        **version.model_dump(include=_PLAIN_FIELDS),
    )
    for operand in dict.fromkeys(version.requires):
        rows.add(tariff.Requirement, version_id=version_id, operand=operand)
    _add_seasons(made)
    _add_determinants(made)
    for ordinal, demand in enumerate(version.demands, start=1):
        add_demand(made, ordinal, demand)
    for ordinal, split in enumerate(version.splits, start=1):
        add_split(made, ordinal, split)
    for ordinal, charge in enumerate(version.charges, start=1):
        add_charge(made, ordinal, charge)
    _add_references(made, ids, seed.utility)
    if version.formula:
        _add_formula(made, version.formula)


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


def _add_seasons(made: VersionRows) -> None:
    seasons, combine = made.seed.seasons, made.seed.combine
    for season, months in (seasons.months if seasons else {}).items():
        for month in months:
            made.rows.add(
                tariff.SeasonMonth, version_id=made.version_id, month=month, season=season
            )
    if combine:
        made.rows.add(
            tariff.Combination,
            version_id=made.version_id,
            season=combine.season,
            **made.cite(combine),
        )
        for operand, when_one_blank in combine.quantities.items():
            made.rows.add(
                tariff.CombinationQuantity,
                version_id=made.version_id,
                operand=operand,
                when_one_blank=when_one_blank,
            )


def _add_determinants(made: VersionRows) -> None:
    levels = determinant_levels(made.seed)
    for ordinal, seed in enumerate(made.seed.determinants, start=1):
        determinant_id = made.rows.next_id(tariff.Determinant)
        constants = [Decimal(t) for t in seed.terms if isinstance(t, str) and is_number(t)]
        made.rows.add(
            tariff.Determinant,
            determinant_id=determinant_id,
            version_id=made.version_id,
            ordinal=ordinal,
            name=seed.name,
            level=levels[ordinal - 1],
            operation=seed.operation,
            constant=constants[0] if constants else Decimal(seed.operation == "product"),
            decimals=seed.decimals,
            at_least=seed.at_least,
            at_most=seed.at_most,
            condition_set_id=made.when(seed.when),
            **made.cite(seed),
        )
        operands = [_operand(t) for t in seed.terms if isinstance(t, Operand) or not is_number(t)]
        divisor = [Operand(of=seed.divided_by)] if seed.divided_by else []
        for number, operand in enumerate(operands + divisor, start=1):
            made.rows.add(
                tariff.DeterminantTerm,
                determinant_id=determinant_id,
                ordinal=number,
                operand=made.own_operand(operand.of),
                coefficient=operand.times,
                role="divisor" if number > len(operands) else "term",
                when_unknown=operand.blank,
            )


def _operand(term: str | Operand) -> Operand:
    return term if isinstance(term, Operand) else Operand(of=term)


def _add_references(made: VersionRows, ids: Mapping[tuple[str, str], int], utility: str) -> None:
    for reference in made.seed.riders:
        made.rows.add(
            tariff.ScheduleRider,
            version_id=made.version_id,
            rider=reference.rider,
            rider_schedule_id=ids.get((utility, reference.rider)),
            sheet_id=made.sheet_id(reference),
        )
    listed = made.seed.applies_to
    for schedule in listed.schedules if listed else []:
        made.rows.add(
            tariff.RiderApplicability,
            version_id=made.version_id,
            schedule=schedule,
            schedule_id=ids.get((utility, schedule)),
            lacking=listed.lacking.get(schedule) if listed else None,
            sheet_id=made.sheet_id(listed) if listed else None,
        )


def _add_formula(made: VersionRows, formula: FormulaSeed) -> None:
    made.rows.add(
        tariff.Formula,
        version_id=made.version_id,
        **made.cite(formula),
        **formula.model_dump(exclude={"sheet", "ordinance", "ruling", "numerator", "denominator"}),
    )
    ordinal = 0
    sides: list[tuple[str, list[FormulaInputSeed]]] = [
        ("numerator", formula.numerator),
        ("denominator", formula.denominator),
    ]
    for side, inputs in sides:
        for one in inputs:
            ordinal += 1
            made.rows.add(
                tariff.FormulaInput,
                version_id=made.version_id,
                ordinal=ordinal,
                variable=one.variable,
                symbol=one.symbol,
                side=side,
                sign=-1 if one.minus else 1,
            )
