"""A scenario's changes made in the tariffs of a study database."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from rating.errors import RatebookError
from rating.explain.bill import plain
from rating.study.prices import Price, no_price, prices_of, put_price
from rating.study.ratchet_terms import MOST_PERCENT, ratchet_terms, set_ratchet
from rating.study.scenario import Change, Scenario
from rating.study.versions import split_versions
from rating.study.whole_version import replace_versions

# More is a slip of the pen, and would leave no room for the bills.
MOST_PRICE = 1_000_000
EDGES = """
    select step.charge_id, step.step_no, charge.code, step.from_quantity, step.to_quantity
    from tariff.charge as charge
    inner join tariff.charge_step as step using (charge_id)
    where charge.version_id = any($versions)
        and charge.code = $charge
        and charge.component = coalesce($component, charge.component)
        and charge.season is not distinct from coalesce($season, charge.season)
        and step.step_no = $step
    order by step.charge_id
"""


class Overlay:
    """Applies a scenario to the tariffs of a study database.

    `touched` holds the keys of what was changed, those of prices as `Price.key` has them; `kept`
    the numbers, from 0, of the changes that are not of prices, or of factors.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, scenario: Scenario, file: Path
    ) -> None:
        self.touched: set[tuple[Any, ...]] = set()
        self.kept: set[int] = set()
        self._connection = connection
        self._scenario = scenario
        self._file = file
        self._changed, self._replaced = set[int](), set[int]()  # schedules, by their ids

    def apply(self) -> None:
        """Make the changes; raises `RatebookError` with every one that cannot be made."""
        problems: list[str] = []
        for number, change in enumerate(self._scenario.changes):
            try:
                if self._change(change):
                    self.kept.add(number)
            except RatebookError as error:
                where = f"{self._file}: changes no. {number + 1}"
                problems.extend(f"{where}: {one}" for one in error.messages)
        if problems:
            raise RatebookError(*problems)

    def _rows(self, query: str, values: Any) -> list[tuple[Any, ...]]:
        return self._connection.execute(query, values).fetchall()

    def _touch(self, change: Change, *key: Any) -> None:
        if key in self.touched:
            raise RatebookError(f"{change.target} is changed twice; keep one of the two")
        self.touched.add(key)

    def _change(self, change: Change) -> bool:
        """Make a change; returns whether it is of something else than prices, or of factors."""
        schedule_id = self._schedule(change)
        if change.version:
            self._replace(change, schedule_id)
            return True
        versions = self._versions(change, schedule_id)
        self._changed.add(schedule_id)
        if change.is_of_ratchets:
            self._set_ratchets(change, versions)
        elif change.block_limit is not None:
            self._set_limits(change, change.block_limit, versions)
        else:
            return self._set_prices(change, versions)
        return True

    def _schedule(self, change: Change) -> int:
        found = self._rows(
            "select schedule_id from tariff.schedule"
            " where schedule = $schedule and utility = coalesce($utility, utility)",
            {"schedule": change.schedule, "utility": change.utility},
        )
        if not found:
            raise RatebookError(f"schedule {change.schedule} is unknown; check its name")
        if len(found) > 1:
            raise RatebookError(f"several utilities have a schedule {change.schedule}; add utility")
        return int(found[0][0])

    def _versions(self, change: Change, schedule_id: int) -> Sequence[int]:
        """The versions from the scenario's day on; one that has begun by then is cut in two."""
        day = self._scenario.effective_from
        versions = split_versions(self._connection, schedule_id, day)
        if not versions:
            raise RatebookError(
                f"{change.schedule} is not in force from {day} on; give another day"
            )
        if change.version_effective_from is None:
            return versions
        begun = self._rows(
            "select version_id from tariff.version"
            " where version_id = any($versions) and effective_from = $day",
            {"versions": versions, "day": change.version_effective_from},
        )
        if not begun:
            raise RatebookError(
                f"no version of {change.schedule} that is changed begins on"
                f" {change.version_effective_from}; see relation rate_version"
            )
        return [version_id for (version_id,) in begun]

    def _replace(self, change: Change, schedule_id: int) -> None:
        if schedule_id in self._replaced:
            raise RatebookError(
                f"{change.schedule} is given a whole version twice; keep one of the two"
            )
        if schedule_id in self._changed:
            raise RatebookError(f"{change.schedule} is changed before; put the whole version first")
        day = self._scenario.effective_from
        assert change.version is not None and day is not None
        version = change.version.model_copy(update={"effective_from": day})
        problems = replace_versions(self._connection, schedule_id, version)
        if problems:
            raise RatebookError(*(f"version {one}" for one in problems))
        self._replaced.add(schedule_id)

    def _set_ratchets(self, change: Change, versions: Sequence[int]) -> None:
        terms = ratchet_terms(self._connection, versions, change.schedule, change.demand)
        percent = change.ratchet_percent
        if percent is not None and not 0 <= percent <= MOST_PERCENT:
            raise RatebookError(f"ratchet_percent is {percent}; give 0 to {MOST_PERCENT}")
        for term in terms:
            self._touch(change, "ratchet", term)
            set_ratchet(
                self._connection, term, percent=change.ratchet_percent,
                window=change.ratchet_window, months=change.ratchet_months,
            )  # fmt: skip

    def _set_prices(self, change: Change, versions: Sequence[int]) -> bool:
        """Set the prices of a change; returns whether they are factors."""
        prices = prices_of(
            self._connection, versions, charge=change.charge, component=change.component,
            season=change.season, step=change.step,
        )  # fmt: skip
        if not prices:
            raise RatebookError(no_price(change.target, change.charge))
        for price in prices:
            self._touch(change, *price.key)
            value = self._value(change, price)
            if value < 0 <= price.value:
                raise RatebookError(f"the price of {price.words} becomes negative ({value})")
            if abs(value) > MOST_PRICE:
                raise RatebookError(
                    f"the price of {price.words} becomes {plain(value)}; give up to {MOST_PRICE:,}"
                )
            put_price(self._connection, price, value)
        return all(price.place == "scale" for price in prices)

    def _value(self, change: Change, price: Price) -> Decimal:
        """The new value in the place of a price."""
        if change.percent is not None:
            return self._scenario.rounded(price.value * (100 + change.percent) / 100)
        is_percentage = price.kind == "percent" and price.place != "scale"
        if change.price is not None:
            if is_percentage:
                raise RatebookError(f"{price.code} is a percentage; give percentage, not price")
            if price.place == "scale":
                raise RatebookError(f"{price.code} has a factor for a price; change it by percent")
            return change.price
        assert change.percentage is not None
        if not is_percentage:
            raise RatebookError(f"{price.code} is no percentage; give price or percent")
        return change.percentage if price.place == "percent" else change.percentage / 100

    def _set_limits(self, change: Change, limit: Decimal, versions: Sequence[int]) -> None:
        steps = self._rows(EDGES, {
            "versions": versions, "charge": change.charge, "component": change.component,
            "season": change.season, "step": change.step,
        })  # fmt: skip
        if not steps:
            raise RatebookError(f"there is no block of {change.target}; see relation rate_price")
        for step in steps:
            self._set_limit(change, limit, *step)

    def _set_limit(
        self, change: Change, limit: Decimal, charge: int, step: int, code: str,
        start: Decimal, end: Decimal | None,
    ) -> None:  # fmt: skip
        """Move the edge between a block and the next."""
        if end is None:
            raise RatebookError(f"{code} step {step} is the last and stays open; limit one before")
        self._touch(change, "limit", charge, end)
        self.touched.add(("limit", charge, limit))
        ((following, after),) = self._rows(
            "select count(*), min(to_quantity) from tariff.charge_step"
            " where charge_id = ? and from_quantity = ?",
            [charge, end],
        )
        if not following:
            raise RatebookError(f"nothing follows {code} step {step}; its block would stay open")
        upper = "" if after is None else f" and under {plain(after)}"
        if limit <= start or (upper and limit >= after):
            raise RatebookError(f"{code} step {step} must end over {plain(start)}{upper}")
        for column in ("to_quantity", "from_quantity"):
            self._connection.execute(
                f"update tariff.charge_step set {column} = ? where charge_id = ? and {column} = ?",
                [limit, charge, end],
            )
