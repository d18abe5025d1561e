{{ config(materialized='table') }}
-- The portfolio that a build began to read, and what was asked of it.
-- One row per build.

select
    cast('{{ invocation_id }}' as varchar) as build_id,
    cast('{{ env_var("RATEBOOK_FROM_MONTH", "0001-01-01") }}' as date) as from_month,
    cast('{{ env_var("RATEBOOK_TO_MONTH", "9999-12-01") }}' as date) as to_month,
    cast({{ env_var('RATEBOOK_SINCE_LOAD', '-1') }} as integer) as since_load,
    cast(
        '{{ env_var("RATEBOOK_MODELS", "") }}' as varchar
    ) as models_fingerprint,
    cast(max(load_id) as integer) as load_id
from {{ source('portfolio', 'load') }}
