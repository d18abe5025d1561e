-- The lines of all bills, narrow: what each is worth; int_recipe__charge_step says what it is.
-- One row per request and step with an amount.

{{ config(materialized='view', tags=['standing']) }}

select
    request_id,
    step_key,
    unit_no,
    quantity,
    price,
    amount
from {{ ref('int_charge_step__priced') }}
where amount != 0
{{ and_dependent_lines([
    'request_id', 'step_key', '1 as unit_no', 'quantity', 'price', 'amount'
]) }}
