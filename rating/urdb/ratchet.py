"""Ratchets of a URDB rate: the share of an earlier peak that a month's demand is at least.

`lookbackpercent` (version 8) counts the peaks of certain months, or of so many months before;
`demandratchetpercentage` (versions 3 to 7) gives the share that each month's peak counts with.
"""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from rating.urdb.draft import Part
from rating.urdb.fields import MONTHS
from rating.urdb.numbers import decimal_of, text_of
from rating.urdb.reading import Reading

PERCENT, RANGE, LOOKED_AT = "lookbackpercent", "lookbackrange", "lookbackmonths"
MONTHLY = "demandratchetpercentage"
LONGEST_RANGE = 59


def read_ratchets(reading: Reading) -> list[Part]:
    """The ratchet terms of a rate's demand: percent, months if not all, window."""
    return [*_lookback(reading), *_monthly(reading)]


def _lookback(reading: Reading) -> list[Part]:
    share = reading.number(PERCENT)
    reach = reading.number(RANGE) or Decimal(0)
    flags = reading.get(LOOKED_AT) or []
    months = [month for month, flag in enumerate(flags, start=1) if flag]
    if not share:
        return []
    percent = _percent([share])[0]
    if percent is None:
        reading.tell("unratable", (PERCENT,), "is neither a fraction nor a percentage")
    elif not months and not reach:
        reading.tell("unratable", (PERCENT,), f"neither {RANGE} nor {LOOKED_AT} say of what months")
    elif reach != int(reach) or not 0 <= reach <= LONGEST_RANGE:
        reading.tell("unratable", (RANGE,), f"is no number of months up to {LONGEST_RANGE}")
    else:
        # So many months before the current one, whose own demand counts in full anyway.
        window = int(reach) + 1 if reach else MONTHS
        return [_term(percent, months or range(1, MONTHS + 1), window)]
    return []


def _monthly(reading: Reading) -> list[Part]:
    found = reading.get(MONTHLY) or []
    shares = [decimal_of(share) for share in found]
    percents = _percent(shares)
    if None in percents:
        wrong = percents.index(None)
        reading.tell("unratable", (MONTHLY, wrong), "is neither a fraction nor a percentage")
        return []
    months_of: dict[Decimal, list[int]] = defaultdict(list)
    for month, percent in enumerate(percents, start=1):
        if percent:
            months_of[percent].append(month)
    return [_term(percent, months, MONTHS) for percent, months in months_of.items()]


def _percent(shares: Sequence[Decimal]) -> list[Decimal | None]:
    """Shares as percentages: all are fractions if none is above one."""
    factor = 100 if all(share <= 1 for share in shares) else 1
    return [share * factor if 0 <= share * factor <= 100 else None for share in shares]


def _term(percent: Decimal, months: Sequence[int], window: int) -> Part:
    named = {"months": list(months)} if len(months) < MONTHS else {}
    return {"percent": text_of(percent.normalize()), **named, "window": window}
