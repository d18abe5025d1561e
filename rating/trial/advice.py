"""Why a trial has no bill, in one sentence that says which option to give.

What is looked up is looked up in the rows that the trial was rated by.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import duckdb

from rating.trial.rows import AGREEMENT_COLUMNS, READ_COLUMNS

Row = Mapping[str, Any]
Connection = duckdb.DuckDBPyConnection

# The versions that a read was to be rated by: its schedule's, and its clauses' and riders'.
_VERSIONS = """
    select recipe.version_id
    from rating_build.int_request__production
    inner join rating_build.int_recipe__version as recipe using (recipe_id)
    where agreement_id = $agreement_id and billing_month = $billing_month
"""
_MISSING = """
    select distinct input, undefined.operand is not null as is_undefined, attributes
    from rating_build.int_request__production
    inner join rating_build.int_request__unknown using (request_id)
    inner join rating_build.int_request__missing_input using (request_id, quantity_id)
    left join rating_build.int_recipe__undefined as undefined
        on int_request__production.recipe_id = undefined.recipe_id and input = undefined.operand
    where agreement_id = $agreement_id and billing_month = $billing_month
        and int_request__unknown.operand = $name
    order by is_undefined, input
"""
# The values by which the conditions of what has a name, in those versions, test attributes.
_TESTED = f"""
    select subject, is_negated, string_agg(distinct value, '|' order by value)
    from tariff.condition
    inner join tariff.condition_value using (condition_set_id, ordinal)
    where kind = 'attribute' and condition_set_id in (
        select condition_set_id from tariff.charge
        where choice = $name and version_id in ({_VERSIONS})
        union select term.condition_set_id from tariff.demand_term as term
        inner join tariff.demand_group using (demand_group_id)
        inner join tariff.demand_rule using (demand_rule_id)
        where choice = $name and version_id in ({_VERSIONS})
        union select condition_set_id from tariff.determinant
        where name = $name and version_id in ({_VERSIONS})
        union select condition_set_id from tariff.split
        inner join tariff.split_step using (split_id)
        where slice_name = $name and version_id in ({_VERSIONS})
    )
    group by subject, is_negated order by subject, is_negated
"""
_OPTIONS = """
    select string_agg(distinct value, ', ' order by value)
    from tariff.condition
    inner join tariff.condition_value using (condition_set_id, ordinal)
    inner join tariff.condition_set using (condition_set_id)
    inner join tariff.version using (version_id)
    inner join tariff.schedule using (schedule_id)
    where condition.kind = 'option' and schedule = $name
"""
_UNITS = f"""
    select string_agg(distinct substr(operand, 7), ', ' order by substr(operand, 7))
    from tariff.charge where operand like 'units:%' and version_id in ({_VERSIONS})
"""
_INPUTS = f"""
    select string_agg(distinct variable, ', ' order by variable)
    from tariff.formula_input
    inner join tariff.formula using (version_id)
    inner join tariff.version using (version_id)
    inner join tariff.schedule using (schedule_id)
    where schedule = $name and not is_check_only and version_id in ({_VERSIONS})
"""
_IN_FORCE = """
    select string_agg(
        'from ' || effective_from || coalesce(' to ' || (effective_to - 1), ''), ', '
        order by effective_from
    )
    from tariff.version inner join tariff.schedule using (schedule_id)
    where schedule = $name and status <> 'incomplete'
"""

# Where the read lacks nothing: no definition holds for it, it divides by zero, or looks back.
_OTHER_READS = "give other quantities, or earlier months by --history YYYY-MM:NAME=VALUE"

# What a detail says before and after what is missing.
_AROUND = "^rider .+ needs version .+ of schedule .+?: |; units without watts: .+$"


def unbilled_sentence(connection: Connection, schedule: str, unbilled: Row) -> str:
    """The reason and the detail of an unbilled read, and what to give instead."""
    month = f"{unbilled['billing_month']:%Y-%m}"
    advice = _advice(connection, unbilled)
    return f"{schedule} {month} has no bill: {unbilled['reason']} ({unbilled['detail']}); {advice}"


def _advice(connection: Connection, unbilled: Row) -> str:
    lookup = _Lookup(connection, unbilled)
    detail = re.sub(_AROUND, "", unbilled["detail"])
    for pattern, words in _ADVICE:
        found = re.fullmatch(pattern, detail)
        if found:
            return words(lookup, *found.groups())
    return "give what it names, or choose another --month"


class _Lookup:
    """Queries about one unbilled read."""

    def __init__(self, connection: Connection, unbilled: Row) -> None:
        self._connection = connection
        self._key = {name: unbilled[name] for name in ("agreement_id", "billing_month")}

    def rows(self, query: str, **parameters: str) -> list[tuple[Any, ...]]:
        """The rows of a query, given the parameters that it names."""
        given = {**self._key, **parameters}
        used = {name: value for name, value in given.items() if f"${name}" in query}
        return self._connection.execute(query, used).fetchall()

    def text(self, query: str, **parameters: str) -> str:
        """The one text of a query; blank where there is none."""
        return str(self.rows(query, **parameters)[0][0] or "")


def _unknown(lookup: _Lookup, operand: str) -> str:
    """Which options the inputs come from that the quantity is not known for want of."""
    missing = lookup.rows(_MISSING, name=operand)
    inputs = [_option(name) for name, is_undefined, _ in missing if not is_undefined]
    given = [f"give {', '.join(inputs)}"] if inputs else []
    for name, is_undefined, attributes in missing:
        if is_undefined:
            given.append(_choice(lookup, name, attributes or ""))
    return ", and ".join(given) or _OTHER_READS


def _option(name: str) -> str:
    """The option by which a quantity or an attribute is given."""
    if name in READ_COLUMNS or name in AGREEMENT_COLUMNS:
        return f"--{name.replace('_', '-')}"
    plain, _, rider = name.partition(":")
    special = {
        "schedule": "SCHEDULE",
        "lamp_watts": "--units CODE:WATTS=N",
        "lighting_hours": "--lighting-hours N",
        "enrolled_quantity": f"--rider {rider}:OPTION:QUANTITY",
    }
    return special.get(plain, f"--set {name}=VALUE")


def _choice(lookup: _Lookup, name: str, attributes: str | None) -> str:
    """The values that fit something of what has a name, of the attributes that decide it."""
    tested = lookup.rows(_TESTED, name=name)
    if attributes is not None:
        tested = [row for row in tested if row[0] in attributes.split(" and ")]
    given = [_attribute(*row) for row in tested]
    return f"give {' or '.join(given)}" if given else "choose another --month"


def _attribute(name: str, is_negated: bool, values: str) -> str:
    """The option by which an attribute is given, with values that fit."""
    if is_negated:
        return f"{_option(name)} other than {values}"
    column = AGREEMENT_COLUMNS.get(name)
    is_set = column.kind == "boolean" if column else name != "schedule"
    return f"--set {name}={values}" if is_set else f"{_option(name)} {values}"


def _factor(lookup: _Lookup, rider: str) -> str:
    inputs = lookup.text(_INPUTS, name=rider)
    if not inputs:
        return f"its sheet prints no price for the month; give --factor '{rider}=PRICE'"
    given = f"--factor-input '{rider}:NAME=VALUE' for each of {inputs}"
    return f"give --factor '{rider}=PRICE', or {given}"


def _in_force(lookup: _Lookup, name: str) -> str:
    dates = lookup.text(_IN_FORCE, name=name)
    if not dates:
        return f"every version of {name} is incomplete: it is stored but never rated"
    return f"choose a --month in which it is in force ({dates})"


_ADVICE: list[tuple[str, Callable[..., str]]] = [
    (r"(.+?) is not known(?:: .+)?", _unknown),
    (
        r"no (\S+) of the (?:sheet|.+ demand) fits the agreement's attributes"
        r"(?: and the read's quantities| \((.+)\))?",
        _choice,
    ),
    (
        r"rider (.+?) (?:needs an|has no) option.*",
        lambda lookup, rider: (
            f"give --rider '{rider}:OPTION' with one of {lookup.text(_OPTIONS, name=rider)}"
        ),
    ),
    (
        r"unit .+ is not on the sheet",
        lambda lookup: f"give --units with one of {lookup.text(_UNITS)}",
    ),
    (r"no factor of (.+) is known for this month", _factor),
    (r"combined_with_.*", lambda _: "it is billed with another read; load both as a portfolio"),
    (r"schedule (.+) has no version in force on .*", _in_force),
    (r"schedule (.+) is incomplete.*", _in_force),
    (r"(?:rider|adjustment) (.+) has no version in force", _in_force),
    (
        r"rider (.+) was closed to enrollments before .*",
        lambda _, rider: f"give the day of an earlier enrollment, --rider '{rider}:::YYYY-MM-DD'",
    ),
    (
        r"rider (.+) (?:does not apply to|needs .+ on) schedule .*",
        lambda _, rider: f"leave --rider {rider} out",
    ),
]
