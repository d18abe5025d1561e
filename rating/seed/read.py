"""Seed files read and validated: every refusal names the file, the place and the remedy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from rating.errors import RatebookError, first_of
from rating.seed.format import ScheduleSeed, UtilitySeed
from rating.seed.strict_yaml import Loader
from rating.seed.together import UTILITY_FILE, check_together, place

Seed = TypeVar("Seed", bound=BaseModel)
ENDING = ".yaml"


@dataclass(frozen=True)
class Book:
    """What one utility's folder of seed files says."""

    utility: UtilitySeed
    schedules: Sequence[ScheduleSeed]


def read_books(folders: Sequence[Path]) -> list[Book]:
    """All utilities' books below seed folders (FOLDER/UTILITY/*.yaml).

    A utility may be spread over several folders; just one of them holds its utility.yaml.
    Raises `RatebookError` with one sentence for everything that is wrong.
    """
    utilities: list[tuple[Path, UtilitySeed]] = []
    schedules: list[tuple[Path, ScheduleSeed]] = []
    problems: list[str] = []
    unread = ""
    for file in _seed_files(folders):
        try:
            if file.suffix != ENDING:
                name = file.with_suffix(ENDING).name
                problems.append(f"{place(file)}: is not read; name it {name} or move it away")
            elif file.name == UTILITY_FILE:
                utilities.append((file, read_seed(file, UtilitySeed)))
            else:
                schedules.append((file, read_seed(file, ScheduleSeed)))
        except RatebookError as error:
            problems.extend(error.messages)
            unread += "" if file.name == UTILITY_FILE else file.read_text("utf-8", "replace")
    problems.extend(check_together(utilities, schedules, _refused(folders, utilities), unread))
    if problems:
        raise RatebookError(*problems)
    return [
        Book(utility, [seed for _, seed in schedules if seed.utility == utility.utility])
        for utility in sorted((seed for _, seed in utilities), key=lambda seed: seed.utility)
    ]


def _seed_files(folders: Sequence[Path]) -> Iterator[Path]:
    for folder in folders:
        files = sorted(
            file for file in folder.glob("*/*") if file.suffix.lower() in (ENDING, ".yml")
        )
        if not files:
            raise RatebookError(
                f"{folder} holds no seed files; name a folder with UTILITY/*.yaml below it"
            )
        yield from files


def _refused(folders: Sequence[Path], utilities: Sequence[tuple[Path, UtilitySeed]]) -> set[str]:
    """The names of the utilities' folders whose utility.yaml is there and was not accepted."""
    present = {file.parent.name for folder in folders for file in folder.glob(f"*/{UTILITY_FILE}")}
    return present - {file.parent.name for file, _ in utilities}


def read_seed(
    file: Path, form: type[Seed], guide: str = "docs/transcribing.md", named: str | None = None
) -> Seed:
    """A YAML file in one of the forms; raises `RatebookError` with file, line and field.

    `guide` is the page that describes the form; `named` what the file is called, if not as a seed.
    """
    named = named or place(file)
    try:
        loader = Loader(file.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        content = None if node is None else loader.construct_document(node)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise RatebookError(f"{named}: is not readable YAML: {_yaml_words(error)}") from None
    if not isinstance(content, dict):
        first = [f"{name}:" for name, one in form.model_fields.items() if one.is_required()][:2]
        raise RatebookError(f"{named}: holds no mapping; begin with {' and '.join(first)}")
    try:
        return form.model_validate(content)
    except ValidationError as error:
        raise RatebookError(*_sentences(named, node, error, guide)) from None


def _yaml_words(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deep"
    if isinstance(error, UnicodeDecodeError):
        return "it is no UTF-8 text"
    mark = getattr(error, "problem_mark", None)
    words = getattr(error, "problem", None) or str(error).splitlines()[0]
    return f"line {mark.line + 1}: {words}" if mark else words


def _sentences(file: str, node: yaml.Node | None, error: ValidationError, guide: str) -> list[str]:
    sentences = []
    for problem in error.errors(include_url=False):
        found, line, named = _locate(node, problem["loc"])
        words = _words(problem, guide)
        if key := _strange_key(found, problem):
            line, words = key.start_mark.line + 1, f"has a key {key.value} that {NO_TEXT}"
        sentences.append(f"{file}:{line}: {named} {words}")
    return first_of(list(dict.fromkeys(sentences)), f"{file}: ")


NO_TEXT = "is no text; write a name, in quotes where it is a number, a date, yes or on"
# Of values of another kind than the field's.
_WRONG_KIND = {
    "too_short": "is empty; give at least one",
    "string_type": NO_TEXT,
    "model_type": "is no mapping; write its fields, see {guide}",
    "dict_type": "is no mapping; write its fields, see {guide}",
    "list_type": "is no list; begin each of its parts with a dash, see {guide}",
    **dict.fromkeys(
        ("int_parsing", "int_type", "int_from_float"),
        "is no whole number; write its digits, a month as 1 to 12",
    ),
    **dict.fromkeys(
        ("date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact", "date_type"),
        "is no date; write YYYY-MM-DD",
    ),
}


def _words(problem: Any, guide: str) -> str:
    if problem["type"] == "missing":
        field = problem["loc"][-1]
        return "cites no sheet" if field == "sheet" else f"lacks {field}; add it"
    if problem["type"] == "extra_forbidden":
        return f"has an unknown field {problem['loc'][-1]}; see {guide}"
    if problem["type"] == "string_type" and problem["input"] is None:
        return "is blank; fill it in"
    if problem["type"] in _WRONG_KIND:
        return _WRONG_KIND[problem["type"]].format(guide=guide)
    return str(problem["msg"]).removeprefix("Value error, ").removeprefix("Input ")


def _locate(
    node: yaml.Node | None, location: Sequence[int | str]
) -> tuple[yaml.Node | None, int, str]:
    """A place in a file, its line, and its name in words (`charges energy`).

    What pydantic adds to a location, such as the form that a value has, is nothing in the file.
    """
    line, names = 1, []
    for part in location:
        found = _child(node, part)
        if found is None:
            continue
        node = found
        line = node.start_mark.line + 1
        names.append(part if isinstance(part, str) else _name_of(node) or f"no. {part + 1}")
    return node, line, " ".join(names) or "the file"


def _strange_key(node: yaml.Node | None, problem: Any) -> yaml.ScalarNode | None:
    """The first key of a mapping that is no text, if that is the problem."""
    is_of_key = problem["type"] == "invalid_key" or problem["loc"][-1:] == ("[key]",)
    pairs = node.value if is_of_key and isinstance(node, yaml.MappingNode) else []
    return next((key for key, _ in pairs if key.tag != Loader.DEFAULT_SCALAR_TAG), None)


def _child(node: yaml.Node | None, part: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
        return node.value[part] if part < len(node.value) else None
    if isinstance(node, yaml.MappingNode) and isinstance(part, str):
        return next((value for key, value in node.value if key.value == part), None)
    return None


def _name_of(node: yaml.Node) -> str | None:
    for key in ("code", "name", "effective_from", "split", "rider", "slice"):
        child = _child(node, key)
        if isinstance(child, yaml.ScalarNode) and child.value.strip():
            return str(child.value)
    return None
