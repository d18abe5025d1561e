-- The use at which the bills on two schedules are equal, or the reason that none is known.
-- One row per agreement and determinant, kWh or kW.

with nearest as (
    select
        rated.*,
        bracket.lower_usd
    from study.rated_pair as rated
    inner join study.bracket as bracket
        on
            rated.agreement_id = bracket.agreement_id
            and rated.determinant = bracket.determinant
            and rated.factor = bracket.upper_factor
),

extreme as (
    select
        agreement_id,
        determinant,
        cast(min(factor) as decimal(9, 2)) as least_factor,
        cast(max(factor) as decimal(9, 2)) as greatest_factor,
        min(difference_usd) as least_usd,
        max(difference_usd) as greatest_usd
    from study.rated_pair
    group by agreement_id, determinant
)

select
    pair.agreement_id,
    pair.determinant,
    pair.utility,
    pair.customer_class,
    pair.actual_schedule,
    pair.schedule,
    pair.months,
    cast(nearest.factor as decimal(9, 3)) as factor,
    study.quotient(nearest.kwh, nearest.months) as kwh_a_month,
    study.quotient(nearest.kw, nearest.months) as billing_kw_a_month,
    study.quotient(nearest.kwh, nearest.kw) as hours_use,
    nearest.own_usd as actual_schedule_usd,
    nearest.bill_usd,
    nearest.difference_usd,
    case
        when nearest.lower_usd < 0 then pair.schedule
        when nearest.lower_usd > 0 then pair.actual_schedule
    end as cheaper_below,
    case
        when pair.reason is not null then pair.reason
        when nearest.factor is not null then null
        when extreme.greatest_factor is null then 'not billed at another use'
        else case
            when extreme.least_usd = 0 and extreme.greatest_usd = 0 then 'both bills are the same'
            when extreme.greatest_usd <= 0 then pair.schedule || ' is never dearer'
            else pair.actual_schedule || ' is never dearer'
        end || ' from ' || extreme.least_factor || ' to ' || extreme.greatest_factor
        || ' times its ' || pair.unit
    end as reason
from study.pair as pair
left join nearest
    on pair.agreement_id = nearest.agreement_id and pair.determinant = nearest.determinant
left join extreme
    on pair.agreement_id = extreme.agreement_id and pair.determinant = extreme.determinant
