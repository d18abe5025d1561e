"""Why a revenue-neutral study does not come to its target, in words."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from rating.explain.bill import plain
from rating.study.prices import Price
from rating.study.solve import MOST, Solution

MOST_NAMED = 3


def unreachable(found: Solution, target: Decimal) -> str:
    """Why a target, in dollars, cannot be reached."""
    revenues = [trial.difference + target for trial in found.trials]
    return (
        f"a revenue of ${target:,.2f} cannot be reached: with the prices between nothing and {MOST}"
        f" times what they are it lies between ${min(revenues):,.2f} and ${max(revenues):,.2f};"
        " choose another target, or scale other prices"
    )


def why_missed(
    found: Solution,
    target: Decimal,
    prices: Sequence[Price],
    outcome: Callable[[Decimal], Sequence[Decimal]],
) -> str | None:
    """Why a search ended with a difference from its target, in dollars; None where it is near.

    `outcome` are the values of `prices` at a factor.
    """
    if found.is_near:
        return None
    remains = f"{found.trials[found.best].difference:+,.2f} remains"
    if found.gap is None:
        factor = plain(found.trials[found.best].factor)
        return f"no other printed prices than those at × {factor} lie near the target; {remains}"
    low, high = found.gap
    between = f"from × {plain(low.factor)} to × {plain(high.factor)}"
    moved = _moved(prices, outcome(low.factor), outcome(high.factor))
    revenues = f"from ${low.difference + target:,.2f} to ${high.difference + target:,.2f}"
    if found.is_closed:
        return (
            f"no scale reaches the target: {between} ({moved}) the revenue jumps {revenues}, and"
            f" no printed prices lie between; {remains}"
        )
    return (
        f"{len(found.trials)} trials found no scale that reaches the target: {between} ({moved})"
        f" the revenue goes {revenues}; {remains}"
    )


def _moved(prices: Sequence[Price], low: Sequence[Decimal], high: Sequence[Decimal]) -> str:
    """The first prices that differ, with both values."""
    words = [
        f"{price.schedule} {price.words} from {plain(one)} to {plain(other)}"
        for price, one, other in zip(prices, low, high, strict=True)
        if one != other
    ]
    more = len(words) - MOST_NAMED
    return ", ".join(words[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
