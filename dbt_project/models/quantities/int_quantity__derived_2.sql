-- Level 2: netting of received against delivered energy (G2, G10).
-- One row per request and quantity that is known.

{{ derived_level(2) }}
