"""How a quantity is divided: the edges of blocks, what they are multiples of, and splits."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
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

    @property
    def width(self) -> Decimal | None:
        """How much lies in it; the last is open."""
        return self.first if self.first is not None else self.next


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


def edges(blocks: Sequence[Edge]) -> list[tuple[Decimal, Decimal | None]]:
    """(from, to) of each block, cumulative; the last is open."""
    found, reached = [], Decimal(0)
    for block in blocks:
        end = None if block.width is None else reached + block.width
        found.append((reached, end))
        reached = end if end is not None else reached
    return found


def check_edges(blocks: Sequence[Edge]) -> Iterator[str]:
    """Blocks must begin at zero, join, and leave nothing over."""
    reached = Decimal(0)
    for number, block in enumerate(blocks, start=1):
        last = number == len(blocks)
        if block.all and len(blocks) > 1:
            yield "has a block for all beside others; end with `over`, or write `all` alone"
        if (block.first is not None) != (number == 1) and not block.all:
            yield f"block {number} does not join: only the first block, and it always, is `first`"
        if block.over is not None and block.over != reached:
            yield f"block {number} is over {block.over}, but the blocks before it end at {reached}"
        if last != (block.over is not None or bool(block.all)):
            yield f"block {number} does not join: the last block, and only it, is `over`"
        if block.width is not None and block.width <= 0:
            yield f"block {number} has no width; give it one above 0, or leave it out"
        reached += block.width or Decimal(0)
