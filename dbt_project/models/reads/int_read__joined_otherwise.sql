-- Reads to which other meters were added, each by its own last day of service (M16), than join by
-- the terms and the sheet on the read's last day: a ratchet that looks back at them with its own
-- meters (G6) cannot take them as they were billed.
-- One row per agreement and billing month of such a read.

with {{ joining_months() }},

meter_read as (

    select * from {{ ref('stg_portfolio__meter_read') }}

),

added as (

    select
        partner_agreement_id as agreement_id,
        billing_month,
        agreement_id as joining_agreement_id,
        version_id
    from {{ ref('int_read__combined') }}
    where reason = 'combined'

),

joined as (

    select
        member.agreement_id,
        member.billing_month,
        member.joining_agreement_id,
        member.version_id
    from {{ ref('int_read__joined') }} as member
    inner join joining_month
        on
            member.version_id = joining_month.version_id
            and cast(extract(month from member.billing_month) as integer) = joining_month.month
    inner join meter_read
        on
            member.joining_agreement_id = meter_read.agreement_id
            and member.billing_month = meter_read.billing_month

)

select
    coalesce(added.agreement_id, joined.agreement_id) as agreement_id,
    coalesce(added.billing_month, joined.billing_month) as billing_month
from added
full outer join joined
    on
        added.agreement_id = joined.agreement_id
        and added.billing_month = joined.billing_month
        and added.joining_agreement_id = joined.joining_agreement_id
        and added.version_id = joined.version_id
where added.agreement_id is null or joined.agreement_id is null
group by
    coalesce(added.agreement_id, joined.agreement_id),
    coalesce(added.billing_month, joined.billing_month)
