-- Stage 2, discount: lines that depend on lines of the stages before it.
-- One row per request and charge with an amount.

{{ dependent_lines(2) }}
