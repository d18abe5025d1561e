{{ config(tags=['standing']) }}
-- The price list: every priced step of every charge, and the percentages.
-- One row per utility, schedule, version, season, charge and step.

with charge as (

    select * from {{ source('tariff', 'charge') }}

),

charge_step as (

    select * from {{ source('tariff', 'charge_step') }}

),

version as (

    select * from {{ source('tariff', 'version') }}

),

schedule as (

    select * from {{ source('tariff', 'schedule') }}

),

sheet as (

    select * from {{ source('tariff', 'sheet') }}

),

condition_set as (

    select * from {{ source('tariff', 'condition_set') }}

)

select
    schedule.utility,
    schedule.schedule,
    version.effective_from as version_effective_from,
    cast(
        row_number() over (
            partition by charge.version_id
            order by charge.ordinal, charge.charge_id, charge_step.step_no
        ) as integer
    ) as price_no,
    charge.season,
    charge.code as charge_code,
    charge.component,
    coalesce(charge_step.step_no, 1) as step_no,
    charge_step.from_quantity,
    charge_step.to_quantity,
    charge_step.limit_unit,
    cast(
        charge.sign * coalesce(
            charge_step.price,
            charge_step.amount,
            cast(cast(charge.percent as decimal(12, 6)) * 0.01 as decimal(18, 8))
        ) as decimal(19, 8)
    ) as price,
    case
        when charge_step.amount is not null then '$'
        when charge.kind = 'percent' then '$/$'
        else '$/' || charge.unit
    end as unit,
    case
        when charge_clause.label is not null and step_clause.label is not null
            then charge_clause.label || '; ' || step_clause.label
        else coalesce(charge_clause.label, step_clause.label)
    end as condition,
    sheet.page as sheet
from charge
inner join version
    on charge.version_id = version.version_id
inner join schedule
    on version.schedule_id = schedule.schedule_id
inner join sheet
    on charge.sheet_id = sheet.sheet_id
left join charge_step
    on charge.charge_id = charge_step.charge_id
left join condition_set as charge_clause
    on charge.condition_set_id = charge_clause.condition_set_id
left join condition_set as step_clause
    on charge_step.condition_set_id = step_clause.condition_set_id
where
    charge_step.price is not null
    or charge_step.amount is not null
    or charge.percent is not null
