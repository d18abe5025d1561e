-- Level 10: derived from the demands (G2, G10).
-- One row per request and quantity that is known.

{{ derived_level(10) }}
