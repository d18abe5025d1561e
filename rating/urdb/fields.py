"""The fields of a URDB rate: what shape each has, and which of them say nothing that is billed.

Source: the field tables of OpenEI's utility rates API, versions 3 to 8. Names are compared
without regard to case, for the API's own spelling of them varies.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from rating.urdb.numbers import DECIMALS, LEAST, BadNumber, fits, is_number

Path = tuple[str | int, ...]
Check = Callable[[Path, Any], Iterable[tuple[Path, str]]]

NO_CHARACTER = re.compile("[\x00\ud800-\udfff]")
NO_TEXT = "holds a character that is none, such as \\u0000 or half of a pair; take it out"

MONTHS, HOURS = 12, 24
MOST_PERIODS, MOST_TIERS, MOST_LETTERS = 100, 100, 100_000
TIER_FIELDS = {"max", "unit", "rate", "adj", "sell"}

# What a rate says about itself; no bill hangs on it.
INFORMATIONAL = {
    "uri": "where the rate is kept",
    "eiaid": "the utility's number at the EIA",
    "supersedes": "the rate it follows",
    "country": "the country",
    "sector": "customers the rate is for",
    "servicetype": "whether energy, delivery or both are priced",
    "description": "text",
    "source": "where the rate was read",
    "sourceparent": "where the rate was read",
    "basicinformationcomments": "text",
    "demandcomments": "text",
    "energycomments": "text",
    "is_default": "whether it is the utility's usual rate",
    "revisions": "when the entry was revised",
    "latest_update": "when the entry was revised",
    "version": "version of the entry",
    "peakkwcapacitymin": "whom the rate is for",
    "peakkwcapacitymax": "whom the rate is for",
    "peakkwcapacityhistory": "whom the rate is for",
    "demandunits": "unit of the demands that say whom the rate is for",
    "peakkwhusagemin": "whom the rate is for",
    "peakkwhusagemax": "whom the rate is for",
    "peakkwhusagehistory": "whom the rate is for",
    "voltageminimum": "whom the rate is for",
    "voltagemaximum": "whom the rate is for",
    "voltagecategory": "whom the rate is for",
    "phasewiring": "whom the rate is for",
}
SHAPES = {
    **dict.fromkeys(INFORMATIONAL, "anything"),
    **dict.fromkeys(
        ["label", "utility", "name", "supersedes", "fixedchargeunits", "minchargeunits",
         "demandrateunit", "flatdemandunit", "coincidentrateunit", "dgrules"],
        "text",
    ),
    **dict.fromkeys(
        ["startdate", "enddate", "fixedchargefirstmeter", "fixedchargeeaaddl", "mincharge",
         "fixedmonthlycharge", "minmonthlycharge", "annualmincharge", "demandwindow",
         "demandreactivepowercharge", "lookbackpercent", "lookbackrange"],
        "number",
    ),
    **dict.fromkeys(["fueladjustmentsmonthly", "demandratchetpercentage"], "monthly numbers"),
    "flatdemandmonths": "monthly periods",
    "lookbackmonths": "monthly flags",
    **dict.fromkeys(
        ["energyweekdayschedule", "energyweekendschedule", "demandweekdayschedule",
         "demandweekendschedule", "coincidentschedule", "coincidentrateschedule"],
        "schedule",
    ),
    **dict.fromkeys(
        ["energyratestructure", "demandratestructure", "flatdemandstructure",
         "coincidentratestructure"],
        "tiers",
    ),
    **dict.fromkeys(["energyattrs", "demandattrs", "fixedattrs"], "anything"),
    **dict.fromkeys(["approved", "usenetmetering"], "anything"),
}  # fmt: skip


def path_words(path: Path) -> str:
    """A place in a rate as its reader would write it: energyratestructure[0][1].max."""
    words = ""
    for part in path:
        words += f"[{part}]" if isinstance(part, int) else f".{part}" if words else part
    return words


def members_of(value: Any) -> list[tuple[str | int, Any]]:
    """(name or index, value) of what a JSON value holds; nothing of a text or number."""
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """(place, value) of everything that a JSON value holds; an empty list is a leaf too."""
    members = members_of(value)
    if not members:
        yield path, value
    for name, member in members:
        yield from leaves(member, (*path, name))


def problems(fields: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """(place, what is wrong) of everything in a rate that is not of its shape."""
    for path, value in leaves(fields):
        if isinstance(value, BadNumber):
            yield path, value.words
        elif isinstance(value, str) and len(value) > MOST_LETTERS:
            yield path, f"has more than {MOST_LETTERS:,} letters; shorten it"
        elif isinstance(value, str) and NO_CHARACTER.search(value):
            yield path, NO_TEXT
    for name, value in fields.items():
        if name not in SHAPES:
            yield (name,), "is a field that URDB does not have; correct its name or take it out"
        elif value is not None:
            yield from _CHECKS[SHAPES[name]]((name,), value)


def _text(path: Path, value: Any) -> Iterator[tuple[Path, str]]:
    if not isinstance(value, str):
        yield path, f"is {shown(value)}; write a text in quotes"


def _number(path: Path, value: Any) -> Iterator[tuple[Path, str]]:
    if isinstance(value, BadNumber):
        return
    if not is_number(value):
        yield path, f"is {shown(value)}; write a number"
    elif not fits(Decimal(value)):
        yield path, f"is {value}, which no table can hold; write at most ten digits"


def _monthly(path: Path, value: Any, check: Check) -> Iterator[tuple[Path, str]]:
    if not isinstance(value, list) or len(value) != MONTHS:
        yield path, f"is not a list of {MONTHS}; give a value for each month"
        return
    for index, one in enumerate(value):
        yield from check((*path, index), one)


def _period(path: Path, value: Any) -> Iterator[tuple[Path, str]]:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        yield path, f"is {shown(value)}; write the number of a period"


def _flag(path: Path, value: Any) -> Iterator[tuple[Path, str]]:
    if not isinstance(value, int) or value not in (0, 1):
        yield path, f"is {shown(value)}; write true or false, or 1 or 0"


def _schedule(path: Path, value: Any) -> Iterator[tuple[Path, str]]:
    rows = value if isinstance(value, list) else []
    if len(rows) != MONTHS or any(not isinstance(r, list) or len(r) != HOURS for r in rows):
        yield (
            path,
            f"is not {MONTHS} lists of {HOURS} periods, one a month and an hour; complete it",
        )
        return
    for month, row in enumerate(rows):
        for hour, one in enumerate(row):
            yield from _period((*path, month, hour), one)


def _tiers(path: Path, value: Any) -> Iterator[tuple[Path, str]]:
    if not isinstance(value, list) or any(not isinstance(period, list) for period in value):
        yield path, "is not a list of periods, each a list of tiers; write it so"
        return
    if len(value) > MOST_PERIODS or any(len(period) > MOST_TIERS for period in value):
        yield path, f"has more than {MOST_PERIODS} periods, or {MOST_TIERS} tiers in one"
        return
    for period, tiers in enumerate(value):
        for number, tier in enumerate(tiers):
            yield from _tier((*path, period, number), tier)


def _tier(path: Path, tier: Any) -> Iterator[tuple[Path, str]]:
    if not isinstance(tier, dict):
        yield path, "is no tier; write a mapping with rate"
        return
    for name, value in tier.items():
        if name not in TIER_FIELDS:
            yield (*path, name), "is a field that URDB's tiers do not have; correct its name"
        elif value is not None:
            yield from _TIER_CHECKS.get(name, _number)((*path, name), value)


def _limit(path: Path, value: Any) -> Iterator[tuple[Path, str]]:
    if not is_number(value):
        yield from _number(path, value)
    elif value != 0 and value < LEAST:
        yield path, f"is {value}; write a limit above zero, of at most {DECIMALS} decimals"


def shown(value: Any) -> str:
    """A value as its file has it; of a list or mapping, that it is one."""
    if isinstance(value, dict | list):
        return "a list" if isinstance(value, list) else "a mapping"
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    return repr(value) if isinstance(value, str) else str(value)


_TIER_CHECKS: dict[str, Check] = {"unit": _text, "max": _limit}
_CHECKS: dict[str, Check] = {
    "anything": lambda path, value: (),
    "text": _text,
    "number": _number,
    "monthly numbers": lambda path, value: _monthly(path, value, _number),
    "monthly periods": lambda path, value: _monthly(path, value, _period),
    "monthly flags": lambda path, value: _monthly(path, value, _flag),
    "schedule": _schedule,
    "tiers": _tiers,
}
