"""The kWh, or kW, at which the bills on two schedules are equal, by rating.

All kWh (or kW) of the months compared are multiplied by a factor, everything else stays, and both
schedules are rated again: first at a few factors, then at some between the two where the cheaper
one changes, and so on until these are a thousandth apart. Bills bend and jump at blocks, ratchets
and minimums, so that no line between two of them says where.
"""

from collections.abc import Sequence

import duckdb

from rating.run.dbt_build import NodeResult
from rating.study.candidates import rate_candidates
from rating.study.database import count_of
from rating.study.relations import make_relation

PERCENTAGES = (25, 50, 200, 400)
POINTS = 4

ASK_FACTORS = """
create or replace table study.wanted_factor as
select
    pair.*,
    cast(percentage.value * 0.01 as decimal(9, 6)) as factor
from study.pair as pair
cross join (select unnest(cast($percentages as integer[])) as value) as percentage
where pair.reason is null
"""
# Thousandths that cut a bracket into equal parts; none where its ends are neighbours.
ASK_BETWEEN = """
create or replace table study.wanted_factor as
select
    pair.*,
    cast(
        round(
            bracket.lower_factor + study.quotient(
                (bracket.upper_factor - bracket.lower_factor) * point.number, $points + 1
            ),
            3
        ) as decimal(9, 6)
    ) as factor
from study.pair as pair
inner join study.bracket as bracket
    on pair.agreement_id = bracket.agreement_id and pair.determinant = bracket.determinant
cross join (select unnest(range(1, $points + 1)) as number) as point
"""
# What has been rated at these factors is not rated again.
ASKED_FACTOR = """
create or replace table study.asked_factor as
with asked as (
    select distinct
        unnest([candidate_id, own_candidate_id]) as candidate_id,
        case when determinant = 'kwh' then factor else 1 end as kwh_factor,
        case when determinant = 'kw' then factor else 1 end as kw_factor
    from study.wanted_factor
)

select asked.*
from asked
anti join study.candidate_bill as billed using (candidate_id, kwh_factor, kw_factor)
anti join study.candidate_unbilled as unbilled using (candidate_id, kwh_factor, kw_factor)
"""


def find_break_even(
    connection: duckdb.DuckDBPyConnection,
    models: Sequence[NodeResult],
    reads_at_once: int,
    *,
    is_asked: bool,
) -> None:
    """Make `study.break_even` of a comparison's tables; empty unless it is asked for."""
    make_relation(connection, "compare/pair", {"is_asked": is_asked})
    make_relation(connection, "compare/rated_pair")
    connection.execute(ASK_FACTORS, {"percentages": list(PERCENTAGES)})
    while _ask(connection):
        rate_candidates(connection, models, reads_at_once)
        make_relation(connection, "compare/rated_pair")
        make_relation(connection, "compare/bracket")
        connection.execute(ASK_BETWEEN, {"points": POINTS})
    make_relation(connection, "compare/bracket")
    make_relation(connection, "compare/break_even")


def _ask(connection: duckdb.DuckDBPyConnection) -> bool:
    """Ask for the factors that are wanted; whether any has not been rated yet."""
    connection.execute(ASKED_FACTOR)
    return bool(count_of(connection, "asked_factor"))
