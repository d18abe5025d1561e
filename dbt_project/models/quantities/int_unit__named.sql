{{ config(tags=['standing']) }}
-- Units that a version names as a quantity: in what it derives, measures, splits, limits or tests.
-- What a charge prices by the piece is not among them.
-- One row per version and unit code.

select
    version_id,
    operand
from {{ ref('int_operand__named') }}
where operand like 'units:%'
