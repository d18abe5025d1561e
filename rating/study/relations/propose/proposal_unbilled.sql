-- Reads that have no bill under the scenario.
-- One row per agreement and billing month.

select
    agreement_id,
    billing_month,
    reason,
    detail
from rating_build.unbilled_read
