"""Texts, values and names as parts of an SQL statement."""

import datetime
from decimal import Decimal


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def value_of(value: object) -> str:
    """A number, day, text or truth value, a list of them or None, as an SQL literal of its type."""
    if value is None:
        return "null"
    if isinstance(value, list):
        return f"[{', '.join(map(value_of, value))}]"
    if isinstance(value, int | Decimal):
        return str(value)
    return f"date '{value}'" if isinstance(value, datetime.date) else literal(str(value))


def identifier(name: str) -> str:
    """A name as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def number(expression: str) -> str:
    """SQL for a decimal as text without trailing zeros."""
    return f"rtrim(rtrim(cast({expression} as varchar), '0'), '.')"
