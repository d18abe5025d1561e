"""The invented portfolio of a typical-bill study: an agreement for each schedule and point."""

import re
from collections.abc import Mapping
from decimal import Decimal

import duckdb

from rating.errors import RatebookError, first_line
from rating.memory.database import empty_portfolio
from rating.portfolio.relations import RELATIONS
from rating.store.quoting import literal
from rating.study.relations import make_relation
from rating.study.typical_grid import Grid
from rating.trial.names import attribute_names
from rating.trial.rows import AGREEMENT_COLUMNS, FACTOR_VARIABLE, READ_COLUMNS
from rating.trial.tariffs import give_factors

# What an agreement is unless --set says otherwise; all other attributes are blank or false.
USUAL = {"voltage": "secondary", "phase": "single"}
POINTS = ("kwh", "kw")
READS = next(one for one in RELATIONS if one.name == "meter_reads")
INPUTS = ("rider_cost_input", "lighting_hours")
FURTHER = ("service_agreement_attribute", "meter_read_quantity")

# A usual point suits a schedule that does without kW, or that bills a demand.
SUBJECT = """
create or replace table study.subject as
select
    'P' || row_number() over (order by asked.utility, asked.schedule, point.kw, point.kwh)
        as agreement_id,
    asked.utility,
    asked.schedule,
    point.kw,
    point.kwh
from study.asked_schedule as asked
cross join study.point as point
where
    asked.kind = 'rate'
    and (
        not $is_usual
        or (point.kw is null and not asked.needs_kw)
        or (point.kw is not null and asked.has_demand)
    )
"""


def take_inputs(connection: duckdb.DuckDBPyConnection, factors: Mapping[str, str]) -> None:
    """Copy what monthly factors are made of; those of `factors` are as given in every month.

    Raises `RatebookError`.
    """
    for table in INPUTS:
        connection.execute(
            f"insert into portfolio.{table} by name select inputs.*"
            f" from store.portfolio.{table} as inputs"
            " semi join study.month using (utility, billing_month)"
        )
    for rider, price in factors.items():
        found = connection.execute(
            "select distinct utility from tariff.formula join tariff.version using (version_id)"
            " join tariff.schedule using (schedule_id) where schedule = ?",
            [rider],
        ).fetchall()
        if not found:
            raise RatebookError(f"--factor {rider}: no utility has a monthly factor of that name")
        for (utility,) in found:
            give_factors(connection, utility, {rider: price})
            connection.execute(
                "insert into portfolio.rider_cost_input"
                " (utility, rider, billing_month, variable, value)"
                " select utility, ?, billing_month, ?, 1 from study.month where utility = ?",
                [rider, FACTOR_VARIABLE, utility],
            )


def list_subjects(connection: duckdb.DuckDBPyConnection, grid: Grid) -> None:
    """Make `study.subject`: who is to be billed, one row per schedule and point."""
    points = {"kw": [one.kw for one in grid.points], "kwh": [one.kwh for one in grid.points]}
    make_relation(connection, "typical/point", points)
    connection.execute(SUBJECT, {"is_usual": grid.is_usual})


class Filler:
    """Puts the subjects into the portfolio, each with the same read in every month."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        values: Mapping[str, str],
        on_peak_percent: str | None,
    ) -> None:
        """`values` are attributes and quantities by name; a wrong one raises `RatebookError`."""
        self._connection = connection
        attributes = attribute_names(connection, values)
        self._attributes = {name: values[name] for name in values if name in attributes}
        self._quantities = {name: values[name] for name in values if name not in attributes}
        self._share = on_peak_percent
        for name, value in self._quantities.items():
            _require_quantity(name, value)

    def fill(self) -> None:
        """Replace the portfolio's agreements and reads by those of `study.subject`."""
        empty_portfolio(self._connection, keep=INPUTS)
        key = {"agreement_id": "agreement_id"}
        start = "(select min(billing_month) from study.month)"
        month = {**key, "billing_month": "billing_month"}
        booleans = {n: "false" for n, c in AGREEMENT_COLUMNS.items() if c.kind == "boolean"}
        terms = {**key, "start_date": start, "utility": "utility", "schedule": "schedule"}
        self._insert("service_agreement", {**terms, **booleans, **self._own(AGREEMENT_COLUMNS)})
        read = {**month, "read_from": "billing_month", "read_to": "read_to", "kwh": "kwh"}
        self._insert(
            "meter_read", {**read, "kw": "kw", **self._shares(), **self._own(READ_COLUMNS)}
        )
        for name, value in self._attributes.items():
            if name not in AGREEMENT_COLUMNS:
                row = {"attribute": literal(name), "value": literal(value)}
                self._insert(FURTHER[0], {**key, "start_date": start, **row})
        for name, value in self._quantities.items():
            if name not in READ_COLUMNS:
                row = {"determinant": literal(name), "quantity": literal(value)}
                self._insert(FURTHER[1], {**month, **row})

    def _own(self, columns: Mapping[str, object]) -> dict[str, str]:
        given = {**USUAL, **self._attributes, **self._quantities}
        return {name: literal(value) for name, value in given.items() if name in columns}

    def _shares(self) -> dict[str, str]:
        if self._share is None:
            return {}
        on_peak = f"cast(round(kwh * {self._share} * 0.01, 6) as decimal(18, 6))"
        return {
            "kwh_on_peak": on_peak,
            "kwh_off_peak": f"kwh - {on_peak}",
            "kw_on_peak": "kw",
            "kw_off_peak": "kw",
        }

    def _insert(self, table: str, values: Mapping[str, str]) -> None:
        months = " inner join study.month using (utility)" if "billing_month" in values else ""
        try:
            self._connection.execute(
                f"insert into portfolio.{table} ({', '.join(values)})"
                f" select {', '.join(values.values())} from study.subject{months}"
            )
        except duckdb.ConversionException as error:
            given = " ".join(f"--set {name}={value}" for name, value in self._attributes.items())
            raise RatebookError(f"{given}: {first_line(error)}") from None


def _require_quantity(name: str, value: str) -> None:
    """Refuse a value that no read can have, and what the points say."""
    if name in POINTS:
        raise RatebookError(f"--set {name}: the points say the {name}; give it by --point")
    if not re.fullmatch(r"\d{1,9}(\.\d{1,6})?", value):
        raise RatebookError(f"--set {name}={value} is not a quantity; write a number such as 90")
    if name in READS.fractions and not 0 < Decimal(value) <= 1:
        raise RatebookError(f"--set {name}={value} is not a fraction; write more than 0, at most 1")
