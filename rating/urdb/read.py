"""URDB rates read from JSON files: every refusal names the file, the rate and the field."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rating.errors import RatebookError, first_of
from rating.urdb.fields import NO_CHARACTER, NO_TEXT, path_words, problems
from rating.urdb.numbers import BadNumber, fraction, whole

MOST_BYTES = 500_000_000
LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
IDENTITY = ("label", "utility")


@dataclass(frozen=True)
class Entry:
    """A rate as its file has it; `fields` are by lower-case name, their numbers exact."""

    place: str
    fields: dict[str, Any]

    @property
    def label(self) -> str:
        """What tells the rate from all others."""
        return str(self.fields["label"])


class _TwiceError(Exception):
    """A key that stands twice in one mapping."""


class _HalfError(Exception):
    """A key that holds a character which is none."""


def read_rates(files: Sequence[Path]) -> list[Entry]:
    """All rates of files that hold one rate, a list, an answer of the API, or a rate a line.

    Raises `RatebookError` with a sentence for everything that is wrong; nothing is passed over.
    """
    entries: dict[str, Entry] = {}
    sentences: list[str] = []
    for file in files:
        for entry in _entries(file):
            found = list(_sentences(entry))
            sentences += found
            if not found:
                known = entries.setdefault(entry.label, entry)
                if known.fields != entry.fields:
                    sentences.append(
                        f"{entry.place}: stands in {known.place} too, and differs; keep one of them"
                    )
    if sentences:
        raise RatebookError(*first_of(sentences))
    return list(entries.values())


def _entries(file: Path) -> Iterator[Entry]:
    rates = list(_rates(file, _text(file)))
    if not rates:
        raise RatebookError(f"{file.name}: holds no rate; give it one, or a list under items")
    for place, rate in rates:
        if not isinstance(rate, dict):
            raise RatebookError(f"{place}: is no rate; write a mapping with label, utility …")
        fields = {str(name).lower(): value for name, value in rate.items()}
        if len(fields) < len(rate):
            raise RatebookError(f"{place}: has a field twice, in large and small letters")
        label = fields.get("label")
        is_name = isinstance(label, str) and not NO_CHARACTER.search(label)
        yield Entry(f"{place} ({label})" if is_name else place, fields)


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise RatebookError(f"{file.name}: is larger than {MOST_BYTES:,} bytes; split it")
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise RatebookError(f"{file.name}: is not UTF-8 text; save it as such") from None
    except OSError as error:
        raise RatebookError(f"{file}: cannot be read: {error.strerror}; name another") from None


def _rates(file: Path, text: str) -> Iterator[tuple[str, Any]]:
    """(place, rate) of each rate of a file."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if len(lines) > 1 and _is_whole(lines[0][1]):
        for number, line in lines:
            yield f"{file.name}:{number}", _parsed(file, line, number)
        return
    content = _parsed(file, text, 1)
    if isinstance(content, dict) and "items" in content:
        content = content["items"]
    if not isinstance(content, list):
        yield f"{file.name}: rate 1", content
        return
    for number, rate in enumerate(content, start=1):
        yield f"{file.name}: rate {number}", rate


def _is_whole(line: str) -> bool:
    """Whether a file's first line is a rate by itself."""
    try:
        return isinstance(json.loads(line, parse_int=str), dict)
    except (ValueError, RecursionError):
        return False


def _parsed(file: Path, text: str, first_line: int) -> Any:
    try:
        return json.loads(
            text,
            parse_float=fraction,
            parse_int=whole,
            parse_constant=BadNumber,
            object_pairs_hook=_mapping,
        )
    except json.JSONDecodeError as error:
        line = first_line + error.lineno - 1
        words = f"{error.msg[:1].lower()}{error.msg[1:]}"
        raise RatebookError(
            f"{file.name}:{line}: is not readable JSON: {words} at character {error.colno}"
        ) from None
    except _TwiceError as error:
        raise RatebookError(f"{file.name}: has the field {error} twice in one mapping") from None
    except _HalfError as error:
        raise RatebookError(f"{file.name}: has the field {error}, which {NO_TEXT}") from None
    except RecursionError:
        raise RatebookError(f"{file.name}:{first_line}: nests too deep to be a rate") from None


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping: dict[str, Any] = {}
    for name, value in pairs:
        if name in mapping:
            raise _TwiceError(name)
        if NO_CHARACTER.search(name):
            raise _HalfError(ascii(name))
        mapping[name] = value
    return mapping


def _sentences(entry: Entry) -> Iterator[str]:
    for name in IDENTITY:
        value = entry.fields.get(name)
        if not isinstance(value, str) or not value.strip():
            yield f"{entry.place}: lacks {name}; add it"
        elif name == "label" and not LABEL.fullmatch(value):
            yield (
                f"{entry.place}: label is not of up to 64 letters, digits, points,"
                " dashes and underscores, a letter or digit first; correct it"
            )
    for path, words in problems(entry.fields):
        yield f"{entry.place}: {path_words(path)} {words}"
