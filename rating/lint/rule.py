"""What a rule of `ratebook lint` is, and the register of all rules by name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

SEVERITIES = ("error", "warning", "info")

# (schedule_id, version_id or none, sheet_id or none, subject, finding in one sentence)
Found = Sequence[Any]
Find = Callable[[duckdb.DuckDBPyConnection], Sequence[Found]]


@dataclass(frozen=True)
class Rule:
    """A rule: how bad its findings are, what it looks for, and how it finds that.

    An error makes bills impossible or rests on texts that contradict each other; a warning is
    doubtful but rates; an info is for the reader.
    """

    severity: str
    about: str
    find: Find


RULES: dict[str, Rule] = {}


def rule(severity: str) -> Callable[[Find], Find]:
    """Register a function as the rule of its name; its docstring says what it looks for."""

    def register(find: Find) -> Find:
        about = " ".join((find.__doc__ or "").split())
        RULES[find.__name__] = Rule(severity, about, find)
        return find

    return register


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[Found]:
    """The findings that a query gives."""
    return list(connection.execute(query).fetchall())


def number(expression: str) -> str:
    """SQL for a decimal without trailing zeros."""
    return f"rtrim(rtrim(cast({expression} as varchar), '0'), '.')"


# Two versions, `earlier` and `later`, of whatever schedules, hold on some day alike.
BOTH_HOLD = """one.effective_from < coalesce(other.effective_to, date '9999-12-31')
        and other.effective_from < coalesce(one.effective_to, date '9999-12-31')"""
