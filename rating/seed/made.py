"""Where the rows of the tariff tables are gathered, and what the parts of one version share."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from models import tariff
from models.base import Base
from rating.seed.conditions import RESERVED, in_words, listed, value_words
from rating.seed.format import ScheduleSeed, VersionSeed
from rating.seed.parts import Bound, Cited, Comparison, OtherThan, Span, Test, When

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
        self, version_id: int, when: When | None, schedule: str, *, negated: bool = False
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
            _add_conditions(self, set_id, when, schedule)
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

    def own_operand(self, operand: str | None) -> str | None:
        """An enrolled quantity under the name that tells it from other riders' quantities."""
        return own_operand(operand, self.schedule)

    def cite(self, group: Cited) -> dict[str, Any]:
        """The columns sheet_id and ruling of a cited group."""
        return {"sheet_id": self.sheet_id(group), "ruling": group.ruling}

    def sheet_id(self, group: Cited) -> int:
        """The id of the page that a group cites."""
        return self.rows.sheet(self.document, group.sheet, group.ordinance or self.seed.ordinance)

    def when(self, when: When | None, *, negated: bool = False) -> int | None:
        """The id of a clause of this version."""
        return self.rows.conditions(self.version_id, when, self.schedule, negated=negated)


def own_operand(operand: str | None, schedule: str) -> str | None:
    """A quantity as one schedule means it: an enrolled quantity is that of its own enrollment."""
    return f"{operand}:{schedule}" if operand == "enrolled_quantity" else operand


def _add_conditions(rows: Rows, set_id: int, when: When, schedule: str) -> None:
    """The rows of a clause: one condition for each test, two for a test with two bounds."""
    ordinal = 0
    for subject, test in when.items():
        for bound in _bound_columns(test, schedule):
            ordinal += 1
            kind = subject if subject in RESERVED else "attribute"
            if isinstance(test, Comparison) and kind == "attribute":
                kind = "determinant"
            rows.add(
                tariff.Condition,
                condition_set_id=set_id,
                ordinal=ordinal,
                kind=kind,
                subject=None if kind == subject else own_operand(subject, schedule),
                is_negated=isinstance(test, OtherThan),
                **bound,
            )
        _add_values(rows, set_id, ordinal, test)


def _bound_columns(test: Test, schedule: str) -> list[Row]:
    """The columns of each bound of a test; those of a test of values are empty."""
    if not isinstance(test, Comparison):
        return [dict.fromkeys(("comparison", "bound", "bound_factor", "bound_operand"))]
    return [
        {
            "comparison": comparison,
            "bound": Decimal(0) if isinstance(bound, Bound) else bound,
            "bound_factor": bound.times if isinstance(bound, Bound) else None,
            "bound_operand": own_operand(bound.of, schedule) if isinstance(bound, Bound) else None,
        }
        for comparison, bound in test.bounds
    ]


def _add_values(rows: Rows, set_id: int, ordinal: int, test: Test) -> None:
    for value in [] if isinstance(test, Comparison) else listed(test):
        key = {"condition_set_id": set_id, "ordinal": ordinal}
        if isinstance(value, Span):
            rows.add(tariff.ConditionSpan, **key, first_day=value.first, last_day=value.last)
        else:
            rows.add(tariff.ConditionValue, **key, value=value_words(value))
