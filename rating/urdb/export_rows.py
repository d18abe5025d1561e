"""What the tariff tables hold of a schedule's versions, as URDB rates are written from it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from models import tariff
from models.base import Base
from rating.errors import RatebookError
from rating.seed.load import table_of

Row = dict[str, Any]


@dataclass(frozen=True)
class ChargeRows:
    """A charge with its steps, the base it looks at, and its clause in words and tests."""

    row: Row
    steps: Sequence[Row]
    base: Sequence[Row]
    clause: str | None
    tests: Sequence[Row]


@dataclass(frozen=True)
class DemandRows:
    """A demand with its terms, each with its months, combinations, and whether it has a clause."""

    row: Row
    terms: Sequence[Row]


@dataclass(frozen=True)
class VersionRows:
    """A version with all that a URDB rate could say of it, and the names of what none can."""

    row: Row
    season_of: dict[int, str]
    charges: Sequence[ChargeRows]
    demands: dict[str, DemandRows]
    determinants: dict[str, Sequence[Row]]
    slices: dict[str, Sequence[Row]]
    windows: Sequence[Row]
    demand_minutes: int | None
    beside: Sequence[str]


def read_versions(connection: Connection, schedule: str, utility: str | None) -> list[VersionRows]:
    """The versions of a schedule, earliest first. Raises `RatebookError` if it is not the one."""
    found = [
        row
        for row in _rows(connection, tariff.Schedule, schedule=schedule)
        if utility in (None, row["utility"])
    ]
    if not found:
        of = f" of {utility}" if utility else ""
        raise RatebookError(f"there is no schedule {schedule}{of}; see `ratebook coverage`")
    if len(found) > 1:
        names = ", ".join(sorted(row["utility"] for row in found))
        raise RatebookError(f"{schedule} is a schedule of {names}; choose one with --utility")
    held = found[0]
    named = _rows(connection, tariff.Utility, utility=held["utility"])[0]["name"]
    versions = _rows(connection, tariff.Version, schedule_id=held["schedule_id"])
    versions.sort(key=lambda row: row["effective_from"])
    return [_version(connection, {**held, **row, "utility_name": named}) for row in versions]


def _version(connection: Connection, row: Row) -> VersionRows:
    key = {"version_id": row["version_id"]}
    sheet = _rows(connection, tariff.Sheet, sheet_id=row["sheet_id"])[0]
    document = _rows(connection, tariff.SourceDocument, document=sheet["document"])[0]
    times = _rows(connection, tariff.TimeOfUse, **key)
    return VersionRows(
        row={**row, **sheet, "document_title": document["title"]},
        season_of={
            one["month"]: one["season"] for one in _rows(connection, tariff.SeasonMonth, **key)
        },
        charges=_charges(connection, key),
        demands={one.row["name"]: one for one in _demands(connection, key)},
        determinants=_determinants(connection, key),
        slices=_slices(connection, key),
        windows=_windows(connection, key),
        demand_minutes=times[0]["demand_minutes"] if times else None,
        beside=_beside(connection, key),
    )


def _charges(connection: Connection, key: Row) -> list[ChargeRows]:
    found = []
    for row in sorted(_rows(connection, tariff.Charge, **key), key=lambda one: one["ordinal"]):
        charge = {"charge_id": row["charge_id"]}
        clause = row["condition_set_id"]
        sets = (
            []
            if clause is None
            else _rows(connection, tariff.ConditionSet, condition_set_id=clause)
        )
        found.append(
            ChargeRows(
                row=row,
                steps=_rows(connection, tariff.ChargeStep, **charge, order="step_no"),
                base=_rows(connection, tariff.ChargeBase, **charge, order="ordinal"),
                clause=sets[0]["label"] if sets else None,
                tests=_rows(connection, tariff.Condition, condition_set_id=clause) if sets else [],
            )
        )
    return found


def _demands(connection: Connection, key: Row) -> Iterable[DemandRows]:
    for row in _rows(connection, tariff.DemandRule, **key, order="ordinal"):
        terms = []
        groups = _rows(connection, tariff.DemandGroup, demand_rule_id=row["demand_rule_id"])
        for group in groups:
            for term in _rows(
                connection, tariff.DemandTerm, demand_group_id=group["demand_group_id"]
            ):
                months = _rows(
                    connection, tariff.DemandTermMonth, demand_term_id=term["demand_term_id"]
                )
                clauses = (term["condition_set_id"], group["condition_set_id"])
                terms.append(
                    {
                        **term,
                        "months": sorted(one["month"] for one in months),
                        "combinations": {row["combination"], group["combination"]},
                        "is_clause": any(one is not None for one in clauses),
                    }
                )
        yield DemandRows(row, terms)


def _determinants(connection: Connection, key: Row) -> dict[str, Sequence[Row]]:
    """The terms of each derived quantity, with what the quantity does to them."""
    found: dict[str, Sequence[Row]] = {}
    for row in _rows(connection, tariff.Determinant, **key):
        terms = _rows(connection, tariff.DeterminantTerm, determinant_id=row["determinant_id"])
        found[row["name"]] = [{**row, **term} for term in terms]
    return found


def _slices(connection: Connection, key: Row) -> dict[str, Sequence[Row]]:
    """The steps of splits that make each slice, with the split and the seasons it holds in."""
    found: dict[str, list[Row]] = defaultdict(list)
    for split in _rows(connection, tariff.Split, **key):
        seasons = _seasons(connection, split["condition_set_id"])
        for step in _rows(connection, tariff.SplitStep, split_id=split["split_id"]):
            found[step["slice_name"]].append({**split, **step, "seasons": seasons})
    return {**found}


def _seasons(connection: Connection, clause: int | None) -> set[str] | None:
    """The seasons that a clause names: None for all, no season where it says something else."""
    if clause is None:
        return None
    of: Row = {"condition_set_id": clause}
    tests = _rows(connection, tariff.Condition, **of)
    negated = [*_rows(connection, tariff.ConditionSet, **of), *tests]
    if len(tests) != 1 or tests[0]["kind"] != "season" or any(r["is_negated"] for r in negated):
        return set()
    return {row["value"] for row in _rows(connection, tariff.ConditionValue, **of)}


def _windows(connection: Connection, key: Row) -> list[Row]:
    found = []
    for row in _rows(connection, tariff.TimeOfUsePeriod, **key, order="ordinal"):
        window = {**key, "ordinal": row["ordinal"]}
        months = _rows(connection, tariff.TimeOfUseMonth, **window)
        days = _rows(connection, tariff.TimeOfUseDay, **window)
        found.append(
            {
                **row,
                "months": {one["month"] for one in months},
                "days": {one["day_kind"] for one in days},
            }
        )
    return found


def _beside(connection: Connection, key: Row) -> list[str]:
    """What a version has that no URDB rate does, in words."""
    riders = _rows(connection, tariff.ScheduleRider, **key)
    parts = [f"it carries {row['rider']}, a clause of its own" for row in riders]
    kinds: dict[type[Base], str] = {
        tariff.Formula: "a formula of a monthly factor",
        tariff.Combination: "reads of two meters are combined",
        tariff.RiderApplicability: "the schedules it is for as a rider",
        tariff.EligibilityRule: "who qualifies for it",
        tariff.TimeOfUseHoliday: "holidays",
    }
    return [*parts, *(words for model, words in kinds.items() if _rows(connection, model, **key))]


def _rows(
    connection: Connection, model: type[Base], order: str | None = None, **where: Any
) -> list[Row]:
    table = table_of(model)
    query = select(table).where(*(table.c[name] == value for name, value in where.items()))
    if order:
        query = query.order_by(table.c[order])
    return [dict(row) for row in connection.execute(query).mappings()]
