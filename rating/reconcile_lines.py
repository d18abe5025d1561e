"""What may explain a difference, tested on the published lines alone, for all bills at once.

Each hypothesis is a query of what the bill would have come to: agreement_id, billing_month,
class, distance (of several that hold, the nearest is named first), words, component (the only
one it changes; null: of no one in particular) and amount. It holds where that is the billed
amount to the cent, and where components were billed too, where no other component differs.
"""

import duckdb

MACROS = """
create or replace temp macro cents(amount) as cast(round(amount, 2) as decimal(38, 2));

-- What is left of an amount when everything after the cent is cut off.
create or replace temp macro cut(amount) as
    case when amount = 0 then 0 else sign(amount) * cents(abs(amount) - 0.005) end;

-- A half goes to the even cent.
create or replace temp macro half_even(amount) as
    case
        when abs(amount - cents(amount)) = 0.005 and cast(cents(amount) * 100 as hugeint) % 2 != 0
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
    plain(version.gross_percent) || ' % gross' as words,
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

# Without the lines of one rider or clause, or of one charge of the schedule itself.
MISSING = """
with part as (
    select
        agreement_id,
        billing_month,
        net_amount,
        schedule_or_rider != schedule as is_rider,
        case
            when schedule_or_rider != schedule then schedule_or_rider
            else min(description)
        end as name,
        case when min(component) = max(component) then min(component) end as component,
        sum(amount) as amount
    from work.line
    group by
        agreement_id,
        billing_month,
        net_amount,
        schedule,
        schedule_or_rider,
        case when schedule_or_rider = schedule then charge_code end
)

select
    agreement_id,
    billing_month,
    case when is_rider then 'missing_rider' else 'missing_charge' end as class,
    1 as distance,
    'without ' || name || ', ' || plain(amount) as words,
    component,
    net_amount - amount as amount
from part
union all
select
    agreement_id,
    billing_month,
    'missing_rider' as class,
    2 as distance,
    'without ' || string_agg(name, ' and ' order by name) as words,
    cast(null as varchar) as component,
    net_amount - sum(amount) as amount
from part
where is_rider
group by agreement_id, billing_month, net_amount
having count(*) > 1
"""

# The lines of a clause at any other factor that is published for it.
FACTOR = """
with charge as (
    select distinct
        schedule.utility,
        schedule.schedule as schedule_or_rider,
        version.effective_from as version_effective_from,
        charge.code as charge_code,
        charge.sign
    from store.tariff.charge as charge
    inner join store.tariff.version as version on charge.version_id = version.version_id
    inner join store.tariff.schedule as schedule on version.schedule_id = schedule.schedule_id
    where charge.kind = 'factor'
),

adjusted as (
    select
        line.*,
        factor.factor,
        factor.billing_month as factor_month,
        cents(cast(line.quantity as decimal(28, 6)) * charge.sign * factor.factor) as other_amount
    from work.line as line
    inner join charge
        on
            line.utility = charge.utility
            and line.schedule_or_rider = charge.schedule_or_rider
            and line.version_effective_from = charge.version_effective_from
            and line.charge_code = charge.charge_code
    inner join store.rating.monthly_factor as factor
        on line.utility = factor.utility and line.schedule_or_rider = factor.rider
    where charge.sign * factor.factor != line.price
)

select
    agreement_id,
    billing_month,
    'another_fuel_factor' as class,
    abs(date_diff('month', billing_month, factor_month)) as distance,
    schedule_or_rider || ' at the factor of ' || strftime(factor_month, '%Y-%m') || ', '
    || plain(min(factor)) || ' instead of ' || plain(min(price)) as words,
    case when min(component) = max(component) then min(component) end as component,
    net_amount - sum(amount) + sum(other_amount) as amount
from adjusted
group by agreement_id, billing_month, net_amount, schedule_or_rider, factor_month
"""

# One line, or all that a charge prices, at the price of another step of the same charge.
BLOCK = """
with step as (
    select
        schedule.utility,
        schedule.schedule as schedule_or_rider,
        version.effective_from as version_effective_from,
        charge.charge_id,
        charge.code as charge_code,
        step.step_no,
        charge.sign * step.price as price
    from store.tariff.charge_step as step
    inner join store.tariff.charge as charge on step.charge_id = charge.charge_id
    inner join store.tariff.version as version on charge.version_id = version.version_id
    inner join store.tariff.schedule as schedule on version.schedule_id = schedule.schedule_id
    where charge.kind = 'price' and step.price is not null
),

stepped as (
    select
        line.*,
        step.charge_id
    from work.line as line
    inner join step
        on
            line.utility = step.utility
            and line.schedule_or_rider = step.schedule_or_rider
            and line.version_effective_from = step.version_effective_from
            and line.charge_code = step.charge_code
            and line.step_no = step.step_no
            and line.price = step.price
),

charged as (
    select
        agreement_id,
        billing_month,
        net_amount,
        charge_id,
        component,
        min(description) as description,
        sum(quantity) as quantity,
        sum(amount) as amount
    from stepped
    group by agreement_id, billing_month, net_amount, charge_id, component
    having count(*) > 1
)

select
    stepped.agreement_id,
    stepped.billing_month,
    'another_block_or_season' as class,
    1 as distance,
    stepped.description || ' at ' || plain(step.price) || ', the price of step ' || step.step_no
    || ', instead of ' || plain(stepped.price) as words,
    stepped.component,
    stepped.net_amount - stepped.amount
    + cents(cast(stepped.quantity as decimal(28, 6)) * step.price) as amount
from stepped
inner join step
    on stepped.charge_id = step.charge_id and stepped.price != step.price
union all
select
    charged.agreement_id,
    charged.billing_month,
    'another_block_or_season' as class,
    2 as distance,
    charged.description || ' and what follows at ' || plain(step.price) || ', the price of step '
    || step.step_no as words,
    charged.component,
    charged.net_amount - charged.amount
    + cents(cast(charged.quantity as decimal(28, 6)) * step.price) as amount
from charged
inner join step on charged.charge_id = step.charge_id
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
