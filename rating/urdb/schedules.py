"""URDB rates put together as schedules: one for each rate, or for those that follow each other."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rating.errors import RatebookError
from rating.urdb.draft import Part
from rating.urdb.rate import Rate

SUFFIX = " (utility company)"
UNKNOWN_ZONE = "UTC"


@dataclass(frozen=True)
class Imported:
    """A utility's seed documents: its own, and one for each schedule, by its code."""

    utility: Part
    schedules: Mapping[str, Part]


@dataclass(frozen=True)
class Placed:
    """A rate as a version of its schedule."""

    rate: Rate
    utility: str
    schedule: str
    version: Part


@dataclass
class _Utility:
    name: str
    rates: list[Rate] = field(default_factory=list)


def code_of(utility: str) -> str:
    """A utility's code: its name in small letters and dashes. Raises `RatebookError`."""
    name = utility.lower().removesuffix(SUFFIX)
    code = "-".join(re.findall(r"[a-z0-9]+", name))
    if not code:
        raise RatebookError(f"the utility {utility!r} has no letter or digit; give it a name")
    return code


def place(rates: Sequence[Rate]) -> list[Placed]:
    """Each rate as a version of a schedule, whose code is the label of its earliest rate.

    A rate that supersedes another of the same utility is a later version of its schedule; the
    earlier one ends where it begins. Raises `RatebookError` if two begin on one day.
    """
    placed: list[Placed] = []
    for chain in _chains({rate.label: rate for rate in rates}):
        chain.sort(key=lambda rate: rate.version["effective_from"])
        for rate, later in zip(chain, [*chain[1:], None], strict=True):
            version = _ended(rate, later)
            placed.append(Placed(rate, code_of(rate.utility), chain[0].label, version))
    return placed


def _chains(rates: Mapping[str, Rate]) -> Iterator[list[Rate]]:
    """Rates that follow each other, no two of them the same one; a single rate otherwise."""
    followers = Counter(rate.supersedes for rate in rates.values() if rate.supersedes)
    earlier: dict[str, str] = {}
    for rate in rates.values():
        label = rate.supersedes or ""
        before = rates.get(label)
        if before is None or before is rate or before.utility != rate.utility:
            continue
        if followers[label] == 1:
            earlier[rate.label] = before.label
    chains: dict[str, list[Rate]] = defaultdict(list)
    for label, rate in rates.items():
        first, seen = label, {label}
        while first in earlier and earlier[first] not in seen:
            first = earlier[first]
            seen.add(first)
        chains[first if first not in earlier else label].append(rate)
    yield from chains.values()


def _ended(rate: Rate, later: Rate | None) -> Part:
    """The version of a rate, ended where the next one begins."""
    version = dict(rate.version)
    if later is None:
        return version
    start = later.version["effective_from"]
    if start == version["effective_from"]:
        raise RatebookError(
            f"{later.entry.place}: begins on {start} like {rate.label}, which it supersedes;"
            " correct one startdate"
        )
    if version.get("effective_to") is None or version["effective_to"] > start:
        version["effective_to"] = start
    return version


def documents(placed: Sequence[Placed], time_zone: str | None) -> dict[str, Imported]:
    """The seed documents of each utility, by its code."""
    utilities: dict[str, list[Placed]] = defaultdict(list)
    for one in placed:
        utilities[one.utility].append(one)
    return {
        code: Imported(_utility(code, found, time_zone), _schedules(code, found))
        for code, found in sorted(utilities.items())
    }


def _utility(code: str, placed: Sequence[Placed], time_zone: str | None) -> Part:
    rates = [one.rate for one in placed]
    return {
        "utility": code,
        "name": rates[0].utility,
        "time_zone": time_zone or UNKNOWN_ZONE,
        "read_determinants": sorted({name for rate in rates for name in rate.read_determinants}),
        "agreement_determinants": sorted(
            {name for rate in rates for name in rate.agreement_determinants}
        ),
        "documents": [{"document": rate.document, "title": rate.document_title} for rate in rates],
    }


def _schedules(code: str, placed: Sequence[Placed]) -> dict[str, Part]:
    schedules: dict[str, dict[str, Any]] = {}
    for one in placed:
        versions = [*schedules.get(one.schedule, {}).get("versions", []), one.version]
        schedules[one.schedule] = {
            "utility": code,
            "schedule": one.schedule,
            "title": one.rate.name,
            "kind": "rate",
            "document": one.rate.document,
            "versions": versions,
        }
    return schedules
