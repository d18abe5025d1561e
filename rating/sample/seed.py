"""The files that the sample is made from, read and validated: seeds/sample/UTILITY/*.yaml.

Each field of `SharedFiles` and `UtilityFiles` is a file of its name. What the values mean stands
at the top of each file.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError, model_validator

from rating.errors import RatebookError
from rating.project import SEEDS
from rating.sample.costs import Cost
from rating.sample.parts import Facts, Weather
from rating.sample.plants import Planted
from rating.sample.profiles import DRAWN_FROM, SHARES, Profile, Rider, Shape, UnitChoice
from rating.sample.scripts import Script
from rating.seed.parts import Part
from rating.seed.strict_yaml import Loader

SAMPLE = SEEDS / "sample"
SHARED_FOLDER = "shared"

Files = TypeVar("Files", bound=BaseModel)


class SharedFiles(Part):
    """The files of the folder that all utilities share."""

    weather: Weather
    shapes: dict[str, Shape]


class UtilityFiles(Part):
    """The files of a utility's folder."""

    utility: Facts
    profiles: list[Profile]
    scripts: list[Script]
    riders: dict[str, Rider] = {}
    units: list[UnitChoice] = []
    costs: list[Cost] = []
    planted: Planted = Planted()

    @property
    def code(self) -> str:
        """The utility's code."""
        return self.utility.utility

    @model_validator(mode="after")
    def _that_names_are_there(self) -> "UtilityFiles":
        profiles, scripts = self.profiles, self.scripts
        partners = [script.partner for script in scripts]
        riders = [script.rider.code for script in scripts if script.rider]
        riders += [rider.replaced.by for rider in self.riders.values() if rider.replaced]
        _refuse("profile", [one.name for one in profiles], [one.host for one in profiles])
        _refuse("script", [one.name for one in scripts], [*partners, *self.planted.scripts()])
        _refuse("rider", [*self.riders], riders)
        return self

    @model_validator(mode="after")
    def _that_shares_add_up(self) -> "UtilityFiles":
        total = sum(profile.share for profile in self.profiles)
        if total != SHARES:
            raise ValueError(f"the shares of the profiles make {total}; they must make {SHARES}")
        taken = Counter[str]()
        for rider in self.riders.values():
            taken.update(rider.of_1024)
        for schedule, share in taken.items():
            if share > DRAWN_FROM:
                raise ValueError(f"riders take {share} of {DRAWN_FROM} agreements of {schedule}")
        return self


@dataclass(frozen=True)
class SampleSeed:
    """All files; `main` is the utility that has all agreements that are not another's."""

    shared: SharedFiles
    utilities: Sequence[UtilityFiles]

    @property
    def main(self) -> UtilityFiles:
        """The utility whose part of the agreements is what the others leave."""
        return next(one for one in self.utilities if one.utility.percent is None)


class _Loader(Loader):
    """The YAML of seed files, whose numbers with a point are decimals that keep their digits."""


def _decimal(_: yaml.SafeLoader, node: yaml.ScalarNode) -> Decimal | str:
    """A number with a point; other ways to write one are text."""
    plain = re.fullmatch(r"[+-]?\d+\.\d+", node.value)
    return Decimal(node.value) if plain else str(node.value)


_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)


def read_sample(folder: Path = SAMPLE) -> SampleSeed:
    """The files below a folder. Raises `RatebookError`, a sentence for all that is wrong."""
    problems: list[str] = []
    shared = _read(folder / SHARED_FOLDER, SharedFiles, problems)
    folders = sorted(path for path in folder.glob("*/") if path.name != SHARED_FOLDER)
    read = [_read(path, UtilityFiles, problems) for path in folders]
    utilities = [one for one in read if one]
    if shared and not problems:
        problems.extend(f"{folder}: {words}" for words in _across(shared, utilities))
    if problems or not shared:
        raise RatebookError(*problems)
    return SampleSeed(shared, utilities)


def _read(folder: Path, form: type[Files], problems: list[str]) -> Files | None:
    """The files of a folder; adds what is wrong with them."""
    found = len(problems)
    content = {}
    for file in sorted(folder.glob("*.yaml")):
        try:
            content[file.stem] = yaml.load(file.read_text("utf-8"), _Loader)  # noqa: S506
        except (yaml.YAMLError, OSError, ValueError) as error:
            problems.append(f"{file}: is not readable YAML: {' '.join(str(error).split())}")
    if len(problems) > found:
        return None
    try:
        return form.model_validate(content)
    except ValidationError as error:
        problems.extend(dict.fromkeys(_sentences(folder, content, error)))
        return None


def _sentences(folder: Path, content: Any, error: ValidationError) -> Iterator[str]:
    """What is wrong with the values of a folder, each by its file and place."""
    for problem in error.errors(include_url=False):
        file, *location = problem["loc"] or (None,)
        place = f"{folder / str(file)}.yaml" if file else str(folder)
        names = " ".join(_names(content.get(file), location))
        words = problem["msg"].removeprefix("Value error, ")
        yield ": ".join(part for part in (place, names, words[0].lower() + words[1:]) if part)


def _names(content: Any, location: Iterable[int | str]) -> Iterator[str]:
    """The parts of a location in words: a mapping of a list by its name where it has one."""
    for part in location:
        if isinstance(content, dict):
            content = content.get(part)
            yield str(part)
        elif isinstance(content, list) and isinstance(part, int) and part < len(content):
            content = content[part]
            named = content.get("name") if isinstance(content, dict) else None
            yield str(named or f"no. {part + 1}")


def _across(shared: SharedFiles, utilities: Sequence[UtilityFiles]) -> Iterator[str]:
    """What is wrong between the folders."""
    rest = [one for one in utilities if one.utility.percent is None]
    if len(rest) != 1:
        yield f"{len(rest)} utilities have percent: null; exactly one takes what others leave"
    for what in ("scripts", "profiles"):
        names = Counter(one.name for each in utilities for one in getattr(each, what))
        for name in (name for name, count in names.items() if count > 1):
            yield f"{name} is twice among the {what}; name each once"
    for profile in (one for each in utilities for one in each.profiles):
        if profile.shape not in shared.shapes:
            yield f"profile {profile.name}: the shape {profile.shape} is not there; add it"


def _refuse(what: str, known: Sequence[str], named: Iterable[str | None]) -> None:
    """Refuses names of what is not there."""
    for name in named:
        if name and name not in known:
            raise ValueError(f"the {what} {name} is named but not there; add it")
