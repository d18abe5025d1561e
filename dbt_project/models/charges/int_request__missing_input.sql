-- The inputs for want of which a quantity is not known: what it needs of level 0, through derived
-- quantities, splits and demands, each of them unknown as well. Of several of which the first known one
-- is taken, the last is named; of several definitions, what each of them needs.
-- One row per request, needed quantity that is not known, and input that is missing.

with recursive unknown as (

    select
        unknown.request_id,
        request.recipe_id,
        unknown.quantity_id
    from {{ ref('int_request__unknown') }} as unknown
    inner join {{ ref('int_request__production') }} as request
        on unknown.request_id = request.request_id

),

request as (

    select
        request_id,
        recipe_id
    from unknown

),

operand as (

    select * from {{ ref('int_operand') }}

),

meaning as (

    select * from {{ ref('int_recipe__quantity') }}
    where recipe_id in (select request.recipe_id from request)

),

known as (

    select
        request_id,
        quantity_id
    from {{ ref('int_quantity') }}
    where request_id in (select request.request_id from request)

),

term as (

    select
        *,
        coalesce(choice_order, 0) as definition,
        max(ordinal) over (
            partition by recipe_id, quantity_id, coalesce(choice_order, 0)
        ) as last_ordinal
    from {{ ref('int_recipe__determinant_term') }}
    where recipe_id in (select request.recipe_id from request)

),

defined as (

    select
        recipe_id,
        quantity_id,
        count(distinct definition) as definitions
    from term
    group by recipe_id, quantity_id

),

split_step as (

    select
        recipe_id,
        level,
        slice_name,
        operand
    from {{ ref('int_recipe__split_step') }}
    union
    select
        recipe_id,
        level,
        slice_name,
        coalesce(limit_operand, share_operand) as operand
    from {{ ref('int_recipe__split_step') }}

),

made as (

    select
        term.recipe_id,
        term.quantity_id,
        term.operand_quantity_id
    from term
    inner join defined
        on
            term.recipe_id = defined.recipe_id
            and term.quantity_id = defined.quantity_id
    where
        term.when_unknown = 'unknown'
        and (term.operation != 'first_known' or term.ordinal = term.last_ordinal)
    group by term.recipe_id, term.quantity_id, term.operand_quantity_id
    having count(distinct term.definition) = max(defined.definitions)
    union
    select
        slice.recipe_id,
        slice.quantity_id,
        meant.quantity_id as operand_quantity_id
    from split_step
    inner join meaning as slice
        on
            split_step.recipe_id = slice.recipe_id
            and split_step.slice_name = slice.operand
            and split_step.level = slice.level
    inner join meaning as meant
        on
            split_step.recipe_id = meant.recipe_id
            and split_step.operand = meant.operand
            and split_step.level > meant.level
            and split_step.level <= meant.last_level

),

{{ demand_rules_numbered() }},

demand_term as (

    select * from {{ ref('int_recipe__demand_term') }}

),

demand_known as (

    select * from {{ ref('int_demand__known') }}

),

unadjusted as (

    select distinct
        request.request_id,
        demand_rule.quantity_id,
        meaning.quantity_id as operand_quantity_id
    from request
    inner join demand_term
        on request.recipe_id = demand_term.recipe_id
    inner join demand_rule
        on demand_term.demand_rule_id = demand_rule.demand_rule_id
    inner join meaning
        on
            request.recipe_id = meaning.recipe_id
            and demand_rule.adjusted_operand = meaning.operand
            and meaning.level < 8
            and meaning.last_level >= 8
    left join demand_known
        on
            request.request_id = demand_known.request_id
            and demand_rule.demand_rule_id = demand_known.demand_rule_id
    where demand_known.request_id is null

),

valueless as (

    select
        request.request_id,
        request.recipe_id,
        term_value.demand_rule_id,
        term_value.demand_term_id,
        term_value.is_required,
        max(case when term_value.is_required then 1 else 0 end) over (
            partition by request.request_id, term_value.demand_rule_id
        ) = 1 as has_required
    from request
    inner join {{ ref('int_demand__term_valued') }} as term_value
        on request.request_id = term_value.request_id
    inner join demand_known
        on
            term_value.request_id = demand_known.request_id
            and term_value.demand_rule_id = demand_known.demand_rule_id
    where term_value.value_kw is null

),

-- Quantities on both sides that are not known, found once for all steps down.
part as materialized (

    select
        used.request_id,
        used.quantity_id,
        used.operand_quantity_id
    from (
        select
            request.request_id,
            made.quantity_id,
            made.operand_quantity_id
        from request
        inner join made
            on request.recipe_id = made.recipe_id
        union
        select
            request_id,
            quantity_id,
            operand_quantity_id
        from unadjusted
        union
        select
            valueless.request_id,
            demand_rule.quantity_id,
            demand_term.operand_quantity_id
        from valueless
        inner join demand_term
            on
                valueless.recipe_id = demand_term.recipe_id
                and valueless.demand_term_id = demand_term.demand_term_id
                and demand_term.kind in ('measured', 'contract')
        inner join demand_rule
            on valueless.demand_rule_id = demand_rule.demand_rule_id
        where valueless.is_required or not valueless.has_required
    ) as used
    left join known
        on
            used.request_id = known.request_id
            and used.operand_quantity_id = known.quantity_id
    where known.request_id is null

),

descended as (

    select
        request_id,
        quantity_id,
        quantity_id as part_quantity_id
    from unknown
    union
    select
        descended.request_id,
        descended.quantity_id,
        part.operand_quantity_id as part_quantity_id
    from descended
    inner join part
        on
            descended.request_id = part.request_id
            and descended.part_quantity_id = part.quantity_id

)

select
    descended.request_id,
    descended.quantity_id,
    operand.operand as input
from descended
inner join operand
    on descended.part_quantity_id = {{ quantity_id('operand.operand_id') }}
