"""A URDB rate while it is read: which of its fields were used, and what is said of the others."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from rating.urdb.fields import INFORMATIONAL, Path, members_of, path_words
from rating.urdb.numbers import decimal_of

Kind = Literal["unratable", "not rated", "read as", "informational"]
KINDS: dict[Kind, str] = {
    "unratable": "a price that bills would lack; the version is incomplete",
    "not rated": "of no bill for electricity used; the version is complete without it",
    "read as": "rated, in the sense that is given",
    "informational": "prices nothing",
}


@dataclass(frozen=True)
class Finding:
    """What is said of a field: its place, its value where it is one, what it is and why."""

    field: str
    value: str | None
    kind: Kind
    reason: str


class Reading:
    """The fields of a rate, and what has become of each.

    A leaf that is neither used nor told of counts as unratable: nothing can get lost.
    """

    def __init__(self, fields: dict[str, Any]) -> None:
        self.fields = fields
        self.used: set[Path] = set()
        self._told: dict[Path, list[tuple[Kind, str]]] = {}

    def get(self, *path: str | int) -> Any:
        """A value, or nothing; it counts as used."""
        value = self.peek(*path)
        if value is not None:
            self.used.add(path)
        return value

    def number(self, *path: str | int) -> Decimal | None:
        """A number, or nothing; it counts as used."""
        value = self.get(*path)
        return None if value is None else decimal_of(value)

    def peek(self, *path: str | int) -> Any:
        """A value, or nothing, without any use of it."""
        value: Any = self.fields
        for part in path:
            if isinstance(value, dict):
                value = value.get(str(part))
            elif isinstance(value, list) and isinstance(part, int) and part < len(value):
                value = value[part]
            else:
                return None
        return value

    def tell(self, kind: Kind, path: Path, reason: str) -> None:
        """Say, once, what becomes of a field and of all that it holds."""
        told = self._told.setdefault(path, [])
        if (kind, reason) not in told:
            told.append((kind, reason))

    def findings(self) -> list[Finding]:
        """What is said of the fields, those nobody spoke of last."""
        found = [
            Finding(path_words(path), self._shown(path), kind, reason)
            for path, told in self._told.items()
            for kind, reason in told
        ]
        return found + [self._unspoken(path, value) for path, value in self.left()]

    def left(self, value: Any = None, path: Path = ()) -> Iterator[tuple[Path, Any]]:
        """(place, value) of the leaves that were neither used nor told of."""
        value = value if path else self.fields
        if path in self.used or path in self._told:
            return
        members = members_of(value)
        if not members:
            yield path, value
        for name, member in members:
            yield from self.left(member, (*path, name))

    def is_spoken(self, path: Path) -> bool:
        """Whether a field was used or told of."""
        return path in self.used or path in self._told

    def _unspoken(self, path: Path, value: Any) -> Finding:
        field, shown = path_words(path), self._shown(path)
        if path[0] in INFORMATIONAL:
            return Finding(field, shown, "informational", INFORMATIONAL[str(path[0])])
        if value is None or value in ([], {}):
            return Finding(field, shown, "informational", "blank")
        return Finding(field, shown, "unratable", "Ratebook has no use for it")

    def _shown(self, path: Path) -> str | None:
        value = self.peek(*path)
        if value is None or isinstance(value, dict | list):
            return None
        return json.dumps(value) if isinstance(value, bool) else str(value)
