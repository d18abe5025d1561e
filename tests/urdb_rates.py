"""URDB rates for the tests: real ones from short notes, and invented ones piece by piece."""

import datetime
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

FACTS = Path(__file__).parent / "urdb" / "facts.yaml"
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
UTILITY = "Riverbend Light (Utility Company)"
CODE = "riverbend-light"
HOURS_OF = {
    "energy_hours": ("energyweekdayschedule", "energyweekendschedule"),
    "demand_hours": ("demandweekdayschedule", "demandweekendschedule"),
    "coincident_hours": ("coincidentschedule", None),
}
Rate = dict[str, Any]


def hours(*lines: str) -> dict[str, list[list[int]]]:
    """The weekday and weekend schedules of lines such as `jun-sep weekday 0x14 1x6 0x4`."""
    found = {kind: [[0] * 24 for _ in MONTHS] for kind in ("weekday", "weekend")}
    for line in lines:
        months, days, *runs = line.split()
        row = [int(run.split("x")[0]) for run in runs for _ in range(int(run.split("x")[1]))]
        for kind in found if days == "all" else [days]:
            for month in _months(months):
                found[kind][month] = list(row)
    return found


def _months(words: str) -> list[int]:
    months = []
    for part in words.split(","):
        first, _, last = part.partition("-")
        months += range(MONTHS.index(first), MONTHS.index(last or first) + 1)
    return months


def by_month(**periods: int) -> list[int]:
    """Twelve period numbers: by_month(jun_sep=1) is 1 from June to September, else 0."""
    found = [0] * 12
    for words, period in periods.items():
        for month in _months(words.replace("_", "-")):
            found[month] = period
    return found


def full(fact: Mapping[str, Any]) -> Rate:
    """A rate as URDB has it, from short notes."""
    rate = {name: value for name, value in fact.items() if name not in HOURS_OF}
    for name, (weekday, weekend) in HOURS_OF.items():
        if name in fact:
            found = hours(*fact[name])
            rate[weekday] = found["weekday"]
            if weekend:
                rate[weekend] = found["weekend"]
    return rate


def facts() -> list[Rate]:
    """The real rates, numbers as they are written."""
    loader = type("Exact", (yaml.SafeLoader,), {})
    loader.add_constructor("tag:yaml.org,2002:float", lambda _, node: Decimal(node.value))
    notes = yaml.load(FACTS.read_text("utf-8"), loader)
    return [full(note) for note in notes]


def fact(label: str) -> Rate:
    """One of the real rates."""
    return next(rate for rate in facts() if rate["label"] == label)


def rate(label: str, **fields: Any) -> Rate:
    """An invented rate: 10 cents a kWh from 2015 on, unless it says otherwise."""
    return full(
        {
            "label": label,
            "utility": UTILITY,
            "name": f"Rate {label}",
            "approved": True,
            "startdate": seconds("2015-01-01"),
            "energyratestructure": [[{"rate": "0.10", "unit": "kWh"}]],
            "energy_hours": [],
            **fields,
        }
    )


def seconds(day: str) -> int:
    """A day as URDB writes it: seconds since 1970, of an American morning."""
    at = datetime.datetime.fromisoformat(f"{day}T08:00:00+00:00")
    return int(at.timestamp())


def tiers(*found: tuple[Any, ...], unit: str | None = None) -> list[Rate]:
    """Tiers of (max, rate) or (max, rate, adj); a max of None is left out."""
    return [
        {
            **({"max": limit} if limit is not None else {}),
            "rate": price,
            **({"adj": adj[0]} if adj else {}),
            **({"unit": unit} if unit else {}),
        }
        for limit, price, *adj in found
    ]


def text_of(value: Any) -> str:
    """JSON whose numbers have the digits of decimals, and of texts that are decimals."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)}: {text_of(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(text_of, value)) + "]"
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, str) and value.lstrip("-").replace(".", "", 1).isdigit():
        return value
    return json.dumps(value)


def write(folder: Path, rates: Sequence[Rate], name: str = "rates.json") -> Path:
    """A file with rates as the API answers them."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(text_of({"items": list(rates)}), "utf-8")
    return file
