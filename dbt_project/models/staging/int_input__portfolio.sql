{{ config(materialized='table') }}
-- The portfolio that a build began to read, and what was asked of it.
-- One row per build.

select
    cast('{{ invocation_id }}' as varchar) as build_id,
    {{ from_month() }} as from_month,
    {{ to_month() }} as to_month,
    cast({{ since_load() }} as integer) as since_load,
    {{ models_fingerprint() }} as models_fingerprint,
    cast(max(load_id) as integer) as load_id
from {{ source('portfolio', 'load') }}
