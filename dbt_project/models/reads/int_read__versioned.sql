{{ config(materialized='view', tags=['standing']) }}
-- The reads that have a version, once more for each part of a prorated one.
-- One row per agreement, billing month and part.

select
    assigned.agreement_id,
    assigned.billing_month,
    assigned.month_index,
    assigned.read_from,
    assigned.read_to,
    assigned.last_service_date,
    assigned.is_asked_for,
    assigned.terms_start_date,
    assigned.schedule,
    coalesce(part.part_no, 1) as part_no,
    coalesce(part.is_last, true) as is_last,
    coalesce(part.version_id, assigned.version_id) as version_id,
    case when part.part_no is null then assigned.season else part.season end as season,
    part.part_days,
    part.days
from {{ ref('int_read__assigned') }} as assigned
left join {{ ref('int_read__prorated') }} as part
    on
        assigned.agreement_id = part.agreement_id
        and assigned.billing_month = part.billing_month
where assigned.reason is null
