"""A schedule written as URDB rates, one for each version, with remarks on what they leave out."""

import datetime
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL

from rating.errors import writing_to
from rating.store.database import engine_for, open_duckdb, require_tables
from rating.urdb.draft import Part
from rating.urdb.export_draft import Remark
from rating.urdb.export_rate import rate_of
from rating.urdb.export_rows import Row, VersionRows, read_versions
from rating.urdb.numbers import instant_of
from rating.urdb.rate import COMMENTS, DOCUMENT, EARLIEST, LACKS

ONE_DAY = datetime.timedelta(days=1)
MARK = "\N{INFORMATION SEPARATOR ONE}"


@dataclass(frozen=True)
class RateWritten:
    """A rate that was written: its label, its version, and what it does not say."""

    label: str
    effective_from: str
    remarks: Sequence[Remark]


def export_schedule(
    url: URL, schedule: str, file: Path, utility: str | None = None
) -> list[RateWritten]:
    """Write the versions of a schedule to FILE as URDB rates, under `items`.

    Raises `RatebookError` where there is no such schedule, or several, or the file cannot be made.
    """
    with open_duckdb(url) as database:
        require_tables(database)
    with engine_for(url, read_only=True).connect() as connection:
        versions = read_versions(connection, schedule, utility)
    items: list[Part] = []
    written: list[RateWritten] = []
    for version in versions:
        fields, remarks = rate_of(version)
        label = label_of(version)
        before = {"supersedes": written[-1].label} if written else {}
        items.append({"label": label, **_identity(version), **_lacks(remarks), **before, **fields})
        written.append(RateWritten(label, str(version.row["effective_from"]), remarks))
    with writing_to(file):
        file.write_text(as_json({"items": items}), encoding="utf-8")
    return written


def label_of(version: VersionRows) -> str:
    """A rate's own label if it came from URDB; else one of utility, schedule and date."""
    if _is_urdb(version.row):
        return str(version.row["document"]).removeprefix(DOCUMENT)
    parts = (version.row["utility"], version.row["schedule"], version.row["effective_from"])
    return re.sub(r"[^A-Za-z0-9._-]+", "-", "_".join(map(str, parts)))[-64:].lstrip("._-")


def _is_urdb(row: Row) -> bool:
    """Whether a version came from URDB."""
    return str(row["document"]).startswith(DOCUMENT)


def _identity(version: VersionRows) -> Part:
    row = version.row
    start, end = row["effective_from"], row["effective_to"]
    return {
        "utility": row["utility_name"],
        "name": row["title"],
        "approved": row["status"] == "complete",
        **({"startdate": instant_of(start)} if start != EARLIEST else {}),
        **({"enddate": instant_of(end - ONE_DAY)} if end else {}),
        "source": row["document_title"]
        if _is_urdb(row)
        else f"{row['document_title']}, {row['page']}",
    }


def _lacks(remarks: Sequence[Remark]) -> Part:
    """What marks a rate that does not say all of its schedule."""
    if not remarks:
        return {}
    words = "; ".join(f"{remark.what} {remark.why}" for remark in remarks)
    return {"approved": False, COMMENTS: f"{LACKS}{words}"}


def as_json(value: Any) -> str:
    """JSON whose numbers have the digits of the decimals."""
    text = json.dumps(value, default=_digits, ensure_ascii=False, indent=1)
    text = re.sub(f'"{re.escape(json.dumps(MARK)[1:-1])}([^"]*)"', r"\1", text)
    return re.sub(r"\[\s+((?:[\w.-]+,\s+)*[\w.-]+)\s+\]", _on_one_line, text) + "\n"


def _digits(number: Any) -> str:
    if not isinstance(number, Decimal):
        raise TypeError(f"{number!r} is no value of a URDB rate")
    return f"{MARK}{number:f}"


def _on_one_line(found: re.Match[str]) -> str:
    return "[" + re.sub(r"\s+", " ", found.group(1)) + "]"
