-- What the quantities that charges see are made of in the end, in months with a bank: quantities of
-- levels 0 to 2, banks among them. A slice is made of what is split, a demand of what its rule
-- adjusts.
-- One row per recipe, quantity that a charge sees, and quantity it is made of.

with recursive quantity as (

    select * from {{ ref('int_recipe__quantity') }}
    where recipe_id in (select request.recipe_id from {{ ref('int_bank__request') }} as request)

),

operand as (

    select * from {{ ref('int_operand') }}

),

{{ demand_rules_numbered() }},

split_step as (

    select
        split_step.*,
        {{ quantity_id('operand.operand_id', 'split_step.level') }} as quantity_id
    from {{ ref('int_recipe__split_step') }} as split_step
    inner join operand
        on split_step.slice_name = operand.operand

),

made as (

    select
        recipe_id,
        quantity_id,
        operand_quantity_id,
        when_unknown = 'unknown' and operation != 'first_known' and choice_order is null as is_needed
    from {{ ref('int_recipe__determinant_term') }}
    where level > 2
    union
    select
        quantity.recipe_id,
        demand_rule.quantity_id,
        quantity.quantity_id as operand_quantity_id,
        demand_rule.known_within_months = 1 as is_needed
    from {{ ref('int_recipe__version') }} as recipe_version
    inner join demand_rule
        on recipe_version.version_id = demand_rule.version_id
    inner join quantity
        on
            recipe_version.recipe_id = quantity.recipe_id
            and demand_rule.adjusted_operand = quantity.operand
            and quantity.level < 8
            and quantity.last_level >= 8
    union
    select
        split_step.recipe_id,
        split_step.quantity_id,
        quantity.quantity_id as operand_quantity_id,
        true as is_needed
    from split_step
    inner join quantity
        on
            split_step.recipe_id = quantity.recipe_id
            and split_step.operand = quantity.operand
            and split_step.level > quantity.level
            and split_step.level <= quantity.last_level

),

descended as (

    select
        recipe_id,
        quantity_id,
        quantity_id as part_quantity_id,
        true as is_needed
    from quantity
    where last_level = {{ charge_level() }}
    union
    select
        descended.recipe_id,
        descended.quantity_id,
        made.operand_quantity_id as part_quantity_id,
        descended.is_needed and made.is_needed as is_needed
    from descended
    inner join made
        on
            descended.recipe_id = made.recipe_id
            and descended.part_quantity_id = made.quantity_id

),

bank as (

    select distinct
        recipe_id,
        quantity_id,
        operation
    from {{ ref('int_recipe__determinant_term') }}
    where operation in ('bank', 'bank_left')

)

select
    descended.recipe_id,
    descended.quantity_id,
    descended.part_quantity_id,
    bank.operation as bank_operation,
    bool_or(descended.is_needed) as is_needed
from descended
left join bank
    on
        descended.recipe_id = bank.recipe_id
        and descended.part_quantity_id = bank.quantity_id
where {{ level_of('descended.part_quantity_id') }} <= 2
group by
    descended.recipe_id,
    descended.quantity_id,
    descended.part_quantity_id,
    bank.operation
