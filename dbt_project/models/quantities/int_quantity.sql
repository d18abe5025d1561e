{{ config(materialized='view') }}
-- All quantities of all levels.
-- One row per request and quantity that is known.

{{ quantities_below(15) }}
