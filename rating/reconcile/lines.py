"""What may explain a difference, tested on the published lines alone, for all bills at once.

Each hypothesis is a query of what the bill would have come to: agreement_id, billing_month,
class, distance (of several that hold, the nearest is named first), words, component (the only
one it changes; null: of no one in particular) and amount. It holds where that is the billed
amount to the cent, and where components were billed too, where no other component differs.
"""

import duckdb

from rating.reconcile.prices import BLOCK, FACTOR, MISSING

MACROS = """
create or replace temp macro half_a_cent() as cast(5 as decimal(4, 0)) * 0.001;

create or replace temp macro cents(amount) as cast(round(amount, 2) as decimal(38, 2));

-- What is left of an amount when everything after the cent is cut off.
create or replace temp macro cut(amount) as
    case when amount = 0 then 0 else sign(amount) * cents(abs(amount) - half_a_cent()) end;

-- A half goes to the even cent.
create or replace temp macro half_even(amount) as
    case
        when
            abs(amount - cents(amount)) = half_a_cent()
            and cast(cents(amount) * 100 as hugeint) % 2 != 0
            then cents(amount) - sign(amount) * 0.01
        else cents(amount)
    end;

create or replace temp macro plain(number) as
    case
        when contains(cast(number as varchar), '.')
            then rtrim(rtrim(cast(number as varchar), '0'), '.')
        else cast(number as varchar)
    end;
"""

# What is due after the due date, by the percentage of the version's own payment rule.
GROSS = """
select
    differing.agreement_id,
    differing.billing_month,
    'gross' as class,
    0 as distance,
    plain(version.gross_percent) || ' % gross'
    || coalesce(', at least $' || version.late_charge_minimum || ' more', '') as words,
    cast(null as varchar) as component,
    differing.gross_amount as amount
from work.differing as differing
inner join store.tariff.schedule as schedule
    on differing.utility = schedule.utility and differing.schedule = schedule.schedule
inner join store.tariff.version as version
    on
        schedule.schedule_id = version.schedule_id
        and differing.version_effective_from = version.effective_from
where differing.gross_amount != differing.net_amount
"""

# The same products, rounded in another place or another way.
ROUNDING = """
with by_charge as (
    select
        agreement_id,
        billing_month,
        component,
        sum(exact_amount) as exact_amount,
        sum(cut(exact_amount)) as cut_amount,
        sum(half_even(exact_amount)) as even_amount
    from work.line
    group by agreement_id, billing_month, component, schedule_or_rider, charge_code
),

by_component as (
    select
        agreement_id,
        billing_month,
        sum(exact_amount) as exact_amount,
        sum(cents(exact_amount)) as charge_amount,
        sum(cut_amount) as cut_amount,
        sum(even_amount) as even_amount
    from by_charge
    group by agreement_id, billing_month, component
),

by_bill as (
    select
        agreement_id,
        billing_month,
        sum(exact_amount) as exact_amount,
        sum(charge_amount) as charge_amount,
        sum(cents(exact_amount)) as component_amount,
        sum(cut_amount) as cut_amount,
        sum(even_amount) as even_amount
    from by_component
    group by agreement_id, billing_month
)

select
    agreement_id,
    billing_month,
    'rounding' as class,
    way.distance,
    way.words,
    cast(null as varchar) as component,
    way.amount
from (
    select
        agreement_id,
        billing_month,
        unnest([
            {'distance': 1, 'amount': cents(exact_amount), 'words': 'rounded once, at the end'},
            {'distance': 2, 'amount': component_amount, 'words': 'rounded once a component'},
            {'distance': 3, 'amount': charge_amount, 'words': 'rounded once a charge'},
            {'distance': 4, 'amount': even_amount, 'words': 'lines rounded half to even'},
            {'distance': 5, 'amount': cut_amount, 'words': 'lines cut off after the cent'},
            {'distance': 6, 'amount': cut(exact_amount), 'words': 'the sum cut off after the cent'}
        ]) as way
    from by_bill
)
"""

HYPOTHESES = (GROSS, ROUNDING, MISSING, FACTOR, BLOCK)

HOLDING = """
insert into work.found
select distinct on (hypothesis.agreement_id, hypothesis.billing_month, hypothesis.class)
    hypothesis.agreement_id,
    hypothesis.billing_month,
    hypothesis.class,
    hypothesis.distance,
    hypothesis.words
from ({hypothesis}) as hypothesis
inner join work.differing as differing
    on
        hypothesis.agreement_id = differing.agreement_id
        and hypothesis.billing_month = differing.billing_month
        and hypothesis.amount = differing.billed_amount
where
    hypothesis.component is null
    or (
        len(list_filter(differing.differing_components, lambda x: x != hypothesis.component)) = 0
        and not list_contains(differing.agreeing_components, hypothesis.component)
    )
order by
    hypothesis.agreement_id,
    hypothesis.billing_month,
    hypothesis.class,
    hypothesis.distance,
    hypothesis.words
"""


def try_lines(connection: duckdb.DuckDBPyConnection) -> None:
    """Put every hypothesis on published lines that holds into `work.found`."""
    connection.execute(MACROS)
    for hypothesis in HYPOTHESES:
        connection.execute(HOLDING.format(hypothesis=hypothesis))
