"""What may explain a difference, as changed copies of the tariffs: bills are rated again by them.

A scenario is a utility of its own beside the others: all rows of the tariffs copied, and some of
them changed. `reconcile.rerate` lets the engine rate the bills in question under it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from rating.reconcile.demands import DEMANDS, GIVEN
from rating.store.quoting import literal


@dataclass(frozen=True)
class Scenario:
    """A hypothesis to be rated.

    `applies` is a condition on `work.differing`. `changes` are statements on the copied rows:
    in them `of_copy(version_id)` is the condition that a row belongs to the copy.
    `kw` names the column of `work.demand` to be billed as the demand called `demand`.
    """

    kind: str
    words: str
    applies: str
    changes: tuple[str, ...] = ()
    schedule: str | None = None
    without_rider: str | None = None
    factor_months: int = 0
    demand: str | None = None
    kw: str | None = None


def scenarios(connection: duckdb.DuckDBPyConnection) -> list[Scenario]:
    """Every hypothesis that a differing bill may be explained by, the smallest change first."""
    return [
        *_riders(connection),
        *_factors(),
        *_blocks(connection),
        *_seasons(connection),
        *_demands(connection),
        *_versions(),
        *_schedules(connection),
    ]


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[str, ...]]:
    return connection.execute(query).fetchall()


def _has_line(condition: str) -> str:
    """The condition that a differing bill has such a line."""
    return (
        "exists (from work.line as line where line.agreement_id = differing.agreement_id"
        f" and line.billing_month = differing.billing_month and {condition})"
    )


def _riders(connection: duckdb.DuckDBPyConnection) -> Iterator[Scenario]:
    """Without one rider or clause, and what depends on its lines."""
    query = "select distinct schedule_or_rider from work.line where schedule_or_rider != schedule"
    for (rider,) in sorted(_rows(connection, query)):
        yield Scenario(
            "missing_rider",
            f"without {rider}",
            _has_line(f"line.schedule_or_rider = {literal(rider)}"),
            (
                "delete from tariff.schedule_rider"
                f" where of_copy(version_id) and rider = {literal(rider)}",
            ),
            without_rider=rider,
        )


def _factors() -> Iterator[Scenario]:
    """With the factors of another month, and what depends on their lines."""
    for months in (-1, 1, -2, 2):
        side = "before" if months < 0 else "after"
        words = f"the factors of the {'second ' if abs(months) > 1 else ''}month {side}"
        yield Scenario("another_fuel_factor", words, "true", factor_months=months)


STEPS = """
with step as (
    select charge.component, charge_step.charge_id, charge_step.step_no
    from store.tariff.charge_step as charge_step
    inner join store.tariff.charge as charge on charge_step.charge_id = charge.charge_id
    where charge_step.price is not null
)

select distinct one.component, one.step_no, other.step_no
from step as one
inner join step as other on one.charge_id = other.charge_id and one.step_no != other.step_no
"""
REPRICED = """
update tariff.charge_step as step set price = other.price
from tariff.charge_step as other, tariff.charge as charge
where
    step.charge_id = other.charge_id and step.charge_id = charge.charge_id
    and of_copy(charge.version_id)
    and step.price is not null and other.price is not null
    and charge.component = {component} and other.step_no = {other} and {step}
"""


def _blocks(connection: duckdb.DuckDBPyConnection) -> Iterator[Scenario]:
    """A step of a charge, or all of them, at the price of another one."""
    steps: list[tuple[str, ...]] = sorted(_rows(connection, STEPS))
    every = sorted({(component, "", other) for component, _, other in steps})
    for component, step, other in [*steps, *every]:
        which = f"step {step}" if step else "every step"
        condition = f"step.step_no = {step}" if step else "true"
        own = literal(component)
        yield Scenario(
            "another_block_or_season",
            f"{component}: {which} at the price of step {other}",
            _has_line(f"line.component = {own} and {condition.replace('step.', 'line.')}"),
            (REPRICED.format(component=own, other=other, step=condition),),
        )


def _seasons(connection: duckdb.DuckDBPyConnection) -> Iterator[Scenario]:
    """As if the billing month lay in another season of the version."""
    for (season,) in sorted(
        _rows(connection, "select distinct season from store.tariff.season_month")
    ):
        own = literal(season)
        yield Scenario(
            "another_block_or_season",
            f"by the season {season}",
            f"differing.season != {own}",
            (
                f"update tariff.season_month set season = {own} where of_copy(version_id)"
                " and version_id in (select version_id from tariff.season_month"
                f" where of_copy(version_id) and season = {own})",
            ),
        )


def _demands(connection: duckdb.DuckDBPyConnection) -> Iterator[Scenario]:
    """With another demand instead of the determined one."""
    for (name,) in sorted(_rows(connection, "select distinct demand_name from work.demand")):
        for column, words in DEMANDS.items():
            yield Scenario(
                "another_demand",
                f"{name} demand: {words}",
                "exists (from work.demand as demand"
                " where demand.agreement_id = differing.agreement_id"
                " and demand.billing_month = differing.billing_month"
                f" and demand_name = {literal(name)} and demand.{column} != demand.demand_kw)",
                (GIVEN.format(demand=literal(name)),),
                demand=name,
                kw=column,
            )


# Versions take the range of the one that follows, or that precedes; the last one goes.
MOVED = """
create or replace temp table moved as
select
    version.version_id,
    {other}(version.effective_from) over in_order as effective_from,
    {other}(version.effective_to) over in_order as effective_to,
    {other}(version.clock) over in_order as clock,
    count(*) over (partition by version.schedule_id) as versions
from tariff.version as version
inner join tariff.schedule as schedule on version.schedule_id = schedule.schedule_id
where of_copy(version.version_id) and schedule.kind in ('rate', 'lighting')
window in_order as (partition by version.schedule_id order by version.effective_from);
delete from tariff.version where version_id in (
    select version_id from moved where versions > 1 and effective_from is null
);
update tariff.version as version set
    effective_from = moved.effective_from, effective_to = moved.effective_to, clock = moved.clock
from moved
where version.version_id = moved.version_id and moved.effective_from is not null;
"""


def _versions() -> Iterator[Scenario]:
    """By the prices of the version before, and of the one after."""
    for words, other in (("the version before", "lead"), ("the version after", "lag")):
        yield Scenario(
            "another_schedule",
            f"by {words}",
            "(differing.utility, differing.schedule) in (select (utility, schedule) from"
            " store.rating.rate_version group by utility, schedule having count(*) > 1)",
            (MOVED.format(other=other),),
        )


LASTING = """
update tariff.version set effective_to = null where version_id in (
    select arg_max(version_id, effective_from) from tariff.version where of_copy(version_id)
    group by schedule_id
)
"""


SCHEDULES = """
select utility, schedule, kind from store.tariff.schedule
where kind in ('rate', 'lighting') and utility in (select utility from work.differing)
"""


def _schedules(connection: duckdb.DuckDBPyConnection) -> Iterator[Scenario]:
    """By another schedule of the utility, for meters or lights alike; its last version holds on."""
    for utility, schedule, kind in sorted(_rows(connection, SCHEDULES)):
        yield Scenario(
            "another_schedule",
            f"by schedule {schedule}",
            f"differing.utility = {literal(utility)} and differing.schedule != {literal(schedule)}"
            " and (differing.utility, differing.schedule) in (select (utility, schedule)"
            f" from store.tariff.schedule where kind = {literal(kind)})",
            (LASTING,),
            schedule=schedule,
        )
