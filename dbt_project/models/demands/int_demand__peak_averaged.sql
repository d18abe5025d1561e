-- Ratchets on an average: of the months in the window the highest so many, or as many as there are,
-- are averaged to six decimals (G2, G6). A month counts once, however many requests look at it.
-- One row per request and ratchet term with an average whose window has a known quantity.

with request as (

    select * from {{ ref('int_request') }}

),

term as (

    select * from {{ ref('int_recipe__demand_term') }} where average_of is not null

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
        term.average_of,
        earlier.month_index,
        max(quantity.quantity) as quantity
    from request
    inner join term
        on request.recipe_id = term.recipe_id
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
    group by
        request.request_id,
        term.demand_term_id,
        term.average_of,
        earlier.month_index

),

ranked as (

    select
        request_id,
        demand_term_id,
        average_of,
        quantity,
        row_number() over (
            partition by request_id, demand_term_id
            order by quantity desc
        ) as ordinal
    from peak

)

select
    request_id,
    demand_term_id,
    cast({{ divide('sum(quantity)', 'count(*)') }} as decimal(18, 6)) as quantity
from ranked
where ordinal <= average_of
group by request_id, demand_term_id
