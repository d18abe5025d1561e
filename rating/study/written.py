"""A scenario written to a file: what a scenario says besides prices, and every price as it is."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import yaml

from rating.errors import RatebookError, require_folder, writing_to
from rating.seed.strict_yaml import Loader
from rating.study.overlay import Overlay
from rating.study.prices import Price, prices_at
from rating.study.scenario import Scenario


def require_new_file(file: Path) -> None:
    """Raise `RatebookError` where a scenario cannot be written to a file."""
    if file.exists():
        raise RatebookError(f"{file.name} exists already; name a new file or remove it")
    require_folder(file)


def write_scenario(
    connection: duckdb.DuckDBPyConnection,
    file: Path,
    scenario: Scenario,
    source: Path | None,
    overlay: Overlay,
    scaled: Sequence[Price],
) -> None:
    """Write the scenario that an overlay has applied, with the prices that now stand.

    Every price that it changed, or that was scaled, is named by itself. Raises `RatebookError`.
    """
    keys = {key for key in overlay.touched if key[0] == "price"} | {one.key for one in scaled}
    content: dict[str, Any] = {"scenario": scenario.scenario}
    if scenario.effective_from:
        content["effective_from"] = scenario.effective_from
    if source:
        content["decimals"] = scenario.decimals
    prices = prices_at(connection, [(charge, step) for _, charge, step in keys])
    content["changes"] = [*_others(source, overlay.kept), *map(_change, prices)]
    with writing_to(file), file.open("x", encoding="utf-8") as opened:
        yaml.safe_dump(content, opened, sort_keys=False, allow_unicode=True, width=100)


def _others(source: Path | None, kept: Iterable[int]) -> list[Any]:
    """The changes of a scenario file that are not of prices, as they stand there."""
    if source is None:
        return []
    content = yaml.load(source.read_text("utf-8"), Loader)  # noqa: S506
    return [content["changes"][number] for number in sorted(kept)]


def _change(price: Price) -> dict[str, Any]:
    change: dict[str, Any] = {
        "utility": price.utility,
        "schedule": price.schedule,
        "version_effective_from": price.effective_from,
        "charge": price.code,
    }
    if price.season:
        change["season"] = price.season
    if price.step_no:
        change["step"] = price.step_no
    if price.kind == "percent":
        percent = price.value if price.place == "percent" else price.value * 100
        return {**change, "percentage": f"{percent.normalize():f}"}
    return {**change, "price": f"{price.value.normalize():f}"}
