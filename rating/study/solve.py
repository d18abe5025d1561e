"""A factor sought by trying: the Illinois method, once trials lie on both sides of the target."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal

LEAST, MOST = Decimal(0), Decimal(100)
MOST_TRIALS = 12
PLACES = Decimal("1e-8")


@dataclass(frozen=True)
class Trial:
    """A factor, and what it yields less the target."""

    factor: Decimal
    difference: Decimal


@dataclass(frozen=True)
class Solution:
    """All trials in their order; `is_reached` is false where none can come to the target.

    Where none is within the tolerance, `gap` holds the nearest trials below and above the target,
    if there are both, by their factors; with `is_closed` every factor between yields the outcome of
    one of them.
    """

    trials: tuple[Trial, ...]
    is_reached: bool
    is_near: bool
    gap: tuple[Trial, Trial] | None = None
    is_closed: bool = False

    @property
    def best(self) -> int:
        """The index of the trial that comes nearest to the target."""
        return min(range(len(self.trials)), key=lambda one: abs(self.trials[one].difference))


def solve(
    difference: Callable[[Decimal], Decimal],
    outcome: Callable[[Decimal], Hashable],
    guess: Decimal,
    tolerance: Decimal,
) -> Solution:
    """The factor from 0 to 100 for which `difference` is nearest to zero; first 1, then the guess.

    `difference` need not be linear. `outcome` is what a factor comes to once it is rounded: none is
    tried twice, and where none is left between two trials on either side of the target, the
    difference jumps over zero there and the nearer of the two is it.
    """
    search = _Search(difference, outcome)
    wanted: Decimal | None = Decimal(1)
    while wanted is not None and len(search.trials) < MOST_TRIALS:
        search.evaluate(wanted)
        if abs(search.trials[-1].difference) <= tolerance:
            break
        wanted = search.following(guess)
    is_near = any(abs(one.difference) <= tolerance for one in search.trials)
    is_reached = is_near or search.is_bracketed or search.is_between
    if is_near or not search.is_bracketed:
        return Solution(tuple(search.trials), is_reached, is_near)
    gap = search.gap
    return Solution(tuple(search.trials), is_reached, is_near, gap, search.halfway(*gap) is None)


class _Search:
    def __init__(
        self, difference: Callable[[Decimal], Decimal], outcome: Callable[[Decimal], Hashable]
    ) -> None:
        self.difference, self.outcome = difference, outcome
        self.trials: list[Trial] = []
        self.tried: set[Hashable] = set()
        self.is_between = False
        # Ends below and above zero, each with the weight that the Illinois method gives it.
        self.ends: dict[bool, tuple[Trial, Decimal]] = {}

    @property
    def is_bracketed(self) -> bool:
        """Whether trials lie on both sides of the target."""
        return len(self.ends) == 2

    @property
    def gap(self) -> tuple[Trial, Trial]:
        """The ends, by their factors."""
        low, high = sorted((end for end, _ in self.ends.values()), key=lambda one: one.factor)
        return low, high

    def halfway(self, low: Trial, high: Trial) -> Decimal | None:
        """A factor about halfway between two that yields the outcome of neither; None: none."""
        below, above = low.factor, high.factor
        while above - below > PLACES:
            middle = ((below + above) / 2).quantize(PLACES)
            if self.outcome(middle) == self.outcome(low.factor):
                below = middle
            elif self.outcome(middle) == self.outcome(high.factor):
                above = middle
            else:
                return middle
        return None

    def evaluate(self, factor: Decimal) -> None:
        """Try a factor."""
        self.tried.add(self.outcome(factor))
        trial = Trial(factor, self.difference(factor))
        side = trial.difference > 0
        if self.trials and (self.trials[-1].difference > 0) == side and self.is_bracketed:
            other, weight = self.ends[not side]
            self.ends[not side] = (other, weight / 2)
        self.trials.append(trial)
        self.ends[side] = (trial, Decimal(1))

    def following(self, guess: Decimal) -> Decimal | None:
        """The factor to try next; None: there is none that could come nearer."""
        if self.is_bracketed:
            return self._on_the_line() or self.halfway(*self.gap)
        if len(self.trials) == 1:
            wanted: Decimal | None = guess
        else:
            earlier, latest = self.trials[-2:]
            wanted = _zero(earlier, earlier.difference, latest, latest.difference)
        if wanted is not None and LEAST < wanted < MOST:
            self.is_between = self.outcome(wanted.quantize(PLACES)) in self.tried
            return self._untried([wanted]) or self._untried([self._beyond(wanted)])
        bounds = [MOST, LEAST] if wanted is None or wanted >= MOST else [LEAST, MOST]
        return self._untried(bounds)

    def _on_the_line(self) -> Decimal | None:
        """Where the straight line between the weighted ends comes to zero, if it is untried."""
        (low, low_weight), (high, high_weight) = self.ends.values()
        zero = _zero(low, low.difference * low_weight, high, high.difference * high_weight)
        return self._untried([zero])

    def _beyond(self, wanted: Decimal) -> Decimal | None:
        """The next factor, away from the latest trial, of another outcome; None: there is none."""
        same = wanted.quantize(PLACES)
        end = MOST if wanted > self.trials[-1].factor else LEAST
        step = PLACES if end == MOST else -PLACES
        known = self.outcome(same)
        other = same
        while self.outcome(other) == known:
            if other == end:
                return None
            same, other, step = other, min(max(other + step, LEAST), MOST), step * 2
        while abs(other - same) > PLACES:
            middle = ((same + other) / 2).quantize(PLACES)
            same, other = (middle, other) if self.outcome(middle) == known else (same, middle)
        return other

    def _untried(self, candidates: Sequence[Decimal | None]) -> Decimal | None:
        rounded = [one.quantize(PLACES) for one in candidates if one is not None]
        return next((one for one in rounded if self.outcome(one) not in self.tried), None)


def _zero(one: Trial, at_one: Decimal, other: Trial, at_other: Decimal) -> Decimal | None:
    """Where the straight line through two points comes to zero; None where it is level."""
    if at_one == at_other:
        return None
    return one.factor - at_one * (other.factor - one.factor) / (at_other - at_one)
