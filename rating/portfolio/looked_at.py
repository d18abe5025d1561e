"""The names by which tariffs call what portfolios say: quantities and attributes."""

import duckdb

from rating.seed.load import tariff_tables
from rating.seed.quantities import DEMAND_SUFFIX

_ATTRIBUTES = (
    "select subject from tariff.condition where kind = 'attribute'"
    " union select attribute from tariff.eligibility_condition where kind = 'attribute'"
    " union select operand from tariff.agreement_determinant"
)
# A name that is made of itself, such as kWh after netting, is read too.
_MADE = (
    "select name from tariff.determinant where name not in"
    " (select operand from tariff.determinant_term as term"
    " where term.determinant_id = determinant.determinant_id)"
    f" union select name || '{DEMAND_SUFFIX}' from tariff.demand_rule"
    " union select slice_name from tariff.split_step"
)


def quantities_named(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Every name that a tariff row calls a quantity by."""
    operands = [
        f"select {column.name} from {table.fullname} where {column.name} is not null"
        for table in tariff_tables()
        for column in table.columns
        if column.name.endswith("operand")
    ]
    tested = "select subject from tariff.condition where kind = 'determinant'"
    return _texts(connection, " union ".join([*operands, tested]))


def quantities_made(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The names of the quantities that tariffs make of others."""
    return _texts(connection, _MADE)


def quantities_looked_at(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The names of quantities that only reads or agreements can say; those of units are none."""
    found = quantities_named(connection) - quantities_made(connection)
    return {name for name in found if ":" not in name}


def attributes_looked_at(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The names of an agreement's attributes and quantities that a tariff row tests or counts."""
    return _texts(connection, _ATTRIBUTES)


def _texts(connection: duckdb.DuckDBPyConnection, query: str) -> set[str]:
    return {text for (text,) in connection.execute(query).fetchall()}
