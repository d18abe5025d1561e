"""What may explain a difference on published lines: a rider, factor, block or season not applied.

Each is a query of what `reconcile.lines` tests.
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
