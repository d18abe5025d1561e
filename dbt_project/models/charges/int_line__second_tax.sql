-- Stage 11, second_tax: lines that depend on lines of the stages before it.
-- One row per request and charge with an amount.

{{ dependent_lines(11) }}
