-- Level 12: slices of quantities, by blocks or in proportion to slices of demand (M3, M12).
-- One row per request and slice.

{{ split_level(12) }}
