-- Level 1: what metering makes of the read, such as an uplift for metering behind a transformer (G2, G10).
-- One row per request and quantity that is known.

{{ derived_level(1) }}
