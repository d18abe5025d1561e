"""Energy of a rate in the making: the price of each period of a month, charge upon charge."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from rating.urdb.export_prices import FREE, CannotSayError, Priced, Tiers, plain


@dataclass(frozen=True)
class Cell:
    """What a period's kWh cost in a month, and the periods that share the price; None: all."""

    tiers: Tiers
    periods: frozenset[str] | None


@dataclass
class Energy:
    """The prices of energy: of each month the periods that it has, and the cell of each."""

    of_month: Sequence[frozenset[str]]
    cells: dict[tuple[int, str], Cell] = field(default_factory=dict)

    def add(self, months: Iterable[int], cell: Cell, *, of_all: bool) -> None:
        """Add a price to those of its periods; `of_all` says that its tiers count all kWh.

        Raises `CannotSayError` where the sum has no form in URDB; nothing is added then.
        """
        found = dict(self.cells)
        for month in months:
            here = self.of_month[month]
            priced = here if cell.periods is None else here & cell.periods
            if is_tiered(cell.tiers) and not of_all and priced and priced != here:
                raise CannotSayError("has tiers of one period's kWh; URDB's count all periods'")
            for period in priced:
                found[month, period] = _sum(found.get((month, period)), cell)
            _check([found.get((month, period)) for period in here])
        self.cells = found

    def priced(self, month: int, period: str) -> Priced:
        """What an hour of a period costs: with tiers where another period of the month has them."""
        here = [self.cells.get((month, one)) for one in sorted(self.of_month[month])]
        cell = self.cells.get((month, period))
        found = cell.tiers if cell else FREE[0]
        tiered = [one.tiers for one in here if one and is_tiered(one.tiers)]
        if tiered and not is_tiered(found):
            found = _plus(_times_zero(tiered[0]), found)
        if cell and cell.periods is not None:
            return found, tuple(sorted(cell.periods))
        alone = cell is not None and len(here) == 1
        return found, tuple(self.of_month[month]) if alone else ()


def is_tiered(found: Tiers) -> bool:
    """Whether a price has tiers or a last limit."""
    return len(found) > 1 or found[0].max is not None


def _sum(before: Cell | None, cell: Cell) -> Cell:
    if before is None:
        return cell
    groups = [one.periods for one in (before, cell) if one.periods is not None]
    shared = frozenset.intersection(*groups) if groups else None
    return Cell(_plus(before.tiers, cell.tiers), shared)


def _plus(one: Tiers, other: Tiers) -> Tiers:
    """Two prices of the same kWh as one."""
    tiered, flat = (one, other) if is_tiered(one) else (other, one)
    prices = [tier.rate for tier in flat]
    if is_tiered(flat):
        if _times_zero(one) != _times_zero(other):
            raise CannotSayError("has other tiers than another price of the same kWh")
    else:
        prices *= len(tiered)
    return tuple(replace(t, rate=plain(t.rate + p)) for t, p in zip(tiered, prices, strict=True))


def _check(cells: Sequence[Cell | None]) -> None:
    """Raise `CannotSayError` where URDB has no form for the prices of a month together."""
    tiered = [one.tiers for one in cells if one and is_tiered(one.tiers)]
    if len({_times_zero(one) for one in tiered}) > 1:
        raise CannotSayError("has other tiers than another period of the month")
    if len(set(cells)) > 1 and any(one[-1].max is not None for one in tiered):
        raise CannotSayError("prices a month that has a last limit and several prices")


def _times_zero(found: Tiers) -> Tiers:
    """The tiers at no price: what is left are their limits."""
    return tuple(replace(tier, rate=Decimal(0)) for tier in found)
