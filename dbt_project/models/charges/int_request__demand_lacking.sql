-- What the demands of requests that lack a quantity lack themselves (G8): the quantity that the rule
-- adjusts, where that is known in too few months, and else those of its terms without a value, required
-- ones before others (M11). What a ratchet takes of earlier months is no quantity of the request.
-- One row per request, demand, and quantity that it lacks.

with request as (

    select request.*
    from {{ ref('int_request__production') }} as request
    inner join {{ ref('int_request__unknown') }} as unknown
        on request.request_id = unknown.request_id

),

operand as (

    select * from {{ ref('int_operand') }}

),

meaning as (

    select * from {{ ref('int_recipe__quantity') }} where level < 8 and last_level >= 8

),

{{ demand_rules_numbered() }},

demand_term as (

    select * from {{ ref('int_recipe__demand_term') }}

),

known as (

    select * from {{ ref('int_demand__known') }}

),

valueless as (

    select
        request.request_id,
        request.recipe_id,
        term_value.demand_rule_id,
        term_value.demand_term_id,
        term_value.is_required,
        bool_or(term_value.is_required) over (
            partition by request.request_id, term_value.demand_rule_id
        ) as has_required
    from request
    inner join {{ ref('int_demand__term_valued') }} as term_value
        on request.request_id = term_value.request_id
    inner join known
        on
            term_value.request_id = known.request_id
            and term_value.demand_rule_id = known.demand_rule_id
    where term_value.value_kw is null

)

select
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
left join known
    on
        request.request_id = known.request_id
        and demand_rule.demand_rule_id = known.demand_rule_id
where known.request_id is null
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
