"""What every table shares: naming convention, column types, and DuckDB's dialect limits."""

import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from sqlalchemy import (
    DDL,
    CheckConstraint,
    Date,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, mapped_column

TARIFF, PORTFOLIO, RATING = "tariff", "portfolio", "rating"
SCHEMAS = (TARIFF, PORTFOLIO, RATING)
# Where dbt builds what is then published; no table of these models lies there.
BUILD = "rating_build"

# What a line of a bill is for, and which of its amounts it is a part of.
Component = Literal[
    "customer", "energy", "demand", "facilities", "minimum", "discount", "adjustment", "rider",
    "credit",
]  # fmt: skip

Code = Annotated[str, mapped_column(Text)]
Words = Annotated[str, mapped_column(Text)]
Day = Annotated[datetime.date, mapped_column(Date)]
Quantity = Annotated[Decimal, mapped_column(Numeric(18, 6))]
Price = Annotated[Decimal, mapped_column(Numeric(18, 8))]
# Dollars or kWh of a whole utility, or a factor in dollars per kWh.
CostInput = Annotated[Decimal, mapped_column(Numeric(20, 8))]
Money = Annotated[Decimal, mapped_column(Numeric(18, 2))]


class Base(DeclarativeBase):
    """Declarative base: constraints are named by one convention on every engine."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def on_server(condition: str, name: str) -> CheckConstraint:
    """A check of PostgreSQL alone: a run writes millions of rows, and dbt tests what it builds."""
    return CheckConstraint(condition, name=name).ddl_if(dialect="postgresql")


def starts_month(column: str) -> CheckConstraint:
    """The check, of PostgreSQL alone, that a date is the first of its month."""
    return on_server(f"extract(day from {column}) = 1", column)


def index_on_server(name: str, *columns: str, where: str | None = None) -> Index:
    """An index of PostgreSQL alone: DuckDB reads columns, and an index would slow publishing."""
    condition = None if where is None else text(where)
    return Index(name, *columns, postgresql_where=condition).ddl_if(dialect="postgresql")


for _schema in SCHEMAS:
    _create_schema = DDL(f"create schema if not exists {_schema}")  # type: ignore[no-untyped-call]
    event.listen(Base.metadata, "before_create", _create_schema)


@compiles(ForeignKeyConstraint, "duckdb")
def _no_foreign_key(*_: Any, **__: Any) -> None:
    """DuckDB refuses to update a referenced parent row, so its files carry no foreign keys."""
    return


@compiles(ExcludeConstraint, "duckdb")
def _no_exclusion(*_: Any, **__: Any) -> None:
    """Overlapping ranges are refused by the loader there; DuckDB has no exclusion constraint."""
    return


@compiles(PrimaryKeyConstraint, "duckdb")
def _no_key_on_bulk(constraint: PrimaryKeyConstraint, compiler: Any, **kwargs: Any) -> str | None:
    """A bulk relation has no index in DuckDB: replacing a key in one transaction fails there."""
    if constraint.table.info.get("bulk"):
        return None
    return str(compiler.visit_primary_key_constraint(constraint, **kwargs))


@compiles(UniqueConstraint, "duckdb")
def _plain_unique(constraint: UniqueConstraint, compiler: Any, **kwargs: Any) -> str:
    """DuckDB knows no NULLS NOT DISTINCT; the loader refuses what it would let through."""
    ddl: str = compiler.visit_unique_constraint(constraint, **kwargs)
    return ddl.replace(" NULLS NOT DISTINCT", "")
