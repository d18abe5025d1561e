"""Typical bills: a grid of kW and kWh billed on schedules, as regulators publish them."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import duckdb
from sqlalchemy.engine import URL

from models.rating import COMPONENTS
from rating.errors import RatebookError
from rating.memory.database import inputs_of
from rating.memory.models import BILLS, compile_models, make
from rating.run.dbt_build import NodeResult, Progress
from rating.seed.utilities import require_utility
from rating.study.database import count_of, require_schedules, schedule_id_of
from rating.study.quotient import quotient_macro
from rating.study.relations import make_relation
from rating.study.typical_crossing import find_crossings
from rating.study.typical_grid import Grid
from rating.study.typical_rows import Filler, list_subjects, take_inputs

RELATIONS = ("typical", "typical_curve", "typical_month", "typical_unbilled", "break_even")
TYPICAL_MONTH = f"""
create or replace table study.typical_month as
select
    utility,
    schedule,
    season,
    billing_month,
    kw,
    kwh,
    study.quotient(kwh, kw) as hours_use,
    study.quotient(kwh * 100, kw * hours) as load_factor_percent,
    billing_demand_kw,
    net_amount as bill_usd,
    study.quotient(net_amount, kwh) as average_usd_per_kwh,
    cast(round(study.quotient(net_amount * 100, kwh), 4) as decimal(18, 4))
        as average_cents_per_kwh,
    {", ".join(f"{one}_amount as {one}_usd" for one in COMPONENTS)},
    version_effective_from
from study.rated
where kw is null or kwh <= kw * hours
"""


@dataclass(frozen=True)
class TypicalBills:
    """What is asked for: which points on which schedules, in the twelve months up to `month`.

    `values` are attributes and quantities by name, `factors` monthly factors by their clause, in
    dollars; `against` is the schedule that the others are to break even with.
    """

    grid: Grid
    schedules: Sequence[str] = ()
    utility: str | None = None
    month: datetime.date | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    factors: Mapping[str, str] = field(default_factory=dict)
    on_peak_percent: str | None = None
    against: str | None = None

    @property
    def asked(self) -> list[str]:
        """The schedules to be rated; none: all."""
        return [*self.schedules, *([self.against] if self.against else [])]


@contextmanager
def typical(
    source: URL, wanted: TypicalBills, progress: Progress | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the results `RELATIONS` in the schema `study`; raises `RatebookError`."""
    with inputs_of(source, has_portfolio=False) as connection:
        _require(connection, wanted)
        _take_months(connection, wanted.month)
        models = compile_models(BILLS, progress=progress)
        _rate(connection, models, wanted)
        yield connection


def require_result(connection: duckdb.DuckDBPyConnection, relation: str) -> None:
    """Raise `RatebookError` that says why, where a result has nothing to show."""
    if relation == "typical_unbilled" or count_of(connection, relation):
        return
    if relation == "break_even":
        raise RatebookError("no point has kWh or kW to break even at; give points over 0")
    reasons = connection.execute(
        "select distinct detail from study.typical_unbilled order by detail"
    ).fetchall()
    if not reasons:
        raise RatebookError("no schedule suits these points; give others, by --kw or --kwh")
    more = f" (one of {len(reasons)} reasons)" if len(reasons) > 1 else ""
    raise RatebookError(
        f"no point has a bill: {reasons[0][0]}{more}; give what is missing or choose another"
        " schedule, month or points; --relation typical_unbilled lists why"
    )


def _take_months(connection: duckdb.DuckDBPyConnection, month: datetime.date | None) -> None:
    """Make `study.month`; raises `RatebookError` where nothing says which months."""
    make_relation(connection, "typical/month", {"month": month})
    if count_of(connection, "month") == 0:
        raise RatebookError("there are no meter reads to say for which month; give --month YYYY-MM")


def _rate(
    connection: duckdb.DuckDBPyConnection, models: Sequence[NodeResult], wanted: TypicalBills
) -> None:
    connection.execute(quotient_macro())
    asked = {"utility": wanted.utility, "schedules": sorted(set(wanted.asked))}
    make_relation(connection, "typical/asked_schedule", asked)
    take_inputs(connection, wanted.factors)
    filler = Filler(connection, wanted.values, wanted.on_peak_percent)
    list_subjects(connection, wanted.grid)
    filler.fill()
    make(connection, models)
    make_relation(connection, "typical/rated")
    make_relation(connection, "typical/typical_unbilled")
    connection.execute(TYPICAL_MONTH)
    make_relation(connection, "typical/typical")
    make_relation(connection, "typical/typical_curve")
    find_crossings(connection, models, filler, wanted.against)


def _require(connection: duckdb.DuckDBPyConnection, wanted: TypicalBills) -> None:
    require_schedules(connection, wanted.asked)
    if wanted.against and not wanted.schedules:
        raise RatebookError(f"--against {wanted.against}: give by --schedule what to compare with")
    if wanted.against in wanted.schedules:
        raise RatebookError(f"--against {wanted.against} names the schedule itself; name another")
    require_utility(connection, wanted.utility)
    for schedule in wanted.asked:
        schedule_id_of(connection, schedule, wanted.utility)
