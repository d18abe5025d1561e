"""What a report says of a study beside its results, and where it is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rating.errors import RatebookError, require_folder
from rating.memory.database import Months


@dataclass(frozen=True)
class Facts:
    """A study's name, what it asks, its results (the first matters most) and what it was given.

    `scenario` is YAML; `settings` are further things that were asked for, by their names.
    """

    study: str
    question: str
    relations: Sequence[str]
    months: Months = (None, None)
    scenario: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ReportFiles:
    """The page, the folder of charts and that of tables; none: not wanted."""

    html: Path | None = None
    charts: Path | None = None
    tables: Path | None = None

    def check(self) -> "ReportFiles":
        """Raise `RatebookError` where something cannot be written, before anything is rated."""
        problems: list[str] = []
        if self.html and self.html.suffix.lower() not in (".html", ".htm"):
            problems.append(f"{self.html.name} does not end in .html; rename it")
        for path in (self.html, self.charts, self.tables):
            try:
                if path:
                    require_folder(path)
            except RatebookError as error:
                problems.extend(error.messages)
        for folder in (self.charts, self.tables):
            if folder and folder.exists() and not folder.is_dir():
                problems.append(f"{folder.name} is no folder; name another")
        if problems:
            raise RatebookError(*problems)
        return self
