-- Level 2, carried from month to month: net kWh first use the bank, an excess goes into it, and it
-- starts every year, by label, at zero (I7); what is left of it counts in the year's last month.
-- With S the running sum of excess, the bank is S less the lowest S so far (zero included), so that
-- no month waits for the one before. A month that is not billed does not move it. Each part of a
-- prorated read, and its reference, meets the bank as earlier months left it; only the last part moves it.
-- One row per request and banked quantity.

with netted as (

    select
        netted.request_id,
        netted.agreement_id,
        netted.is_moving and kept.agreement_id is null as is_moving,
        netted.month_index,
        case
            when netted.is_reference
                then coalesce(
                    max(case when netted.is_moving then netted.year_start end) over (
                        partition by netted.agreement_id, netted.month_index, netted.quantity_id
                    ),
                    netted.year_start
                )
            else netted.year_start
        end as year_start,
        netted.operation,
        netted.quantity_id,
        netted.net
    from {{ ref('int_bank__netted') }} as netted
    left join {{ ref('int_bank__kept') }} as kept
        on
            netted.agreement_id = kept.agreement_id
            and netted.month_index = kept.month_index

),

summed as (

    select
        request_id,
        agreement_id,
        is_moving,
        month_index,
        year_start,
        operation,
        quantity_id,
        coalesce(
            sum(case when is_moving then -net end) over (
                partition by agreement_id, quantity_id, year_start
                order by month_index
                range between unbounded preceding and 1 preceding
            ),
            0
        ) - net as running_excess
    from netted

),

lowest as (

    select
        *,
        least(
            0,
            coalesce(
                min(case when is_moving then running_excess end) over (
                    partition by agreement_id, quantity_id, year_start
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
