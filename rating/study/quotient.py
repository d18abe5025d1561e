"""How studies divide: a macro `study.quotient`, made of the dbt project's own division."""

from functools import cache

import jinja2

from rating.project import DBT_PROJECT

# A quotient of decimals with six decimals, half away from zero; empty over zero.
QUOTIENT = """
create or replace macro study.quotient(numerator, denominator) as
    cast({{ divide('numerator', 'denominator') }} as decimal(18, 6))
"""


@cache
def quotient_macro() -> str:
    """SQL that makes `study.quotient`."""
    macros = (DBT_PROJECT / "macros" / "arithmetic.sql").read_text(encoding="utf-8")
    environment = jinja2.Environment(autoescape=False)  # noqa: S701 - SQL, not HTML
    return environment.from_string(macros + QUOTIENT).render(target={"type": "duckdb"})
