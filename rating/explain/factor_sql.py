"""The canonical form of a monthly factor as one query, made of the dbt project's own macros."""

from functools import cache

import jinja2

from rating.project import DBT_PROJECT

MACROS = ("arithmetic", "text", "factor")
# The steps of a formula's version, $1, in a billing month, $2, whose inputs are all there.
STEPS = """
with formula as (select * from tariff.formula where version_id = $1),
{{ factor_steps() }}
select
    divided.numerator, divided.denominator,
    scaled.quotient, scaled.quotient - scaled.base as difference, scaled.factor,
    coalesce({{ is_factor("scaled.factor") }}, false) as is_factor
from divided left join scaled using (billing_month)
where billing_month = $2
"""


@cache
def factor_query() -> str:
    """SQL for (version_id, billing_month): one row with each step's number, as `int_factor` counts.

    (numerator ÷ denominator, rounded − base) × scale; where the quotient is not rounded, the
    whole is rounded once. What the quotient leads to is null where it does not fit.
    """
    macros = [
        (DBT_PROJECT / "macros" / f"{name}.sql").read_text(encoding="utf-8") for name in MACROS
    ]
    environment = jinja2.Environment(autoescape=False)  # noqa: S701 - SQL, not HTML
    return environment.from_string("".join([*macros, STEPS])).render(
        target={"type": "duckdb"}, source=lambda schema, name: f"{schema}.{name}"
    )
