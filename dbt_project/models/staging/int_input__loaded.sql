{{ config(tags=['standing']) }}
-- What the database holds at this moment: its last load, and a fingerprint of its tariffs.
-- `ratebook publish` holds the build's own row against it.
-- One row per database.
-- depends_on: {{ source('tariff', 'version') }}

select
    (select max(load_id) from {{ source('portfolio', 'load') }}) as load_id,
    {{ tariff_fingerprint() }} as tariff_fingerprint
