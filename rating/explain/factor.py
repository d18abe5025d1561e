"""One monthly factor explained: its inputs with their letters, its steps, and what it came to.

The arithmetic is that of the dbt project: the same SQL macros divide and round here, on the rows of
the formula and of the month's inputs.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import duckdb

from rating.errors import RatebookError
from rating.explain.bill import plain
from rating.explain.factor_sql import factor_query
from rating.store.query import Row, query_rows


@dataclass(frozen=True)
class Input:
    """An input of a formula: its letter on the sheet, and the month's value."""

    symbol: str | None
    variable: str
    side: str
    sign: int
    value: Decimal


@dataclass(frozen=True)
class Step:
    """A step of the canonical form, in words and in numbers."""

    name: str
    words: str
    value: Decimal


@dataclass(frozen=True)
class Printed:
    """A price that the sheet prints for the month, beside the factor at its decimals."""

    charge_code: str
    season: str | None
    price: Decimal
    factor: Decimal
    sheet: str

    @property
    def agrees(self) -> bool:
        """Whether the formula gives what is printed."""
        return self.price == self.factor


@dataclass(frozen=True)
class FactorExplanation:
    """A factor with everything that leads to it.

    `rated` is the factor that the last published run used for the month, if there is one.
    """

    utility: str
    rider: str
    billing_month: datetime.date
    sheet: str
    source_document: str
    ruling: str | None
    inputs: Sequence[Input]
    steps: Sequence[Step]
    factor: Decimal
    unit: str
    rated: Decimal | None
    printed: Sequence[Printed]


def explain_factor(
    connection: duckdb.DuckDBPyConnection, utility: str, rider: str, month: datetime.date
) -> FactorExplanation:
    """How the factor of a rider comes about for a billing month.

    Raises `RatebookError` where there is no formula, an input is missing, the divisor is zero or
    the result is none that a clause has.
    """
    formula = _formula(connection, utility, rider, month)
    key = [utility, rider, month]
    inputs = _inputs(connection, formula, key)
    (found,) = query_rows(connection, factor_query(), [formula["version_id"], month])
    _require_rateable(key, inputs, found)
    steps = _steps(formula, inputs, found)
    return FactorExplanation(
        utility=utility,
        rider=rider,
        billing_month=month,
        sheet=formula["page"],
        source_document=formula["document"],
        ruling=formula["ruling"],
        inputs=inputs,
        steps=steps,
        factor=found["factor"],
        unit=formula["unit"],
        rated=_rated(connection, key),
        printed=_printed(connection, formula["version_id"], month, found["factor"]),
    )


def _require_rateable(key: Sequence[Any], inputs: Sequence[Input], found: Row) -> None:
    if found["denominator"] == 0:
        divisor = _sum_words([one for one in inputs if one.side == "denominator"])
        raise RatebookError(f"{_name(key)} divides by zero: {divisor} is 0; correct the inputs")
    if not found["is_factor"]:
        result = (
            f"{plain(found['numerator'])} ÷ {plain(found['denominator'])}"
            if found["factor"] is None
            else plain(found["factor"])
        )
        words = f"{_name(key)} comes to {result}, which no clause does"
        raise RatebookError(f"{words}: no read is rated by it; correct the inputs")


def _name(key: Sequence[Any]) -> str:
    return f"{key[1]} of {key[0]} for {key[2]:%Y-%m}"


def _formula(
    connection: duckdb.DuckDBPyConnection, utility: str, rider: str, month: datetime.date
) -> Row:
    """The formula of a month, as `monthly_factor` has it; one that has none says what there is."""
    found = query_rows(
        connection,
        "select schedule.utility, schedule.schedule, version.effective_from, formula.*, page,"
        " document, effective_from < $1 + interval 2 month"
        " and coalesce(effective_to > $1, true) as is_of_month"
        " from tariff.formula inner join tariff.version using (version_id)"
        " inner join tariff.schedule using (schedule_id)"
        " inner join tariff.sheet on formula.sheet_id = sheet.sheet_id"
        " order by schedule.utility, schedule.schedule, effective_from",
        [month],
    )
    own = [row for row in found if (row["utility"], row["schedule"]) == (utility, rider)]
    if not own:
        names = ", ".join(dict.fromkeys(f"{row['utility']} {row['schedule']}" for row in found))
        raise RatebookError(f"{utility} {rider} has no formula; these have one: {names}")
    of_month = [row for row in own if row["is_of_month"]]
    if not of_month:
        raise RatebookError(
            f"{_name([utility, rider, month])} has no version in force; its first one begins on"
            f" {own[0]['effective_from']}"
        )
    return of_month[0]


def _inputs(connection: duckdb.DuckDBPyConnection, formula: Row, key: Sequence[Any]) -> list[Input]:
    found = query_rows(
        connection,
        "select symbol, formula_input.variable, side, sign, value from tariff.formula_input"
        " left join portfolio.rider_cost_input as cost on formula_input.variable = cost.variable"
        " and utility = $2 and rider = $3 and billing_month = $4"
        " where version_id = $1 order by ordinal",
        [formula["version_id"], *key],
    )
    missing = [row["variable"] for row in found if row["value"] is None]
    if missing:
        loaded = [row["variable"] for row in found if row["variable"] not in missing]
        known = f" (of {', '.join(loaded)} it has values)" if loaded else ""
        words = f"{_name(key)} lacks {', '.join(missing)}{known}"
        raise RatebookError(f"{words}; add them to rider_cost_inputs and load again")
    return [Input(**row) for row in found]


def _sum_words(inputs: Sequence[Input], constant: Decimal = Decimal(0)) -> str:
    """`B + C − D − 717,600`."""
    terms = [(one.sign, one.symbol or one.variable) for one in inputs]
    if constant:
        terms.append((1 if constant > 0 else -1, plain(abs(constant))))
    signs = [("− " if sign < 0 else "+ ") + name for sign, name in terms]
    return " ".join(signs).removeprefix("+ ")


def _steps(formula: Row, inputs: Sequence[Input], found: Row) -> list[Step]:
    above = [one for one in inputs if one.side == "numerator"]
    below = [one for one in inputs if one.side == "denominator"]
    steps = [
        Step("numerator", _sum_words(above, formula["numerator_constant"]), found["numerator"])
    ]
    if below or formula["denominator_multiplier"] != 1:
        words = _sum_words(below) or "1"
        if formula["denominator_multiplier"] != 1:
            words = f"({words}) × {plain(formula['denominator_multiplier'])}"
        steps.append(Step("denominator", words, found["denominator"]))
    steps += _last_steps(formula, found, is_divided=len(steps) > 1)
    return steps


def _last_steps(formula: Row, found: Row, *, is_divided: bool) -> list[Step]:
    base, scale, decimals = formula["base"], formula["scale"], formula["quotient_decimals"]
    quotient = "numerator ÷ denominator" if is_divided else "numerator"
    times = f" × {plain(scale)}" if scale != 1 else ""
    rounding = f", rounded to {formula['factor_decimals']} decimals"
    if decimals is None:
        whole = f"({quotient} − {plain(base)})" if base else quotient
        shown = [Step("quotient", f"{quotient}, shown to 8 decimals", found["quotient"])]
        last = Step("factor", f"{whole}{times}{rounding}, once", found["factor"])
        return [*(shown if is_divided else []), last]
    steps = [Step("quotient", f"{quotient}, rounded to {decimals} decimals", found["quotient"])]
    if base:
        words = f"{plain(found['quotient'])} − {plain(base)}"
        steps.append(Step("difference", words, found["difference"]))
    return [*steps, Step("factor", f"{steps[-1].name}{times}{rounding}", found["factor"])]


def _rated(connection: duckdb.DuckDBPyConnection, key: Sequence[Any]) -> Decimal | None:
    found = query_rows(
        connection,
        "select factor from rating.monthly_factor"
        " where utility = $1 and rider = $2 and billing_month = $3",
        key,
    )
    return found[0]["factor"] if found else None


def _printed(
    connection: duckdb.DuckDBPyConnection, version_id: int, month: datetime.date, factor: Decimal
) -> list[Printed]:
    """What a version with a formula prints all the same, for the season of the month."""
    found = query_rows(
        connection,
        "select code, charge.season, price, page,"
        " charge.season is null or season_month.month is not null as is_now"
        " from tariff.charge inner join tariff.charge_step using (charge_id)"
        " inner join tariff.sheet using (sheet_id)"
        " left join tariff.season_month on charge.version_id = season_month.version_id"
        " and charge.season = season_month.season and season_month.month = $2"
        " where charge.version_id = $1 and charge.kind = 'price' and price is not null"
        " and charge.version_id not in (select version_id from tariff.charge where kind = 'factor')"
        " order by charge.ordinal, step_no",
        [version_id, month.month],
    )
    decimals = max(0, *(-int(row["price"].normalize().as_tuple().exponent) for row in found), 0)
    rounded = factor.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return [
        Printed(row["code"], row["season"], row["price"], rounded, row["page"])
        for row in found
        if row["is_now"]
    ]
