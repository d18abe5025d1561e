"""The names by which tariffs call what portfolios say: quantities and attributes."""

import duckdb

from rating.seed.load import tariff_tables

_ATTRIBUTES = (
    "select subject from tariff.condition where kind = 'attribute'"
    " union select attribute from tariff.eligibility_condition where kind = 'attribute'"
    " union select operand from tariff.agreement_determinant"
)


def quantities_looked_at(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Every name that a tariff row calls a quantity by."""
    operands = [
        f"select {column.name} from {table.fullname} where {column.name} is not null"
        for table in tariff_tables()
        for column in table.columns
        if column.name.endswith("operand")
    ]
    tested = "select subject from tariff.condition where kind = 'determinant'"
    return _texts(connection, " union ".join([*operands, tested]))


def attributes_looked_at(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The names of an agreement's attributes and quantities that a tariff row tests or counts."""
    return _texts(connection, _ATTRIBUTES)


def _texts(connection: duckdb.DuckDBPyConnection, query: str) -> set[str]:
    return {text for (text,) in connection.execute(query).fetchall()}
