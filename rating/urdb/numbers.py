"""Numbers of a URDB file: exact as they are written, and refused where no table could hold them."""

import datetime
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

DIGITS, DECIMALS, MOST_DIGITS = 10, 8, 60
LARGEST = Decimal(10) ** DIGITS
HIGHEST = LARGEST - 2  # of derived quantities; ten nines and more are unknown
LEAST = Decimal(5).scaleb(-DECIMALS - 1)  # what rounds to more than nothing
EPOCH = datetime.date(1970, 1, 1)
SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class BadNumber:
    """What stands where a number should; `words` go on from its place."""

    text: str

    @property
    def words(self) -> str:
        """What is wrong with it, and the remedy."""
        return f"is {self.text[:30]}, which no table can hold; write a plain number"


def whole(text: str) -> int | BadNumber:
    """A JSON integer."""
    return int(text) if len(text) <= MOST_DIGITS else BadNumber(text)


def fraction(text: str) -> Decimal | BadNumber:
    """A JSON number with a point or an exponent, digit by digit."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return BadNumber(text)
    return number if abs(number.adjusted()) <= MOST_DIGITS else BadNumber(text)


def is_number(value: Any) -> bool:
    """Whether a JSON value is a number; true and false are none."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def decimal_of(value: Any) -> Decimal:
    """The value of a JSON number; of nothing, zero."""
    return Decimal(value if value is not None else 0)


def text_of(number: Decimal) -> str:
    """A number as a seed file has it: at most eight decimals, rounded half away from zero."""
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or -exponent > DECIMALS:
        number = number.quantize(Decimal(1).scaleb(-DECIMALS), rounding=ROUND_HALF_UP)
        return f"{number.normalize():f}"
    return f"{number:f}"


def fits(number: Decimal) -> bool:
    """Whether a number has at most ten digits before the point, as prices may have."""
    return abs(number) < LARGEST


def day_of(seconds: Decimal) -> datetime.date | None:
    """The day of an instant, in seconds since 1970, by the calendar of Greenwich.

    URDB's instants are hours of an American morning, so that day is the one that was meant.
    Nothing if no calendar has it.
    """
    try:
        return EPOCH + datetime.timedelta(days=int(seconds // SECONDS_A_DAY))
    except OverflowError:
        return None


def instant_of(day: datetime.date) -> int:
    """A day as URDB writes it: the seconds from 1970 to its noon in Greenwich."""
    return (day - EPOCH).days * SECONDS_A_DAY + SECONDS_A_DAY // 2
