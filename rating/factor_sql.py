"""The canonical form of a monthly factor as one query, made of the dbt project's own macros."""

from decimal import Decimal
from functools import cache
from typing import Any

import jinja2

from rating.project import DBT_PROJECT

MACROS = DBT_PROJECT / "macros" / "arithmetic.sql"


# The inputs of a month summed by side; $1 to $4 are version, utility, rider and billing month.
SUMMED = """
    select
        sum(case side when 'numerator' then sign * value else 0 end) as numerator_inputs,
        sum(case side when 'denominator' then sign * value end) as denominator_inputs
    from tariff.formula_input
    inner join portfolio.rider_cost_input as cost on formula_input.variable = cost.variable
    where version_id = $1 and utility = $2 and rider = $3 and billing_month = $4
"""
WHOLE = (
    "(numerator - cast(base * cast(denominator as decimal(28, 8)) as decimal(38, 12)))"
    " * cast(scale as decimal(12, 8))"
)
# One that is not rounded is shown at the decimals of a price, and not counted on with.
QUOTIENT_DECIMALS = "coalesce(quotient_decimals, 8)"
# As in `int_factor`.
MOST_QUOTIENT, MOST_FACTOR = 1_000_000, 1000
SCALED = "cast((quotient - base) as decimal(20, 8)) * scale"


def is_slip(numerator: Decimal, denominator: Decimal, factor: Decimal) -> bool:
    """Whether a factor is so large that its inputs must be wrong: `int_factor` has none then."""
    return abs(numerator) >= MOST_QUOTIENT * abs(denominator) or abs(factor) >= MOST_FACTOR


@cache
def factor_query() -> str:
    """SQL for (version_id, utility, rider, billing_month): one row with each step's number.

    (numerator ÷ denominator, rounded − base) × scale; where the quotient is not rounded, the
    whole is rounded once.
    """
    macros = _macros()
    return f"""
        with summed as ({SUMMED}),
        stated as (
            select formula.*, numerator_inputs + numerator_constant as numerator,
                cast(coalesce(denominator_inputs, 1) as decimal(28, 8)) * denominator_multiplier
                    as denominator
            from summed inner join tariff.formula on formula.version_id = $1
        ),
        divided as (
            select *,
                {macros.divide_to("numerator", "denominator", QUOTIENT_DECIMALS)} as quotient
            from stated
        )
        select numerator, denominator, quotient, quotient - base as difference,
            case when quotient_decimals is null
                then {macros.divide_to(WHOLE, "denominator", "factor_decimals")}
                else {macros.round_price(SCALED, "factor_decimals")}
            end as factor
        from divided
    """


def _macros() -> Any:
    environment = jinja2.Environment(autoescape=False)  # noqa: S701 - SQL, not HTML
    template = environment.from_string(
        MACROS.read_text(encoding="utf-8"), globals={"target": {"type": "duckdb"}}
    )
    return template.module
