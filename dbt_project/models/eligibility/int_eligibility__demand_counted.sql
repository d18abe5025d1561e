-- In how many months of the year before an agreement's demand reached what its utility's
-- schedules ask for; of several quantities the greatest known one counts. Unknown are the months
-- whose read has none of the quantities, and those that the agreement held and that have no read.
-- One row per agreement, calendar year judged and measure (quantities and bound).

with agreement_year as (

    select * from {{ ref('int_eligibility__agreement_year') }}

),

condition as (

    select * from {{ ref('int_eligibility__condition') }} where kind = 'demand'

),

looked_at as (

    select distinct
        condition.value_words as quantities,
        named.value as determinant
    from condition
    inner join {{ source('tariff', 'eligibility_value') }} as named
        on
            condition.eligibility_rule_id = named.eligibility_rule_id
            and condition.ordinal = named.ordinal

),

measure as (

    select distinct
        schedule.utility,
        condition.measure,
        condition.value_words as quantities,
        condition.is_above,
        condition.bound
    from condition
    inner join {{ source('tariff', 'version') }} as version
        on condition.version_id = version.version_id
    inner join {{ source('tariff', 'schedule') }} as schedule
        on version.schedule_id = schedule.schedule_id

),

history as (

    select
        agreement_year.agreement_id,
        agreement_year.calendar_year,
        agreement_year.utility,
        agreement_year.months_held_before,
        meter_read.billing_month
    from agreement_year
    inner join {{ source('portfolio', 'meter_read') }} as meter_read
        on
            agreement_year.agreement_id = meter_read.agreement_id
            and agreement_year.calendar_year = extract(year from meter_read.billing_month) + 1

),

highest as (

    select
        quantity.agreement_id,
        quantity.billing_month,
        looked_at.quantities,
        max(quantity.quantity) as highest
    from {{ ref('int_eligibility__read_quantity') }} as quantity
    inner join looked_at
        on quantity.determinant = looked_at.determinant
    group by quantity.agreement_id, quantity.billing_month, looked_at.quantities

)

select
    history.agreement_id,
    history.calendar_year,
    measure.measure,
    cast(greatest(history.months_held_before, count(*)) as integer) as months_looked_at,
    cast(
        greatest(history.months_held_before, count(*)) - count(highest.highest) as integer
    ) as unknown_months,
    cast(sum(
        case
            when highest.highest > measure.bound then 1
            when highest.highest = measure.bound and not measure.is_above then 1
            else 0
        end
    ) as integer) as reaching_months
from history
inner join measure
    on history.utility = measure.utility
left join highest
    on
        history.agreement_id = highest.agreement_id
        and history.billing_month = highest.billing_month
        and measure.quantities = highest.quantities
group by
    history.agreement_id,
    history.calendar_year,
    history.months_held_before,
    measure.measure
