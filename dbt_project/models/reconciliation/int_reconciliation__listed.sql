{{ config(materialized='view', tags=['standing']) }}
-- What the listed lines of a bill come to. A weighed amount multiplies each component by a number
-- of its own, so that a line that strays into another component shows.
-- One row per agreement and billing month with lines.

select
    agreement_id,
    billing_month,
    count(*) as lines,
    sum(amount) as amount,
    sum(abs(amount)) as absolute_amount,
    sum(quantity) as quantity,
    sum(
        amount
        * case component
            when 'customer' then 1
            when 'energy' then 2
            when 'demand' then 3
            when 'facilities' then 4
            when 'minimum' then 5
            when 'discount' then 6
            when 'adjustment' then 7
            when 'rider' then 8
            when 'credit' then 9
        end
    ) as weighed_amount
from {{ ref('bill_line_item') }}
group by agreement_id, billing_month
