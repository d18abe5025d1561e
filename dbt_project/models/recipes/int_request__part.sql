-- The requests of reads that are prorated over several parts, each with the days it counts for and
-- the request under which the bill stands, that of the last part.
-- One row per request of such a read.

with request as (

    select * from {{ ref('int_request__production') }} where part_days != days

)

select
    part.request_id,
    billed.request_id as billed_request_id,
    part.part_days,
    part.days
from request as part
inner join request as billed
    on
        part.agreement_id = billed.agreement_id
        and part.billing_month = billed.billing_month
        and billed.kind = 'production'
where part.kind in ('production', 'part')
