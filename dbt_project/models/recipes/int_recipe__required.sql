-- What quantities of a recipe are not known without (G8): derived quantities without an operand that each
-- of their definitions needs (of several of which the first known one is taken, the last), slices
-- without what is split and what its blocks are multiples of, or its shares in proportion to.
-- One row per recipe, quantity that it makes, and quantity that this needs.

with term as (

    select
        *,
        coalesce(choice_order, 0) as definition,
        max(ordinal) over (
            partition by recipe_id, quantity_id, coalesce(choice_order, 0)
        ) as last_ordinal
    from {{ ref('int_recipe__determinant_term') }}

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

    select * from {{ ref('int_recipe__split_step') }}

),

meaning as (

    select * from {{ ref('int_recipe__quantity') }}

)

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
    split_step.recipe_id,
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
        and meant.operand in (
            split_step.operand, split_step.limit_operand, split_step.share_operand
        )
        and split_step.level > meant.level
        and split_step.level <= meant.last_level
