-- The twelve months that end with the one asked for, or with that of the utility's last read (of
-- anyone's, where it has none), and the eleven before them that ratchets look at.
-- One row per utility and billing month.

with last_read as (
    select
        agreement.utility,
        max(meter_read.billing_month) as billing_month
    from store.portfolio.meter_read as meter_read
    inner join store.portfolio.service_agreement as agreement
        on meter_read.agreement_id = agreement.agreement_id
    group by agreement.utility
),

ended as (
    select
        utility.utility,
        coalesce(
            cast($month as date),
            last_read.billing_month,
            (select max(any_read.billing_month) from last_read as any_read)
        ) as last_month
    from tariff.utility as utility
    left join last_read
        on utility.utility = last_read.utility
)

select
    ended.utility,
    cast(ended.last_month - to_months(cast(counted.ago as integer)) as date) as billing_month,
    cast(ended.last_month - to_months(cast(counted.ago as integer) - 1) as date) as read_to,
    counted.ago < 12 as is_billed
from ended
cross join range(23) as counted (ago)
where ended.last_month is not null
