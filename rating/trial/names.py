"""The names that a trial is given, looked up in its tariffs; of a wrong one the likes are told."""

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence

import duckdb

from rating.errors import RatebookError
from rating.portfolio.looked_at import attributes_looked_at, quantities_looked_at, quantities_made
from rating.trial.rows import AGREEMENT_COLUMNS, READ_COLUMNS, Row

_OWN_OPTION = {
    "schedule": "SCHEDULE",
    "days": "--days",
    "lamp_watts": "--units CODE:WATTS=N",
    "lighting_hours": "--lighting-hours",
    "enrolled_quantity": "--rider RIDER:OPTION:QUANTITY",
}


def find_utility(connection: duckdb.DuckDBPyConnection, schedule: str, utility: str | None) -> str:
    """The utility whose schedule is meant; raises `RatebookError` unless there is just one."""
    rows = connection.execute("select utility, schedule, kind from tariff.schedule").fetchall()
    utilities = {row[0] for row in rows}
    if utility and utility not in utilities:
        raise RatebookError(f"utility {utility} is unknown; {_choose(utility, utilities)}")
    own = [row for row in rows if utility in (None, row[0])]
    found = [(owner, kind) for owner, name, kind in own if name == schedule]
    if not found:
        codes = {name for _, name, kind in own if kind in ("rate", "lighting")}
        raise RatebookError(f"there is no schedule {schedule}; {_choose(schedule, codes)}")
    if len(found) > 1:
        owners = " or ".join(sorted(f"--utility {owner}" for owner, _ in found))
        raise RatebookError(f"several utilities have a schedule {schedule}; give {owners}")
    ((owner, kind),) = found
    if kind == "rider":
        raise RatebookError(f"{schedule} is a rider; try a schedule with --rider {schedule}")
    if kind == "adjustment":
        raise RatebookError(f"{schedule} is an adjustment clause; try a schedule that carries it")
    return str(owner)


def _choose(name: str, known: Iterable[str]) -> str:
    """Which names could be meant: those that look alike or, if none does, all."""
    names = {one.lower(): one for one in sorted(known)}
    close = difflib.get_close_matches(name.lower(), names, n=5)
    if close:
        return f"did you mean {', '.join(names[one] for one in close)}?"
    return f"choose one of {', '.join(names.values())}" if names else "there are none"


def attribute_names(
    connection: duckdb.DuckDBPyConnection, names: Collection[str]
) -> frozenset[str]:
    """Which of the names are an agreement's; the others are quantities of a read.

    Raises `RatebookError` for each name that no tariff looks at.
    """
    attributes = (AGREEMENT_COLUMNS.keys() | attributes_looked_at(connection)) - {"schedule"}
    made = quantities_made(connection) - READ_COLUMNS.keys()
    read = quantities_looked_at(connection) - _OWN_OPTION.keys()
    known = attributes | read | READ_COLUMNS.keys()
    problems = []
    for name in sorted(set(names) - known):
        if name in _OWN_OPTION:
            problems.append(f"{name} has an option of its own; give {_OWN_OPTION[name]}")
        elif name in made:
            problems.append(f"{name} is computed; give what it is computed from")
        else:
            problems.append(f"no tariff looks at {name}; {_choose(name, known)}")
    if problems:
        raise RatebookError(*problems)
    return frozenset(attributes.intersection(names))


def require_riders(
    connection: duckdb.DuckDBPyConnection, utility: str, riders: Sequence[Row]
) -> None:
    """Raise `RatebookError` unless the utility has each of the riders."""
    known = _texts(
        connection,
        "select schedule from tariff.schedule where kind = 'rider' and utility = ?",
        utility,
    )
    for row in riders:
        if row["rider"] not in known:
            hint = _choose(row["rider"], known)
            raise RatebookError(f"{utility} has no rider {row['rider']}; {hint}")


def require_formulas(
    connection: duckdb.DuckDBPyConnection,
    utility: str,
    factors: Mapping[str, str],
    inputs: Sequence[Row],
) -> None:
    """Raise `RatebookError` unless each factor has a formula and each input stands in one."""
    variables: dict[str, set[str]] = {}
    for rider, variable in connection.execute(
        "select schedule, variable from tariff.formula join tariff.version using (version_id)"
        " join tariff.schedule using (schedule_id) left join tariff.formula_input"
        " using (version_id) where utility = ?",
        [utility],
    ).fetchall():
        variables.setdefault(rider, set()).update([variable] if variable else [])
    for rider in [*factors, *(row["rider"] for row in inputs)]:
        if rider not in variables:
            hint = _choose(rider, variables)
            raise RatebookError(f"{utility} has no monthly factor of {rider}; {hint}")
    for row in inputs:
        known = variables[row["rider"]]
        if row["variable"] not in known:
            hint = _choose(row["variable"], known)
            raise RatebookError(f"{row['rider']} has no input {row['variable']}; {hint}")


def _texts(connection: duckdb.DuckDBPyConnection, query: str, *parameters: str) -> set[str]:
    return {row[0] for row in connection.execute(query, list(parameters)).fetchall()}
