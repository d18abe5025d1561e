-- Level 7: derived from the read, before the demands (G2, G10).
-- One row per request and quantity that is known.

{{ derived_level(7) }}
