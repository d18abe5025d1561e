{{ config(materialized='table') }}
-- What the promised relations were built from. It comes after all of them, so that a build that
-- stopped on the way leaves the row of an earlier one.
-- One row per build.
-- depends_on: {{ ref('bill') }}
-- depends_on: {{ ref('bill_line_item') }}
-- depends_on: {{ ref('billing_demand') }}
-- depends_on: {{ ref('unbilled_read') }}
-- depends_on: {{ ref('interval_coverage') }}
-- depends_on: {{ ref('interval_determinant') }}
-- depends_on: {{ ref('rate_schedule') }}
-- depends_on: {{ ref('rate_version') }}
-- depends_on: {{ ref('rate_price') }}
-- depends_on: {{ ref('monthly_factor') }}

select
    portfolio.build_id as portfolio_build_id,
    tariff.build_id as tariff_build_id,
    portfolio.from_month,
    portfolio.to_month,
    portfolio.since_load,
    portfolio.models_fingerprint,
    portfolio.load_id,
    tariff.tariff_fingerprint
from {{ ref('int_input__portfolio') }} as portfolio
cross join {{ ref('int_input__tariff') }} as tariff
