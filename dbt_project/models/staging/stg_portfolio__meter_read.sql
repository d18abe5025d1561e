-- Reads with the day that dates them: the last day of service (G3, G4).
-- One row per agreement and billing month.

select
    agreement_id,
    billing_month,
    {{ month_index('billing_month') }} as month_index,
    cast(extract(month from billing_month) as integer) as month_of_year,
    read_from,
    read_to,
    cast(read_to - interval '1' day as date) as last_service_date
from {{ source('portfolio', 'meter_read') }}
