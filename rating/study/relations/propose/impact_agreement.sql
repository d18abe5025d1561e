-- The changes by agreement, the largest first.
-- One row per agreement.

select
    cast(row_number() over (order by abs(change_usd) desc, agreement_id) as integer) as rank,
    *
from study.proposal_agreement
