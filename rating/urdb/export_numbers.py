"""The numbers of periods in a URDB rate: those that their names have, where all can be kept."""

import re
from collections.abc import Callable, Mapping, Sequence

from rating.urdb.export_prices import FREE, Priced, Tiers

# The names that an import gives to periods.
NAME = re.compile(
    r"period_(?P<both>0|[1-9]\d?)|energy_(?P<energy>0|[1-9]\d?)_demand_(?P<demand>0|[1-9]\d?)"
)
Hour = tuple[str, Priced]


def numbered(
    months: Sequence[Sequence[Hour]], name: str, remark: Callable[[str, str], None]
) -> tuple[Mapping[Hour, int], list[Tiers]]:
    """The number of each hour's period and price, and the tiers of each number.

    `months` has the hours of each, `name` is energy or demand. Without names that have numbers
    they are counted from the first hour of the year on.
    """
    hours = list(dict.fromkeys(hour for month in months for hour in month))
    is_by_hour = any(len({priced for _, priced in month}) > 1 for month in months)
    kept = numbers_kept(months, name) if is_by_hour else None
    if kept:
        tiers = [kept.get(number, FREE[0]) for number in range(max(kept) + 1)]
        return {hour: _number(hour[0], name) or 0 for hour in hours}, tiers
    in_turn = {priced: n for n, priced in enumerate(dict.fromkeys(one for _, one in hours))}
    numbers = {hour: in_turn[hour[1]] for hour in hours}
    moved = {
        period
        for (period, _), number in numbers.items()
        if is_by_hour and _number(period, name) not in (None, number)
    }
    if moved:
        remark("times of use", f"have other numbers for {name} in URDB: {', '.join(sorted(moved))}")
    return numbers, [found for found, _ in in_turn]


def numbers_kept(months: Sequence[Sequence[Hour]], name: str) -> dict[int, Tiers] | None:
    """The tiers of each number, if the names' numbers say the same as the prices do."""
    tiers: dict[int, Tiers] = {}
    for month in months:
        of_number: dict[int, Priced] = {}
        of_price: dict[Priced, int] = {}
        for period, priced in dict.fromkeys(month):
            number = _number(period, name)
            if number is None or tiers.setdefault(number, priced[0]) != priced[0]:
                return None
            one = of_number.setdefault(number, priced) == priced
            if not one or (not _is_free(priced) and of_price.setdefault(priced, number) != number):
                return None
    return tiers


def _number(period: str, name: str) -> int | None:
    """The number that a period's name has for energy or demand."""
    found = NAME.fullmatch(period)
    return int(found["both"] or found[name]) if found else None


def _is_free(priced: Priced) -> bool:
    return all(tier.rate == 0 for tier in priced[0])
