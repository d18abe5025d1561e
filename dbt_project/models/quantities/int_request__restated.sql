-- What reads say to requests of other versions than their own: the quantities of the meters that
-- int_request__metered_otherwise names, added up as the sheet says (G10, M16), and what a read leaves blank
-- from its intervals by the times of use of the version that asks.
-- One row per request and determinant.

with metered as (

    select * from {{ ref('int_request__metered_otherwise') }}

),

from_intervals as (

    select * from {{ ref('int_interval__determinant') }} where source = 'intervals'

),

-- Few of a city's: looked for once, for both uses.
read_quantity as materialized (

    select
        metered.request_id,
        metered.joining_version_id,
        metered.meter_agreement_id as agreement_id,
        metered.billing_month,
        read_quantity.determinant,
        read_quantity.quantity
    from {{ ref('stg_portfolio__read_quantity') }} as read_quantity
    inner join metered
        on
            read_quantity.agreement_id = metered.meter_agreement_id
            and read_quantity.billing_month = metered.billing_month
    left join from_intervals
        on
            metered.is_by_other_times
            and read_quantity.agreement_id = from_intervals.agreement_id
            and read_quantity.billing_month = from_intervals.billing_month
            and read_quantity.determinant = from_intervals.determinant
            and from_intervals.is_own
    where from_intervals.agreement_id is null
    union all
    select
        metered.request_id,
        metered.joining_version_id,
        metered.meter_agreement_id as agreement_id,
        metered.billing_month,
        from_intervals.determinant,
        from_intervals.interval_quantity as quantity
    from metered
    inner join from_intervals
        on
            metered.meter_agreement_id = from_intervals.agreement_id
            and metered.billing_month = from_intervals.billing_month
            and metered.times_id = from_intervals.version_id
    where metered.is_by_other_times

),

joined as (

    select
        request_id,
        agreement_id,
        billing_month,
        meter_agreement_id as joining_agreement_id,
        joining_version_id as version_id
    from metered
    where joining_version_id is not null

),

{{ meters_added(['request_id'], shared=['request_id']) }}

select
    read_quantity.request_id,
    read_quantity.determinant,
    read_quantity.quantity
from read_quantity
left join added
    on
        read_quantity.request_id = added.request_id
        and read_quantity.determinant = added.determinant
where read_quantity.joining_version_id is null and added.request_id is null
union all
select
    request_id,
    determinant,
    quantity
from added
where quantity is not null
