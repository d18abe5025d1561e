-- The enrollments that count in a read's rates: their riders have a version that applies to the
-- schedule, and the option that they name.
-- One row per agreement, billing month and rider.

select applied.*
from {{ ref('int_enrollment__applied') }} as applied
left join {{ ref('int_enrollment__option_unknown') }} as option_unknown
    on
        applied.agreement_id = option_unknown.agreement_id
        and applied.billing_month = option_unknown.billing_month
        and applied.rider = option_unknown.rider
where applied.reason is null and option_unknown.agreement_id is null
