{{ config(materialized='table') }}
-- What the build was made from, and what was asked of it.
-- One row per build.

select
    cast({{ env_var('RATEBOOK_RUN_ID', '0') }} as integer) as run_id,
    cast('{{ env_var("RATEBOOK_FROM_MONTH", "0001-01-01") }}' as date) as from_month,
    cast('{{ env_var("RATEBOOK_TO_MONTH", "9999-12-01") }}' as date) as to_month,
    cast({{ env_var('RATEBOOK_SINCE_LOAD', '-1') }} as integer) as since_load,
    load_id,
    tariff_fingerprint
from {{ ref('int_input__loaded') }}
