-- Stage 10, tax: lines that depend on lines of the stages before it.
-- One row per request and charge with an amount.

{{ dependent_lines(10) }}
