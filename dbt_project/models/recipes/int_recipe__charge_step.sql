-- The priced steps of a recipe, with everything a line of a bill needs; a percentage has one step
-- too, priced per dollar. A flat amount, a shortfall or an excess is one month times its amount.
-- Prices and amounts carry the sign of their charge. Lines are numbered down the bill: by stage,
-- then schedule, clauses and riders.
-- One row per recipe, charge and step.

with recipe_charge as (

    select * from {{ ref('int_recipe__charge') }}

),

charge as (

    select * from {{ source('tariff', 'charge') }}

),

charge_step as (

    select * from {{ source('tariff', 'charge_step') }}

),

held as (

    select * from {{ ref('int_recipe__condition_set') }}

),

quantity as (

    select * from {{ ref('int_recipe__quantity') }} where last_level = {{ charge_level() }}

),

step as (

    select
        recipe_charge.recipe_id,
        recipe_charge.role_order,
        recipe_charge.choice,
        recipe_charge.choice_rule,
        recipe_charge.tested_condition_set_id,
        recipe_charge.is_contingent,
        charge.charge_id,
        charge.version_id,
        charge.ordinal,
        charge.code,
        charge.component,
        charge.stage,
        charge.kind,
        charge.operand,
        charge.unit,
        charge.percent,
        charge.sign,
        charge.covers,
        charge.blank_is_zero,
        charge.sheet_id,
        coalesce(charge_step.step_no, 1) as step_no,
        coalesce(charge_step.description, charge.description) as description,
        coalesce(charge_step.from_quantity, 0) as from_quantity,
        charge_step.to_quantity,
        charge_step.limit_operand,
        charge_step.price,
        charge_step.amount
    from recipe_charge
    inner join charge
        on recipe_charge.charge_id = charge.charge_id
    left join charge_step
        on charge.charge_id = charge_step.charge_id
    left join held
        on
            recipe_charge.recipe_id = held.recipe_id
            and charge_step.condition_set_id = held.condition_set_id
    where charge_step.condition_set_id is null or held.condition_set_id is not null

)

select
    cast(row_number() over (
        order by step.recipe_id, step.stage, step.role_order, step.ordinal, step.charge_id,
            step.step_no
    ) as integer) as step_key,
    cast(row_number() over (
        partition by step.recipe_id
        order by step.stage, step.role_order, step.version_id, step.ordinal, step.charge_id,
            step.step_no
    ) as integer) as line_no,
    step.recipe_id,
    step.choice,
    step.choice_rule,
    step.tested_condition_set_id,
    step.is_contingent,
    step.charge_id,
    step.version_id,
    step.ordinal,
    step.code,
    step.component,
    step.stage,
    step.kind,
    step.operand,
    coalesce(step.operand like 'units:%', false) as is_unit,
    step.kind = 'factor'
    or (step.kind = 'percent' and step.percent is null and step.price is null) as is_factor,
    priced.quantity_id,
    case
        when step.amount is not null or step.kind in ('minimum', 'cap') then 'month'
        else step.unit
    end as unit,
    step.sign,
    step.covers,
    covered.quantity_id as covered_quantity_id,
    step.blank_is_zero,
    step.sheet_id,
    step.step_no,
    step.description,
    step.from_quantity,
    step.to_quantity,
    limiting.quantity_id as limit_quantity_id,
    cast(
        step.sign
        * coalesce(step.price, cast(cast(step.percent as decimal(12, 6)) * 0.01 as decimal(18, 8)))
        as decimal(18, 8)
    ) as price,
    cast(step.sign * step.amount as decimal(18, 8)) as amount
from step
left join quantity as priced
    on
        step.recipe_id = priced.recipe_id
        and step.operand = priced.operand
left join quantity as covered
    on
        step.recipe_id = covered.recipe_id
        and step.covers = covered.operand
left join quantity as limiting
    on
        step.recipe_id = limiting.recipe_id
        and step.limit_operand = limiting.operand
