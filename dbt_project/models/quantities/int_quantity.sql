{{ config(materialized='view', tags=['standing']) }}
-- All quantities of all levels.
-- One row per request and quantity that is known.

{{ quantities_below(15) }}
