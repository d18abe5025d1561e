"""What is to be tried, and the portfolio that says it: an invented agreement for each bill."""

import csv
import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rating.portfolio.relations import RELATIONS, Column

Row = Mapping[str, Any]
Files = Mapping[str, Sequence[Row]]

FACTOR_VARIABLE = "one"
_RELATION = {relation.name: relation for relation in RELATIONS}
_SAID_OTHERWISE = frozenset(
    {"account_id", "utility", "schedule", "end_date", "combined_with_agreement_id"}
)


def _free_columns(relation: str, *others: str) -> dict[str, Column]:
    columns = _RELATION[relation].columns
    return {
        one.name: one
        for one in columns
        if not one.is_key and one.name not in _SAID_OTHERWISE.union(others)
    }


READ_COLUMNS = _free_columns("meter_reads", "read_from", "read_to")
AGREEMENT_COLUMNS = _free_columns("service_agreements")


@dataclass(frozen=True)
class Trial:
    """One bill for each of `kwh`; numbers are texts, as a portfolio file has them.

    `values` are quantities of the read and attributes of the agreement by name. Rows of `riders`,
    `units`, `inputs` and `history` have the columns of their portfolio file, without those that
    are the same for all. `factors` are monthly factors by the rider or clause they stand for,
    `history_names` the quantities of earlier months whose names are to be checked.
    """

    schedule: str
    month: datetime.date
    read_from: datetime.date
    read_to: datetime.date
    kwh: Sequence[str] = ("",)
    utility: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    riders: Sequence[Row] = ()
    units: Sequence[Row] = ()
    lighting_hours: str | None = None
    factors: Mapping[str, str] = field(default_factory=dict)
    inputs: Sequence[Row] = ()
    history: Sequence[Row] = ()
    history_names: frozenset[str] = frozenset()

    @property
    def agreements(self) -> list[str]:
        """The invented agreement_id of each bill."""
        count = len(self.kwh)
        return ["TRY"] if count == 1 else [f"TRY-{number}" for number in range(1, count + 1)]

    @property
    def since(self) -> datetime.date:
        """The first day of the first read, from which terms and enrollments count."""
        starts: list[datetime.date] = [row["read_from"] for row in self.history]
        return min([self.read_from, *starts])


def trial_files(trial: Trial, utility: str, attributes: frozenset[str]) -> Files:
    """The rows of each portfolio file; `attributes` are the names that are no read's."""
    of_agreement = {name: text for name, text in trial.values.items() if name in attributes}
    of_read = {name: text for name, text in trial.values.items() if name not in attributes}
    month = f"{trial.month:%Y-%m}"
    period = {"billing_month": month, "read_from": trial.read_from, "read_to": trial.read_to}
    agreement = {"start_date": trial.since, "utility": utility, "schedule": trial.schedule}
    monthly = {"utility": utility, "billing_month": month}
    factors = [{"rider": rider, "variable": FACTOR_VARIABLE, "value": 1} for rider in trial.factors]
    files: dict[str, list[Row]] = {
        "service_agreements": _each(trial, [{**agreement, **of_agreement}]),
        "meter_reads": [
            {"agreement_id": one, "kwh": kwh, **period, **of_read}
            for one, kwh in zip(trial.agreements, trial.kwh, strict=True)
        ]
        + _each(trial, trial.history),
        "rider_enrollments": _each(
            trial, [{"start_date": trial.since, **row} for row in trial.riders]
        ),
        "unit_inventory": _each(
            trial, [{"start_date": trial.read_from, **row} for row in trial.units]
        ),
        "rider_cost_inputs": [{**monthly, **row} for row in [*factors, *trial.inputs]],
        "lighting_hours": [{**monthly, "hours": trial.lighting_hours}]
        if trial.lighting_hours
        else [],
    }
    return {name: rows for name, rows in files.items() if rows}


def _each(trial: Trial, rows: Sequence[Row]) -> list[Row]:
    """The rows for each of the invented agreements."""
    return [{"agreement_id": one, **row} for one in trial.agreements for row in rows]


def write_files(folder: Path, files: Files) -> None:
    """Write a portfolio folder; what a row does not have is blank."""
    for name, rows in files.items():
        columns = dict.fromkeys(column for row in rows for column in row)
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(columns), restval="")
            writer.writeheader()
            writer.writerows(rows)
