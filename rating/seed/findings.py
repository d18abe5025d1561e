"""The parts of a seed file that say what is printed besides prices, for the checks to look at.

None of them changes a bill: printed dates, products that a sheet states, schedules that its text
names, what only a reader can find, and findings that are known and accepted.
"""

import datetime

from pydantic import Field

from rating.seed.parts import Cited, Number, Part


class Printed(Cited):
    """Something that stands in a book, perhaps in another one than the version's."""

    document: str | None = Field(None, description="another book than the version's")


class PrintedDateSeed(Printed):
    """A date from which the schedule holds, as contents or a sheet print it."""

    date: datetime.date


class ClaimSeed(Printed):
    """A product that the sheet states; it is compared at the decimals of `equals`."""

    words: str
    product: list[Number] = Field(min_length=2)
    equals: Number

    @property
    def decimals(self) -> int:
        """How many decimals the stated result is printed with."""
        return -int(self.equals.as_tuple().exponent)


class MentionSeed(Printed):
    """A schedule that the text names outside of `applies_to` and `riders`."""

    schedule: str
    words: str | None = None


class NoteSeed(Printed):
    """What only a reader can find."""

    text: str


class AcknowledgedSeed(Part):
    """A finding of `ratebook lint` that is known: its rule, what it is about, and why it stays."""

    rule: str
    subject: str | None = Field(None, description="absent: whatever the rule finds here")
    reason: str
