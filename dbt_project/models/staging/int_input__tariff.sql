{{ config(materialized='table', tags=['standing']) }}
-- The tariffs as they were when a build began to read them.
-- One row per build.
-- depends_on: {{ source('tariff', 'version') }}

select
    cast('{{ invocation_id }}' as varchar) as build_id,
    {{ tariff_fingerprint() }} as tariff_fingerprint
