-- Level 2, carried from month to month: net kWh first use the bank, an excess goes into it, and it
-- starts every year, by label, at zero (I7); what is left of it counts in the year's last month.
-- With S the running sum of excess, the bank is S less the lowest S so far (zero included), so that
-- no month waits for the one before. A month that cannot be billed for lack of a required quantity
-- does not move it. Each part of a prorated read meets the bank as earlier months left it; only its
-- last part moves it.
-- One row per request and banked quantity.

with request as (

    select * from {{ ref('int_request__production') }}

),

term as (

    select *
    from {{ ref('int_recipe__determinant_term') }}
    where operation in ('bank', 'bank_left')

),

unmetered as (

    select * from {{ ref('int_request__unmetered') }}

),

quantity as (

    {{ quantities_below(2) }}

),

netted as (

    select
        request.request_id,
        request.agreement_id,
        request.kind = 'reference' as is_reference,
        request.kind != 'part' as is_moving,
        request.month_index,
        {{ year_start('request.month_index', 'coalesce(term.from_month, 1)') }} as year_start,
        term.operation,
        term.quantity_id,
        sum(
            term.coefficient * cast(
                case
                    when term.when_unknown = 'zero' then coalesce(quantity.quantity, 0)
                    else quantity.quantity
                end as decimal(28, 6)
            )
        ) as net
    from request
    inner join term
        on request.recipe_id = term.recipe_id
    left join unmetered
        on request.request_id = unmetered.request_id
    left join quantity
        on
            request.request_id = quantity.request_id
            and term.operand_quantity_id = quantity.quantity_id
    where unmetered.request_id is null
    group by
        request.request_id,
        request.agreement_id,
        request.kind,
        request.month_index,
        term.from_month,
        term.operation,
        term.quantity_id

),

summed as (

    select
        request_id,
        agreement_id,
        is_reference,
        is_moving,
        month_index,
        year_start,
        operation,
        quantity_id,
        coalesce(
            sum(case when is_moving then -net end) over (
                partition by agreement_id, is_reference, quantity_id, year_start
                order by month_index
                range between unbounded preceding and 1 preceding
            ),
            0
        ) - coalesce(net, 0) as running_excess
    from netted

),

lowest as (

    select
        *,
        least(
            0,
            coalesce(
                min(case when is_moving then running_excess end) over (
                    partition by agreement_id, is_reference, quantity_id, year_start
                    order by month_index
                    range between unbounded preceding and 1 preceding
                ),
                0
            )
        ) as lowest_before
    from summed

),

carried as (

    select
        *,
        least(lowest_before, running_excess) as lowest_excess
    from lowest

)

select
    request_id,
    quantity_id,
    case
        when operation = 'bank' then {{ to_quantity(within('lowest_before - lowest_excess', 10)) }}
        when month_index - year_start = 11
            then {{ to_quantity(within('running_excess - lowest_excess', 10)) }}
        else 0
    end as quantity
from carried
