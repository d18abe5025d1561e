"""What the commands share: options, consoles, months, progress."""

import datetime
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer
from rich.console import Console, RenderableType
from rich.measure import Measurement
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from rating.errors import RatebookError
from rating.run import dbt_build
from rating.show.results import as_json

console = Console(width=max(Console().width, 120), emoji=False)
errors = Console(
    stderr=True, width=max(Console().width, 120), soft_wrap=True, highlight=False, emoji=False
)

Database = Annotated[
    str,
    typer.Option(
        "--database",
        envvar="RATEBOOK_DATABASE_URL",
        help="SQLAlchemy URL of the database, such as duckdb:///FILE.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
Texts = list[str] | None
FirstMonth = Annotated[str | None, typer.Option("--from", help="First billing month, YYYY-MM.")]
LastMonth = Annotated[str | None, typer.Option("--to", help="Last billing month, YYYY-MM.")]
SeedFolders = Annotated[
    list[Path] | None,
    typer.Option("--seeds", help="A folder of tariffs (UTILITY/*.yaml) beside seeds/; repeatable."),
]


def print_json(value: Any) -> None:
    """Print a value as JSON, decimals as exact strings."""
    sys.stdout.write(as_json(value, is_ascii=not is_unicode(sys.stdout)) + "\n")


def is_unicode(stream: TextIO) -> bool:
    """Whether a stream's encoding has every character."""
    return (stream.encoding or "").lower().startswith("utf")


def show(found: Any, shown: RenderableType, json: bool) -> None:
    """Print what was found, as JSON or as it is shown in a terminal."""
    if json:
        print_json(found)
    else:
        print_whole(shown)


def print_whole(shown: RenderableType) -> None:
    """Print what is shown so wide that no number is cut; the terminal breaks its lines."""
    unlimited = console.options.update(max_width=sys.maxsize)
    needed = Measurement.get(console, unlimited, shown).minimum
    Console(width=max(console.width, needed), emoji=False).print(shown)


def parse_run(text: str) -> int:
    """A run's number; raises `RatebookError`."""
    if not re.fullmatch("[1-9][0-9]{0,8}", text):
        raise RatebookError(f"{text} is not a run's number; `ratebook runs` lists the runs")
    return int(text)


def parse_month(text: str) -> datetime.date:
    """A billing month YYYY-MM as its first day; raises `RatebookError`."""
    if not re.fullmatch(r"[1-9]\d{3}-(0[1-9]|1[0-2])", text):
        raise RatebookError(f"{text} is not a billing month; write YYYY-MM, such as 2015-08")
    return datetime.date(int(text[:4]), int(text[5:]), 1)


def parse_months(
    first: str | None, last: str | None
) -> tuple[datetime.date | None, datetime.date | None]:
    """The first and the last of a range of billing months, both included; raises RatebookError."""
    months = (parse_month(first) if first else None, parse_month(last) if last else None)
    if months[0] and months[1] and months[0] > months[1]:
        raise RatebookError(f"--from {first} lies after --to {last}; swap them")
    return months


@contextmanager
def progress_line(what: str) -> Iterator[dbt_build.Progress | None]:
    """A progress line on a terminal, and nothing elsewhere."""
    if not errors.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True) as bar:
        task = bar.add_task(what, total=None)

        def advance(name: str, done: int) -> None:
            bar.update(task, description=f"{what}: {done} done, {name}"[:60])

        yield advance
