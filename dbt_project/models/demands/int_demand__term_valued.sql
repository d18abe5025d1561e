-- What each term of a demand comes to: its percentage of the quantity itself, or of the highest
-- (or an average of the highest) in its window of billing months (G6). A window is the months it
-- reaches by their label, so a month without a read stays a gap; of equal peaks the latest is named.
-- Those that look at billed demands have no value yet.
-- One row per request and term that applies; a term whose quantity is unknown has no value.

with request as (

    select * from {{ ref('int_request') }}

),

term as (

    select * from {{ ref('int_recipe__demand_term') }}

),

chosen as (

    select * from {{ ref('int_demand__term_chosen') }}

),

averaged as (

    select * from {{ ref('int_demand__peak_averaged') }}

),

term_month as (

    select * from {{ source('tariff', 'demand_term_month') }}

),

quantity as (

    {{ quantities_below(8) }}

),

peak as (

    select
        request.request_id,
        term.demand_term_id,
        max(quantity.quantity) as quantity,
        max({{ wide('quantity.quantity') }} * 100000000000 + earlier.month_index)
        - max({{ wide('quantity.quantity') }} * 100000000000) as month_index
    from request
    inner join term
        on
            request.recipe_id = term.recipe_id
            and term.kind = 'ratchet'
            and term.average_of is null
            and term.billed_demand is null
    inner join request as earlier
        on
            request.agreement_id = earlier.agreement_id
            and request.metering_id = earlier.metering_id
            and {{ in_window('earlier.month_index', 'request.month_index') }}
    inner join term_month
        on
            term.demand_term_id = term_month.demand_term_id
            and term_month.month = (earlier.month_index - 1) % 12 + 1
    inner join quantity
        on
            earlier.request_id = quantity.request_id
            and term.operand_quantity_id = quantity.quantity_id
    where not request.is_history
    group by request.request_id, term.demand_term_id

),

valued as (

    select
        request_id,
        demand_term_id,
        quantity,
        month_index
    from peak
    union all
    select
        request_id,
        demand_term_id,
        quantity,
        cast(null as integer) as month_index
    from averaged
    union all
    select
        request.request_id,
        term.demand_term_id,
        quantity.quantity,
        cast(null as integer) as month_index
    from request
    inner join term
        on
            request.recipe_id = term.recipe_id
            and term.kind in ('measured', 'contract')
    inner join quantity
        on
            request.request_id = quantity.request_id
            and term.operand_quantity_id = quantity.quantity_id
    where not request.is_history

)

select
    request.request_id,
    term.demand_rule_id,
    term.demand_group_id,
    term.demand_term_id,
    term.kind,
    term.percent,
    term.is_required,
    cast(valued.month_index as integer) as peak_month_index,
    coalesce(
        term.constant_kw,
        {{ to_known_quantity(wide('term.percent') ~ ' * valued.quantity * 0.01') }}
    ) as value_kw
from request
inner join term
    on request.recipe_id = term.recipe_id
left join valued
    on
        request.request_id = valued.request_id
        and term.demand_term_id = valued.demand_term_id
left join chosen
    on
        request.request_id = chosen.request_id
        and term.demand_term_id = chosen.demand_term_id
where
    not request.is_history
    and (term.choice_order is null or chosen.demand_term_id is not null)
