"""A good seed file to be spoilt one place at a time."""

from pathlib import Path

import pytest

from rating.errors import RatebookError
from rating.seed.read import read_books

UTILITY = """\
utility: zz
name: Invented
time_zone: America/Chicago
documents:
  - {document: book, title: Book}
"""

GOOD = """\
utility: zz
schedule: ONE
title: One
kind: rate
document: book
versions:
  - effective_from: 2020-01-01
    sheet: p. 1
    charges:
      - code: energy
        description: Energy
        component: energy
        per: kwh
        prices_in: $/kWh
        sheet: p. 2
        blocks:
          - {first: "100", price: "0.10"}
          - {next: "200", price: "0.09"}
          - {over: "300", price: "0.08"}
"""


def write_seeds(tmp_path: Path, schedule: str, utility: str = UTILITY) -> Path:
    """A seed folder with one utility and one schedule."""
    folder = tmp_path / "seeds"
    (folder / "zz").mkdir(parents=True, exist_ok=True)
    (folder / "zz" / "utility.yaml").write_text(utility, "utf-8")
    (folder / "zz" / "one.yaml").write_text(schedule, "utf-8")
    return folder


def refusals(tmp_path: Path, schedule: str) -> list[str]:
    """The sentences with which a schedule's seed file is refused."""
    with pytest.raises(RatebookError) as refused:
        read_books([write_seeds(tmp_path, schedule)])
    return list(refused.value.messages)
