"""What a rule of `ratebook lint` is, and SQL that rules share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

SEVERITIES = ("error", "warning", "info")

# (schedule_id, version_id or none, sheet_id or none, subject, finding in one sentence)
Found = Sequence[Any]


@dataclass(frozen=True)
class Rule:
    """A rule: how bad its findings are, what it looks for, and the query or function that finds it.

    An error makes bills impossible or rests on texts that contradict each other; a warning is
    doubtful but rates; an info is for the reader.
    """

    severity: str
    about: str
    finds: str | Callable[[duckdb.DuckDBPyConnection], Sequence[Found]]

    def found(self, connection: duckdb.DuckDBPyConnection) -> Sequence[Found]:
        """What it finds in the tariffs of a database."""
        if isinstance(self.finds, str):
            return connection.execute(self.finds).fetchall()
        return self.finds(connection)


# Two versions, `one` and `other`, of whatever schedules, hold on some day alike.
BOTH_HOLD = """one.effective_from < coalesce(other.effective_to, date '9999-12-31')
        and other.effective_from < coalesce(one.effective_to, date '9999-12-31')"""
