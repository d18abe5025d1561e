{{ config(materialized='view', tags=['standing']) }}
-- How many months before its own a bill under a schedule, or with a rider, can rest on: those that
-- a ratchet looks at or a demand may be known in, and the year that a bank runs through. A hundred years
-- reach all of them. All versions count, and those of the adjustment clauses that they carry.
-- One row per utility and schedule that looks back.

with version as (

    select * from {{ source('tariff', 'version') }}

),

schedule as (

    select * from {{ source('tariff', 'schedule') }}

),

demand_rule as (

    select
        *,
        {{ demand_operand('name') }} as operand
    from {{ source('tariff', 'demand_rule') }}

),

looking_back as (

    select
        demand_rule.version_id,
        case
            -- A ratchet on billed demand rests on all months before it.
            when looked_at.version_id is not null then 1200
            else greatest(coalesce(term.window_months, 1), demand_rule.known_within_months) - 1
        end as months
    from demand_rule
    inner join {{ source('tariff', 'demand_group') }} as demand_group
        on demand_rule.demand_rule_id = demand_group.demand_rule_id
    inner join {{ source('tariff', 'demand_term') }} as term
        on demand_group.demand_group_id = term.demand_group_id
    left join demand_rule as looked_at
        on
            demand_rule.version_id = looked_at.version_id
            and term.operand = looked_at.operand
    union all
    select
        version_id,
        -- So does a bank that never resets.
        case when resets = 'never' then 1200 else 11 end as months
    from {{ source('tariff', 'determinant') }}
    where operation in ('bank', 'bank_left')

),

applied as (

    select
        schedule_id,
        version_id
    from version
    union
    select
        carrying.schedule_id,
        clause.version_id
    from {{ source('tariff', 'schedule_rider') }} as schedule_rider
    inner join version as carrying
        on schedule_rider.version_id = carrying.version_id
    inner join version as clause
        on schedule_rider.rider_schedule_id = clause.schedule_id

)

select
    schedule.utility,
    schedule.schedule,
    max(looking_back.months) as months
from applied
inner join looking_back
    on applied.version_id = looking_back.version_id
inner join schedule
    on applied.schedule_id = schedule.schedule_id
where looking_back.months > 0
group by schedule.utility, schedule.schedule
