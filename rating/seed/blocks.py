"""How a quantity is divided: the edges of blocks, what they are multiples of, and splits."""

from typing import Literal

from pydantic import model_validator

from rating.seed.parts import Cited, Number, Part, When


class Edge(Part):
    """Where a block lies: `first: "30"`, `next: "70"`, `over: "100"` (the last), or `all`."""

    first: Number | None = None
    next: Number | None = None
    over: Number | None = None
    all: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_edge(self) -> "Edge":
        if len(self.model_fields_set & {"first", "next", "over", "all"}) != 1:
            raise ValueError("give one of first, next, over, all")
        return self


class Limits(Part):
    """What block limits are multiples of: hours use of a demand, days of a period."""

    times: str
    unit: str = "hours use"


class SliceSeed(Edge):
    """A slice of a split by blocks."""

    slice: str


class ShareSeed(Part):
    """A slice of a split in proportion to slices of demand; the last takes the rest."""

    share: str
    slice: str


class SplitSeed(Cited):
    """A division of a quantity into slices, which are quantities themselves."""

    split: str
    into: list[SliceSeed] | None = None
    limits: Limits | None = None
    in_proportion: list[ShareSeed] | None = None
    when: When | None = None

    @model_validator(mode="after")
    def _one_list(self) -> "SplitSeed":
        if (self.into is None) == (self.in_proportion is None):
            raise ValueError("give one of into, in_proportion")
        return self

    @property
    def slices(self) -> list[str]:
        """The names of its slices."""
        return [part.slice for part in self.into or self.in_proportion or []]
