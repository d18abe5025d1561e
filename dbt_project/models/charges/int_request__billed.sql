-- The requests that become bills.
-- One row per request; agreement and billing month are unique.

{{ config(materialized='view', tags=['standing']) }}

select *
from {{ ref('int_request__rated') }}
where kind = 'production'
