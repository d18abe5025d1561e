-- What a request nets before its bank: above zero it draws on the bank, below zero it adds to it. A
-- request that lacks an operand nets nothing that is known.
-- One row per request and banked quantity that can be determined.

with request as (

    select * from {{ ref('int_request__production') }}

),

term as (

    select *
    from {{ ref('int_recipe__determinant_term') }}
    where operation in ('bank', 'bank_left')

),

quantity as (

    {{ quantities_below(2) }}

)

select
    request.request_id,
    request.agreement_id,
    request.kind = 'reference' as is_reference,
    request.kind in ('production', 'context') as is_moving,
    request.month_index,
    case
        when term.resets = 'never' then 0
        else {{ year_start('request.month_index', 'coalesce(term.from_month, 1)') }}
    end as year_start,
    term.operation,
    term.quantity_id,
    sum(term.coefficient * cast(coalesce(quantity.quantity, 0) as decimal(28, 6))) as net
from request
inner join term
    on request.recipe_id = term.recipe_id
left join quantity
    on
        request.request_id = quantity.request_id
        and term.operand_quantity_id = quantity.quantity_id
group by
    request.request_id,
    request.agreement_id,
    request.kind,
    request.month_index,
    term.from_month,
    term.resets,
    term.operation,
    term.quantity_id
having
    sum(case when quantity.quantity is null and term.when_unknown = 'unknown' then 1 else 0 end) = 0
