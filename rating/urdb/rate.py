"""A URDB rate turned into a version of a schedule, with a finding for all that is not rated."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rating.errors import RatebookError
from rating.urdb.demand import (
    Demand,
    add_coincident,
    add_demand,
    add_reactive,
    read_coincident,
    read_flat,
    read_timed,
)
from rating.urdb.draft import Draft, Part
from rating.urdb.energy import Energy, add_energy, energy_by_month, read_energy
from rating.urdb.fixed import add_fixed, add_fuel, add_minimum, fuel_by_month
from rating.urdb.numbers import day_of
from rating.urdb.ratchet import MONTHLY, PERCENT, read_ratchets
from rating.urdb.read import Entry
from rating.urdb.reading import Finding, Reading
from rating.urdb.times import seasons_of
from rating.urdb.use import read_use

DOCUMENT = "urdb:"
EARLIEST = datetime.date(1900, 1, 1)
ONE_DAY = datetime.timedelta(days=1)
FIXED_ATTRIBUTES = "fixedattrs"
ATTRIBUTES = ("energyattrs", "demandattrs", FIXED_ATTRIBUTES)
PERIOD_LABEL, PERIOD_NAME = "tou-", re.compile(r"\d{1,2}|\D*")
COMMENTS, LACKS = "basicinformationcomments", "URDB cannot say: "
# What prices nothing by itself, without the structure it belongs to.
OF_DEMAND = (
    "demandrateunit", "demandweekdayschedule", "demandweekendschedule", "flatdemandunit",
    "flatdemandmonths", "coincidentrateunit", "coincidentschedule", "coincidentrateschedule",
    "demandwindow",
)  # fmt: skip


@dataclass(frozen=True)
class Rate:
    """A rate as a version of a schedule: a part of a seed document, and what is said of it."""

    entry: Entry
    utility: str
    name: str
    supersedes: str | None
    version: Part
    read_determinants: frozenset[str]
    agreement_determinants: frozenset[str]
    findings: Sequence[Finding]

    @property
    def label(self) -> str:
        """What tells the rate from all others."""
        return self.entry.label

    @property
    def document(self) -> str:
        """The book that the version cites: the rate itself."""
        return f"{DOCUMENT}{self.label}"

    @property
    def document_title(self) -> str:
        """Where the rate was read, as URDB says it."""
        found = [self.entry.fields.get(name) or "" for name in ("source", "uri")]
        words = [" ".join(str(one).split()) for one in found]
        return "; ".join(filter(None, words)) or f"URDB rate {self.label}"


def convert(entry: Entry) -> Rate:
    """The version that a rate comes to. Raises `RatebookError` where its dates are no dates."""
    reading = Reading(entry.fields)
    draft = Draft(reading)
    utility, name = str(reading.get("utility")), str(reading.get("name") or "")
    reading.get("label")
    dates = _dates(entry, reading)
    _add_prices(draft)
    _tell_rest(reading)
    version = {**dates, "document": f"{DOCUMENT}{entry.label}", "sheet": "name"}
    return Rate(
        entry=entry,
        utility=" ".join(utility.split()),
        name=" ".join(name.split()) or entry.label,
        supersedes=reading.peek("supersedes"),
        version=version | _status(reading, draft) | draft.version(),
        read_determinants=frozenset(draft.read_determinants),
        agreement_determinants=frozenset(draft.agreement_determinants),
        findings=reading.findings(),
    )


def _add_prices(draft: Draft) -> None:
    reading = draft.reading
    energy, flat, timed = read_energy(reading), read_flat(reading), read_timed(reading)
    coincident = read_coincident(reading)
    priced = [one for one in (flat, timed) if one and not one.is_free]
    draft.ratchets = _ratchets(reading, energy, priced)
    by_month = [one.hours.by_month for one in [*priced, *([coincident] if coincident else [])]]
    draft.seasons = seasons_of([energy_by_month(energy), fuel_by_month(draft), *by_month])
    timed_hours = timed.hours if timed and timed in priced else None
    use = read_use(draft, energy.hours if energy else None, timed_hours)
    add_fixed(draft)
    if energy:
        add_energy(draft, energy, use)
    for one in priced:
        add_demand(draft, one, use)
    if coincident:
        add_coincident(draft, coincident)
    add_reactive(draft)
    add_fuel(draft)
    add_minimum(draft)


def _ratchets(reading: Reading, energy: Energy | None, priced: Sequence[Demand]) -> list[Part]:
    """The ratchets, where there is a demand of all hours for them to work on."""
    found = read_ratchets(reading)
    timed = [one for one in priced if one.hours.vary_by_hour]
    ladders = energy.ladders.values() if energy else []
    by_demand = any("/" in unit for ladder in ladders if ladder for unit in ladder.units)
    for field in (PERCENT, MONTHLY) if found else ():
        if reading.peek(field) is None:
            continue
        if timed and len(timed) == len(priced):
            reading.tell("unratable", (field,), "does not say of which period's demand it is")
        elif timed:
            reading.tell("read as", (field,), "of the demand of all hours, not of a period's")
        elif not priced and not by_demand:
            reading.tell("not rated", (field,), "no demand has a price")
    return [] if timed and len(timed) == len(priced) else found


def _dates(entry: Entry, reading: Reading) -> Part:
    found = {}
    for name in ("startdate", "enddate"):
        seconds = reading.number(name)
        found[name] = None if seconds is None else day_of(seconds)
        if seconds is not None and (found[name] is None or str(found[name]) < str(EARLIEST)):
            raise RatebookError(
                f"{entry.place}: {name} is {seconds}; write seconds since 1970 of a day from"
                f" {EARLIEST.year} on"
            )
    start, end = found["startdate"] or EARLIEST, found["enddate"]
    if end and end < start:
        reading.tell("unratable", ("enddate",), f"{end} lies before the start on {start}")
        end = None
    return {"effective_from": start, **({"effective_to": end + ONE_DAY} if end else {})}


def _tell_rest(reading: Reading) -> None:
    """Say what becomes of the fields that change no version's prices."""
    for name in ATTRIBUTES:
        pairs = reading.peek(name)
        for index, pair in enumerate(pairs if isinstance(pairs, list) else []):
            _tell_attribute(reading, name, index, pair)
    for name in ("dgrules", "usenetmetering"):
        if reading.peek(name):
            reading.tell("not rated", (name,), "is about energy that the utility receives")
    if _lacks(reading):
        reading.tell("read as", (COMMENTS,), "the rate is what is left without that")
    for name in OF_DEMAND:
        if reading.peek(name) is not None and not reading.is_spoken((name,)):
            reading.tell("informational", (name,), "of demand that has no price here")


def _tell_attribute(reading: Reading, name: str, index: int, pair: Any) -> None:
    """A pair of texts: the name of a period, a text without a number, or a price in words."""
    texts = pair if isinstance(pair, dict) else {"": pair}
    named = all(
        str(key).lower().startswith(PERIOD_LABEL) and PERIOD_NAME.fullmatch(str(text))
        for key, text in texts.items()
    )
    if named and name != FIXED_ATTRIBUTES:
        reading.tell("informational", (name, index), "the name of a period")
    elif not any(letter.isdigit() for text in texts.values() for letter in str(text)):
        reading.tell("informational", (name, index), "text without a number")
    else:
        reading.tell("unratable", (name, index), "is a price in words, or may be one")


def _lacks(reading: Reading) -> bool:
    """Whether a rate was exported from a schedule that it does not say all of."""
    return str(reading.peek(COMMENTS)).startswith(LACKS)


def _status(reading: Reading, draft: Draft) -> Part:
    """Whether the version can be rated, and why not."""
    approved = str(reading.get("approved")).lower()
    lacking = [one.field for one in reading.findings() if one.kind == "unratable"]
    if not draft.charges and not lacking:
        reading.tell("unratable", ("label",), "the rate has no price at all")
        lacking = ["label"]
    if lacking:
        fields = ", ".join(dict.fromkeys(lacking))
        return {"status": "incomplete", "status_reason": f"cannot be rated: {fields}"}
    doubts = []
    if reading.peek("startdate") is None:
        doubts.append("URDB gives no start date")
        reading.tell("read as", ("startdate",), f"{EARLIEST}, for the rate gives none: unconfirmed")
    if _lacks(reading):
        doubts.append("it was exported without what URDB cannot say")
    elif approved == "false":
        doubts.append("no expert has approved it at URDB")
        reading.tell("read as", ("approved",), "unconfirmed, for no expert has approved it")
    return {"status": "unconfirmed", "status_reason": "; ".join(doubts)} if doubts else {}
