-- Ratchets on the demand that was billed: the highest billed demand in the window, which itself
-- may come from a ratchet on months before it. A demand is found as the greatest of all that it can
-- come to: what its other terms give, then whatever the demand of an earlier month, so found,
-- raises it to. Such a term stands in a greatest-of, so more months never lower it. The window
-- leaves the present month out; a month counts with the demand found for it, billed or not.
-- One row per request and ratchet term with a billed demand in its window.

with recursive production as (

    select * from {{ ref('int_request__production') }}

),

term as (

    select * from {{ ref('int_recipe__demand_term') }} where billed_demand is not null

),

term_month as (

    select * from {{ source('tariff', 'demand_term_month') }}

),

demand_rule as (

    select * from {{ source('tariff', 'demand_rule') }}

),

demand_group as (

    select * from {{ source('tariff', 'demand_group') }}

),

request as (

    select
        request_id,
        agreement_id,
        month_index,
        recipe_id,
        kind in ('production', 'context') as is_whole
    from production
    where agreement_id in (
        select ratcheted.agreement_id
        from production as ratcheted
        inner join term
            on ratcheted.recipe_id = term.recipe_id
    )

),

term_value as (

    select term_valued.*
    from {{ ref('int_demand__term_valued') }} as term_valued
    inner join request
        on term_valued.request_id = request.request_id

),

known as (

    select * from {{ ref('int_demand__known') }}

),

{{ rules_valued() }},

looked_at as (

    select
        request.request_id,
        term.demand_rule_id,
        term.demand_term_id,
        term.percent,
        earlier.request_id as earlier_request_id,
        earlier_rule.demand_rule_id as earlier_rule_id,
        earlier.month_index as earlier_month_index
    from request
    inner join term
        on request.recipe_id = term.recipe_id
    inner join term_value as chosen
        on
            request.request_id = chosen.request_id
            and term.demand_term_id = chosen.demand_term_id
    inner join request as earlier
        on
            request.agreement_id = earlier.agreement_id
            and {{ in_window('earlier.month_index', 'request.month_index') }}
    inner join term_month
        on
            term.demand_term_id = term_month.demand_term_id
            and term_month.month = (earlier.month_index - 1) % 12 + 1
    inner join ruled as earlier_ruled
        on earlier.request_id = earlier_ruled.request_id
    inner join demand_rule as earlier_rule
        on
            earlier_ruled.demand_rule_id = earlier_rule.demand_rule_id
            and term.billed_demand = earlier_rule.name
    where earlier.is_whole

),

billed as (

    select
        ruled.request_id,
        ruled.demand_rule_id,
        {{ round_as_said(
            'ruled.value_kw',
            'demand_rule.decimals',
            'demand_rule.rounding_step',
            'demand_rule.rounding'
        ) }} as demand_kw
    from ruled
    inner join demand_rule
        on ruled.demand_rule_id = demand_rule.demand_rule_id
    union
    select
        looked_at.request_id,
        looked_at.demand_rule_id,
        {{ round_as_said(
            to_quantity(wide('looked_at.percent') ~ ' * billed.demand_kw * 0.01'),
            'demand_rule.decimals',
            'demand_rule.rounding_step',
            'demand_rule.rounding'
        ) }} as demand_kw
    from billed
    inner join looked_at
        on
            billed.request_id = looked_at.earlier_request_id
            and billed.demand_rule_id = looked_at.earlier_rule_id
    inner join ruled
        on
            looked_at.request_id = ruled.request_id
            and looked_at.demand_rule_id = ruled.demand_rule_id
    inner join demand_rule
        on looked_at.demand_rule_id = demand_rule.demand_rule_id
    where {{ wide('looked_at.percent') }} * billed.demand_kw * 0.01 > ruled.value_kw

)

select
    looked_at.request_id,
    looked_at.demand_term_id,
    max(billed.demand_kw) as quantity,
    cast(
        max({{ wide('billed.demand_kw') }} * 100000000000 + looked_at.earlier_month_index)
        - max({{ wide('billed.demand_kw') }} * 100000000000) as integer
    ) as month_index
from looked_at
inner join billed
    on
        looked_at.earlier_request_id = billed.request_id
        and looked_at.earlier_rule_id = billed.demand_rule_id
group by looked_at.request_id, looked_at.demand_term_id
