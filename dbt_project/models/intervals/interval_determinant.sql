-- The determinants that interval reads come to by the times of use of the version that rates the
-- read, beside what the meter read says.
-- One row per agreement, billing month and determinant.

select
    agreement_id,
    billing_month,
    determinant,
    interval_quantity,
    read_quantity,
    difference,
    source,
    is_asked_for,
    {{ run_id() }} as run_id
from {{ ref('int_interval__determinant') }}
where is_own
