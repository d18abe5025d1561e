"""What a scheduled command says of itself on stderr as JSON, one object a line, if asked to."""

import datetime
import json
import sys
from typing import Annotated, Any

import typer

from rating.errors import RatebookError

TEXT, JSON = "text", "json"
_chosen = {"format": TEXT}


def _choose(value: str) -> str:
    if value not in (TEXT, JSON):
        raise RatebookError(f"--log-format {value} is unknown; write {TEXT} or {JSON}")
    _chosen["format"] = value
    return value


LogFormat = Annotated[
    str,
    typer.Option(
        "--log-format",
        callback=_choose,
        help="How stderr tells what happened: text, or json, one object a line.",
    ),
]


def is_on() -> bool:
    """Whether the command was asked for JSON."""
    return _chosen["format"] == JSON


def reset() -> None:
    """Text again, as a command begins."""
    _chosen["format"] = TEXT


def log(event: str, *, level: str = "info", **values: Any) -> None:
    """Write a line if asked to: time (UTC), level (info or error), event, and its values.

    Decimals are exact strings, dates ISO text.
    """
    if is_on():
        time = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
        line = {"time": time, "level": level, "event": event, **values}
        sys.stderr.write(json.dumps(line, default=str, ensure_ascii=False) + "\n")
