-- Clauses that test a determinant, such as more than 350 kWh per kW of billing demand (M15). A
-- test of an unknown quantity does not hold.
-- One row per request and clause that holds.

with request as (

    select * from {{ ref('int_request__production') }}

),

{{ clauses_held(charge_level()) }}

select
    request_id,
    condition_set_id
from held
