"""Bills rated again under the scenarios that may explain them, by the engine itself.

In each round a sample of every schedule's bills is rated under every scenario, half of it the
largest differences; then all others of the schedule under those scenarios that explained one.
"""

from collections.abc import Sequence

import duckdb

from models.rating import COMPONENTS
from rating.memory.models import compile_models, make
from rating.reconcile.clones import copy_scenarios
from rating.reconcile.demands import DEMAND, DEMANDS
from rating.reconcile.lines import MACROS
from rating.reconcile.scenarios import Scenario, scenarios
from rating.run.dbt_build import NodeResult, Progress

WANTED = ("bill",)
ROUNDS = 3
# How many copies of agreements one build rates, and how many bills of a schedule at least.
COPIES, LEAST = 300_000, 24
# How many scenarios of a schedule are tried on all of its bills: those that explained most.
TELLING_AT_MOST = 3

SAMPLE = """
create or replace table work.chosen as
select agreement_id, billing_month, utility, schedule
from work.differing as differing
anti join work.found as found
    on
        differing.agreement_id = found.agreement_id
        and differing.billing_month = found.billing_month
anti join work.tried as tried
    on
        differing.agreement_id = tried.agreement_id
        and differing.billing_month = tried.billing_month
qualify
    row_number() over (
        partition by utility, schedule
        order by abs(difference) desc, agreement_id, billing_month
    ) <= $half
    or row_number() over (
        partition by utility, schedule
        order by md5(agreement_id || billing_month), agreement_id
    ) <= $half
"""

TRIED = "insert into work.tried select agreement_id, billing_month from work.chosen"

# What explained a bill of the sample may explain the others of its schedule.
THE_OTHERS = f"""
create or replace table work.telling as
select rerated.scenario, chosen.utility, chosen.schedule
from work.rerated as rerated
inner join work.chosen as chosen
    on
        rerated.agreement_id = chosen.agreement_id
        and rerated.billing_month = chosen.billing_month
group by rerated.scenario, chosen.utility, chosen.schedule
qualify
    row_number() over (
        partition by chosen.utility, chosen.schedule order by count(*) desc, rerated.scenario
    ) <= {TELLING_AT_MOST};

create or replace table work.chosen as
select agreement_id, billing_month, utility, schedule
from work.differing as differing
anti join work.found as found
    on
        differing.agreement_id = found.agreement_id
        and differing.billing_month = found.billing_month
anti join work.tried as tried
    on
        differing.agreement_id = tried.agreement_id
        and differing.billing_month = tried.billing_month
semi join work.telling as telling
    on differing.utility = telling.utility and differing.schedule = telling.schedule
"""

ASKED = """
insert into work.asked
select distinct {number}, differing.agreement_id
from work.differing as differing
semi join work.chosen as chosen
    on
        differing.agreement_id = chosen.agreement_id
        and differing.billing_month = chosen.billing_month
where {applies}
"""
TELLING = """
(differing.utility, differing.schedule) in (
    select (utility, schedule) from work.telling where scenario = {number}
)
"""

# What came out as billed: the sum, and every component that was billed.
_COMPONENTS_AGREE = " and ".join(
    f"coalesce(differing.billed_{name}_amount = bill.{name}_amount, true)" for name in COMPONENTS
)
RERATED = f"""
create or replace table work.rerated as
select
    scenario.number as scenario,
    differing.agreement_id,
    differing.billing_month,
    scenario.kind as class,
    case
        when demand.kw is null then scenario.words
        else replace(scenario.words, '{{kw}}', plain(demand.kw) || ' kW') || ' instead of '
            || plain(demand.demand_kw) || ' kW'
    end as words
from rating_build.bill as bill
inner join work.member as member
    on bill.agreement_id = member.prefix || member.agreement_id and member.is_billed
inner join work.scenario as scenario on member.scenario = scenario.number
inner join work.chosen as chosen
    on member.agreement_id = chosen.agreement_id and bill.billing_month = chosen.billing_month
inner join work.differing as differing
    on
        chosen.agreement_id = differing.agreement_id
        and chosen.billing_month = differing.billing_month
left join (
    unpivot work.demand on {", ".join(DEMANDS)} into name kw_name value kw
) as demand
    on
        differing.agreement_id = demand.agreement_id
        and differing.billing_month = demand.billing_month
        and scenario.demand = demand.demand_name
        and scenario.kw = demand.kw_name
where bill.net_amount = differing.billed_amount and {_COMPONENTS_AGREE}
"""

FOUND = """
insert into work.found
select distinct on (agreement_id, billing_month, class)
    agreement_id, billing_month, class, scenario as distance, words
from work.rerated
order by agreement_id, billing_month, class, scenario
"""


def rerate(connection: duckdb.DuckDBPyConnection, progress: Progress | None = None) -> None:
    """Put every scenario that explains a bill into `work.found`, and what was tried in `tried`.

    Raises `RatebookError` where the engine fails.
    """
    connection.execute(DEMAND)
    listed = scenarios(connection)
    models = compile_models(WANTED, progress=progress)
    for _ in range(ROUNDS):
        connection.execute(SAMPLE, {"half": _half(connection, len(listed))})
        connection.execute(TRIED)
        if not _ask(connection, listed, "true") or not _rate(connection, models, progress):
            return
        connection.execute(THE_OTHERS)
        if _ask(connection, listed, TELLING):
            _rate(connection, models, progress)


def _half(connection: duckdb.DuckDBPyConnection, scenario_count: int) -> int:
    """Half of the bills of a schedule in a round: as many as one build can rate."""
    ((schedules,),) = connection.execute(
        "select count(distinct (utility, schedule)) from work.differing"
    ).fetchall()
    each = max(LEAST, COPIES // max(1, scenario_count * schedules))
    return int(each // 2)


def _ask(connection: duckdb.DuckDBPyConnection, listed: Sequence[Scenario], condition: str) -> bool:
    """Make `work.asked` of the chosen bills, and copy its scenarios; returns if there are any."""
    connection.execute("create or replace table work.asked (scenario integer, agreement_id text)")
    for number, one in enumerate(listed):
        applies = f"{one.applies} and {condition.format(number=number)}"
        connection.execute(ASKED.format(number=number, applies=applies))
    row = connection.execute("select count(*) from work.asked").fetchone()
    if not row or not row[0]:
        return False
    copy_scenarios(connection, listed)
    return True


def _rate(
    connection: duckdb.DuckDBPyConnection,
    models: Sequence[NodeResult],
    progress: Progress | None,
) -> bool:
    """Rate what was copied, and keep what comes out as billed; returns whether anything did."""
    make(connection, models, progress)
    connection.execute(MACROS)
    connection.execute(RERATED)
    connection.execute(FOUND)
    ((found,),) = connection.execute("select count(*) from work.rerated").fetchall()
    return bool(found)
