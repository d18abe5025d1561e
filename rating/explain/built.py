"""What the last build knows of a bill beside the published relations: terms, netting, seasons.

Only of a bill that lies in the build as it was published, rated by the tariffs that are there.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from models.base import BUILD
from rating.store.query import Row, query_rows

STANDS = f"""
select 1
from {BUILD}.int_input__built as built
inner join {BUILD}.int_input__portfolio as portfolio
    on built.portfolio_build_id = portfolio.build_id
inner join {BUILD}.int_input__tariff as tariff
    on built.tariff_build_id = tariff.build_id
inner join {BUILD}.int_input__loaded as loaded
    on built.tariff_fingerprint = loaded.tariff_fingerprint
"""
REQUEST = f"""
select request_id, recipe_id
from {BUILD}.int_request__production
where agreement_id = $1 and billing_month = $2 and kind = 'production'
"""
TERMS = f"""
select
    demand_rule.name as demand_name,
    demand_rule.measured_operand,
    term.kind,
    term.percent,
    quantity.quantity as of_kw,
    make_date((term.peak_month_index - 1) // 12, (term.peak_month_index - 1) % 12 + 1, 1)
        as peak_month,
    term.value_kw
from {BUILD}.int_demand__term_completed as term
inner join {BUILD}.int_recipe__demand_term as own
    on own.recipe_id = $2 and term.demand_term_id = own.demand_term_id
inner join tariff.demand_rule on term.demand_rule_id = demand_rule.demand_rule_id
left join {BUILD}.int_quantity as quantity
    on quantity.request_id = $1 and own.operand_quantity_id = quantity.quantity_id
where term.request_id = $1
order by demand_name, term.value_kw desc, term.demand_term_id
"""
SEASONS = f"""
select listed.line_no, recipe.season
from {BUILD}.int_line__listed as listed
inner join {BUILD}.int_recipe__charge_step as step on listed.step_key = step.step_key
inner join {BUILD}.int_recipe as recipe on step.recipe_id = recipe.recipe_id
where listed.agreement_id = $1 and listed.billing_month = $2 and recipe.season is not null
"""
# Of what nets or banks received kWh: the kWh on both sides, and those that a bank gives or, below
# zero, takes.
NETTING = f"""
with term as (
    select term.quantity_id, meaning.operand, meaning.level, meaning.quantity_id as part_id
    from {BUILD}.int_recipe__determinant_term as term
    inner join {BUILD}.int_recipe__quantity as meaning
        on meaning.recipe_id = $2 and term.operand_quantity_id = meaning.quantity_id
    where term.recipe_id = $2
),
netted as (select quantity_id from term where operand = 'kwh_received' and level < 2),
part as (
    select operand, quantity
    from term inner join {BUILD}.int_quantity as quantity on term.part_id = quantity.quantity_id
    where request_id = $1 and level < 2 and term.quantity_id in (from netted)
),
bank as (
    select cast(bank.net - quantity.quantity as decimal(18, 6)) as kwh
    from {BUILD}.int_bank__netted as bank
    inner join {BUILD}.int_quantity as quantity using (request_id, quantity_id)
    where request_id = $1 and operation = 'bank' and quantity_id in (from netted)
)
select
    max(quantity) filter (where operand = 'kwh') as delivered_kwh,
    max(quantity) filter (where operand = 'kwh_received') as received_kwh,
    (select max(kwh) from bank) as from_bank_kwh
from part
"""


def has_bill(
    connection: duckdb.DuckDBPyConnection, key: Sequence[Any], published: Mapping[str, list[Row]]
) -> bool:
    """Whether the last build has these rows of relations; not where it cannot be read."""
    try:
        if not connection.execute(STANDS).fetchone():
            return False
        return all(
            _as_rated(rows_of(connection, f"{BUILD}.{name}", key)) == _as_rated(rows)
            for name, rows in published.items()
        )
    except duckdb.Error:  # there is none, of another release, or for other eyes
        return False


def _as_rated(rows: Sequence[Row]) -> list[Row]:
    """Rows in an order of their own, whichever run made them."""
    return sorted(({**row, "run_id": None} for row in rows), key=str)


def requests_of(connection: duckdb.DuckDBPyConnection, key: Sequence[Any]) -> list[Row]:
    """The (request_id, recipe_id) of an agreement's billing month."""
    return query_rows(connection, REQUEST, key)


def terms_of(connection: duckdb.DuckDBPyConnection, requests: Sequence[Row]) -> list[Row]:
    """The terms that apply to a bill's demands; of those with a value the greatest first."""
    return _of_requests(connection, TERMS, requests)


def netting_of(connection: duckdb.DuckDBPyConnection, requests: Sequence[Row]) -> Row | None:
    """The kWh delivered and received where a bill nets them, and those of a bank."""
    found = _of_requests(connection, NETTING, requests)
    return next((row for row in found if row["received_kwh"] is not None), None)


def _of_requests(
    connection: duckdb.DuckDBPyConnection, query: str, requests: Sequence[Row]
) -> list[Row]:
    """The rows of a query, which takes request_id and recipe_id."""
    return [
        row
        for request in requests
        for row in query_rows(connection, query, [request["request_id"], request["recipe_id"]])
    ]


def seasons_of(connection: duckdb.DuckDBPyConnection, key: Sequence[Any]) -> dict[int, str]:
    """The season of each line where a bill has lines of several seasons."""
    found = {row["line_no"]: row["season"] for row in query_rows(connection, SEASONS, key)}
    return found if len({*found.values()}) > 1 else {}


def rows_of(
    connection: duckdb.DuckDBPyConnection, relation: str, key: Sequence[Any], order: str = "1"
) -> list[Row]:
    """What a relation says of an agreement's billing month."""
    return query_rows(
        connection,
        f"select * from {relation} where agreement_id = ? and billing_month = ? order by {order}",
        key,
    )
