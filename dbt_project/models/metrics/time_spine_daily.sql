{{ config(materialized='table', tags=['metrics']) }}
-- The days of the billing months that are billed, without a gap; dbt's metrics ask for days.
-- One row per calendar day.

with span as (

    select
        min(billing_month) as first_month,
        max(billing_month) as last_month
    from {{ ref('bill') }}

)

select cast(series.calendar_day as date) as calendar_date
from span
cross join lateral generate_series(
    cast(span.first_month as timestamp),
    cast(span.last_month as timestamp) + interval '1 month' - interval '1 day',
    interval '1 day'
) as series (calendar_day)
