"""What a portfolio folder holds: one relation per file, as the contract names them.

Names, types, keys and nullability are those of `models.portfolio`; what is declared here is
only what a table cannot say: which header columns must be there and what a value may be.
"""

from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import Boolean, Date, DateTime, Integer, Numeric, Table
from sqlalchemy import Column as ModelColumn

from models import Base
from models.portfolio import READ_KW, READ_KWH

Kind = Literal[
    "text", "date", "month", "boolean", "quantity", "cost", "money", "instant", "minutes"
]  # fmt: skip
BY_SCALE: dict[int | None, Kind] = {2: "money", 6: "quantity", 8: "cost"}

WHITESPACE = (
    " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)


@dataclass(frozen=True)
class Column:
    """A column of a relation; `is_needed` = a row that leaves it blank is rejected."""

    name: str
    kind: Kind
    is_key: bool
    is_needed: bool


@dataclass(frozen=True)
class Further:
    """The table that takes the columns of a file which the relation itself does not have."""

    table: str
    name_column: str
    value_column: str
    kind: Kind


@dataclass(frozen=True)
class Relation:
    """One file of the folder and the table that it is loaded into."""

    name: str
    table: str
    columns: tuple[Column, ...]
    header: frozenset[str] = field(default_factory=frozenset)
    """The columns without which the file is refused."""
    expected: frozenset[str] = frozenset()
    """Further columns whose absence is worth a note: without them a row says little."""
    is_required: bool = False
    period: tuple[str, str] | None = None
    not_negative: frozenset[str] = frozenset()
    fractions: frozenset[str] = frozenset()
    too_much: int | None = None
    """What no quantity of a row reaches."""
    further: Further | None = None

    @property
    def key(self) -> tuple[Column, ...]:
        """The columns that identify a row."""
        return tuple(column for column in self.columns if column.is_key)

    @property
    def names(self) -> frozenset[str]:
        """The names of all columns."""
        return frozenset(column.name for column in self.columns)

    @property
    def is_of_agreement(self) -> bool:
        """Whether its rows belong to an agreement that must be known."""
        return "agreement_id" in self.names and self.name != "service_agreements"


def _kind(column: ModelColumn[object]) -> Kind:
    """How the text of a column is read, from its type in the model."""
    if isinstance(column.type, Boolean):
        return "boolean"
    if isinstance(column.type, DateTime):
        return "instant"
    if isinstance(column.type, Integer):
        return "minutes"
    if isinstance(column.type, Date):
        return "month" if column.name == "billing_month" else "date"
    if isinstance(column.type, Numeric):
        return BY_SCALE[column.type.scale]
    return "text"


def _columns(table: Table) -> tuple[Column, ...]:
    """The columns of a table; booleans and input watts may be blank (false, 0)."""
    return tuple(
        Column(
            name=column.name,
            kind=_kind(column),
            is_key=column.primary_key,
            is_needed=not (
                column.nullable or isinstance(column.type, Boolean) or column.name == "input_watts"
            ),
        )
        for column in table.columns
    )


def _relation(
    name: str,
    table: str,
    *also_in_header: str,
    expected: tuple[str, ...] = (),
    is_required: bool = False,
    period: tuple[str, str] | None = None,
    not_negative: tuple[str, ...] = (),
    fractions: tuple[str, ...] = (),
    too_much: int | None = None,
    further: Further | None = None,
) -> Relation:
    """A relation whose header needs the key and `also_in_header`."""
    columns = _columns(Base.metadata.tables[table])
    return Relation(
        name=name,
        table=table,
        columns=columns,
        header=frozenset(one.name for one in columns if one.is_key and one.is_needed)
        | set(also_in_header),
        expected=frozenset(expected),
        is_required=is_required,
        period=period,
        not_negative=frozenset(not_negative),
        fractions=frozenset(fractions),
        too_much=too_much,
        further=further,
    )


TERM = ("start_date", "end_date")
INTERVAL_READS = "interval_reads"

RELATIONS = (
    _relation(
        "service_agreements",
        "portfolio.service_agreement",
        "utility",
        "schedule",
        is_required=True,
        period=TERM,
        not_negative=("extra_facilities_investment", "backup_firm_kw"),
        further=Further("portfolio.service_agreement_attribute", "attribute", "value", "text"),
    ),
    _relation(
        "meter_reads",
        "portfolio.meter_read",
        "read_from",
        "read_to",
        "kwh",
        is_required=True,
        period=("read_from", "read_to"),
        not_negative=(*READ_KWH, *READ_KW),
        fractions=("power_factor",),
        further=Further("portfolio.meter_read_quantity", "determinant", "quantity", "quantity"),
    ),
    _relation(
        "rider_enrollments",
        "portfolio.rider_enrollment",
        period=TERM,
        not_negative=("quantity",),
    ),
    _relation(
        "unit_inventory",
        "portfolio.unit_inventory",
        period=TERM,
        not_negative=("input_watts", "quantity"),
    ),
    _relation("rider_cost_inputs", "portfolio.rider_cost_input", expected=("value",)),
    _relation(
        "lighting_hours", "portfolio.lighting_hours", expected=("hours",), not_negative=("hours",)
    ),
    _relation("billed_amounts", "portfolio.billed_amount", expected=("billed_net_amount",)),
    _relation(
        INTERVAL_READS,
        "portfolio.interval_read",
        expected=("interval_minutes", "kwh"),
        not_negative=("kwh", "kwh_received"),
        too_much=100_000_000,
    ),
)
