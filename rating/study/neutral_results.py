"""What a revenue-neutral study shows: its trials, the revenue by schedule, the prices found."""

from collections.abc import Sequence
from decimal import Decimal

import duckdb

from rating.study.prices import Price
from rating.study.relations import make_relation
from rating.study.solve import Trial

REVENUE = """
create or replace table study.trial_revenue (
    trial_no integer,
    utility text,
    schedule text,
    bills integer,
    present_usd decimal(18, 2),
    proposed_usd decimal(18, 2)
)
"""
# Bills of the same reads, now and under a trial.
NOTED = """
insert into study.trial_revenue
select
    $trial_no as trial_no,
    proposed.utility,
    proposed.schedule,
    cast(count(*) as integer) as bills,
    sum(present.net_amount) as present_usd,
    sum(proposed.net_amount) as proposed_usd
from rating_build.bill as proposed
inner join store.rating.bill as present
    on
        proposed.agreement_id = present.agreement_id
        and proposed.billing_month = present.billing_month
inner join tariff.schedule as schedule
    on proposed.utility = schedule.utility and proposed.schedule = schedule.schedule
where
    cast($counted as integer[]) is null
    or list_contains(cast($counted as integer[]), schedule.schedule_id)
group by proposed.utility, proposed.schedule
"""
TOTAL = """
    select coalesce(sum(present_usd), 0), coalesce(sum(proposed_usd), 0)
    from study.trial_revenue
    where trial_no = ?
"""
NEUTRAL_TRIAL = """
create or replace table study.neutral_trial (
    trial_no integer,
    factor decimal(18, 8),
    revenue_usd decimal(18, 2),
    target_usd decimal(18, 2),
    difference_usd decimal(18, 2),
    is_chosen boolean
)
"""
NEUTRAL_PRICE = """
create or replace table study.neutral_price (
    utility text,
    schedule text,
    version_effective_from date,
    charge_code text,
    season text,
    step_no integer,
    component text,
    unit text,
    before_usd decimal(18, 8),
    price_usd decimal(18, 8)
)
"""
FOUND = """
insert into study.neutral_price
select
    $utility, $schedule, $day, $charge, $season, $step, $component, $unit,
    $before,
    coalesce(
        (
            select coalesce(price, amount) from tariff.charge_step
            where charge_id = $charge_id and step_no = $step
        ),
        (select percent from tariff.charge where charge_id = $charge_id)
    )
"""


def note_revenue(
    connection: duckdb.DuckDBPyConnection, trial_no: int, counted: Sequence[int] | None
) -> tuple[Decimal, Decimal]:
    """Note a trial's revenue by schedule; returns the present one and the trial's, in dollars."""
    connection.execute(
        NOTED, {"trial_no": trial_no, "counted": None if counted is None else list(counted)}
    )
    ((present, proposed),) = connection.execute(TOTAL, [trial_no]).fetchall()
    return Decimal(present), Decimal(proposed)


def note_results(
    connection: duckdb.DuckDBPyConnection,
    trials: Sequence[Trial],
    best: int,
    prices: Sequence[Price],
    target: Decimal,
) -> None:
    """Make the results; the tariffs hold the prices found, and `prices` those before."""
    connection.execute(NEUTRAL_TRIAL)
    for number, one in enumerate(trials):
        connection.execute(
            "insert into study.neutral_trial values (?, ?, ?, ?, ?, ?)",
            [
                number + 1, one.factor, one.difference + target, target, one.difference,
                number == best,
            ],
        )  # fmt: skip
    make_relation(connection, "neutral/neutral_revenue")
    connection.execute(NEUTRAL_PRICE)
    for price in prices:
        connection.execute(
            FOUND,
            {
                "utility": price.utility, "schedule": price.schedule, "day": price.effective_from,
                "charge": price.code, "season": price.season, "step": price.step_no,
                "component": price.component,
                "unit": "%" if price.place == "percent" else price.unit,
                "before": price.value, "charge_id": price.charge_id,
            },
        )  # fmt: skip
