"""URDB rates put together as schedules: one for each rate, or for those that follow each other."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rating.errors import RatebookError
from rating.urdb.draft import Part
from rating.urdb.rate import Rate
from rating.urdb.reading import Finding, Kind

SUFFIX = " (utility company)"
UNKNOWN_ZONE = "UTC"
FOLLOWED = "supersedes"


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


@dataclass(frozen=True)
class _Known:
    """The rates of an import by label, and those that supersede each label."""

    rates: Mapping[str, Rate]
    followers: Mapping[str, Sequence[Rate]]


def code_of(rate: Rate) -> str:
    """The code of a rate's utility: its name in small letters and dashes.

    Raises `RatebookError` where that is nothing.
    """
    name = rate.utility.lower().removesuffix(SUFFIX)
    code = "-".join(re.findall(r"[a-z0-9]+", name))
    if not code:
        raise RatebookError(
            f"{rate.entry.place}: utility {rate.utility!r} has no letter or digit; give it a name"
        )
    return code


def place(rates: Sequence[Rate]) -> list[Placed]:
    """Each rate as a version of a schedule, whose code is the label of its earliest rate.

    A rate that alone supersedes another of the same utility is a later version of its schedule;
    the earlier one ends where it begins. Raises `RatebookError` if two begin on one day.
    """
    placed: list[Placed] = []
    followers: dict[str, list[Rate]] = defaultdict(list)
    for rate in rates:
        followers[rate.supersedes or ""].append(rate)
    known = _Known({rate.label: rate for rate in rates}, followers)
    for chain in _chains(known):
        chain.sort(key=lambda rate: rate.version["effective_from"])
        for rate, later in zip(chain, [*chain[1:], None], strict=True):
            version, told = _ended(rate, later), _told(rate, known)
            placed.append(Placed(told, code_of(rate), chain[0].label, version))
    return placed


def _apart(rate: Rate, before: Rate, known: _Known) -> str | None:
    """Why a rate is no version of one schedule with the rate it supersedes."""
    if code_of(before) != code_of(rate):
        return "it is another utility's"
    if _is_circle(rate, known.rates):
        return "they follow each other in a circle"
    others = [
        one.label
        for one in known.followers[before.label]
        if one is not rate and code_of(one) == code_of(before)
    ]
    if len(others) > 1:
        return f"{len(others)} others supersede it too"
    return f"{others[0]} supersedes it too" if others else None


def _is_circle(rate: Rate, rates: Mapping[str, Rate]) -> bool:
    """Whether a rate comes to supersede itself."""
    seen: set[str] = set()
    label = rate.supersedes or ""
    while label in rates and label not in seen:
        seen.add(label)
        label = rates[label].supersedes or ""
    return rate.label in seen


def _told(rate: Rate, known: _Known) -> Rate:
    """A rate that says what becomes of `supersedes`."""
    if not rate.supersedes:
        return rate
    before = known.rates.get(rate.supersedes)
    kind: Kind = "informational"
    if before is None:
        reason = "the rate it follows, not in this import"
    elif why := _apart(rate, before, known):
        kind, reason = "read as", f"a schedule of its own, for {why}"
    else:
        reason = "the version before it"
    found = Finding(FOLLOWED, rate.supersedes, kind, reason)
    return replace(rate, findings=[*(f for f in rate.findings if f.field != FOLLOWED), found])


def _chains(known: _Known) -> Iterable[list[Rate]]:
    """Rates that follow each other, no two of them the same one; a single rate otherwise."""
    earlier = {
        rate.label: before.label
        for rate in known.rates.values()
        if (before := known.rates.get(rate.supersedes or "")) and not _apart(rate, before, known)
    }
    chains: dict[str, list[Rate]] = defaultdict(list)
    for label, rate in known.rates.items():
        first = label
        while first in earlier:
            first = earlier[first]
        chains[first].append(rate)
    return chains.values()


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
