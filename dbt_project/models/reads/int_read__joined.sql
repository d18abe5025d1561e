-- The meters that join an agreement's in some season, by the terms and the sheet that rate its
-- read (G6), and a number for each set of them that the agreement has had.
-- One row per agreement, billing month and agreement that joins it.

with meter_read as (

    select * from {{ ref('stg_portfolio__meter_read') }}

),

agreement as (

    select
        *,
        coalesce(end_date, cast('9999-12-31' as date)) as closing_date
    from {{ source('portfolio', 'service_agreement') }}
    where combined_with_agreement_id != agreement_id

),

schedule as (

    select * from {{ source('tariff', 'schedule') }}

),

version as (

    select * from {{ ref('int_version__in_force') }} where status != 'incomplete'

),

joining_version as (

    select distinct version_id from {{ source('tariff', 'combination') }}

),

joining as (

    select
        meter_read.agreement_id,
        meter_read.billing_month,
        agreement.agreement_id as joining_agreement_id,
        version.version_id
    from agreement
    inner join meter_read
        on
            agreement.combined_with_agreement_id = meter_read.agreement_id
            and agreement.start_date <= meter_read.last_service_date
            and agreement.closing_date > meter_read.last_service_date
    inner join schedule
        on
            agreement.utility = schedule.utility
            and agreement.schedule = schedule.schedule
    inner join version
        on
            schedule.schedule_id = version.schedule_id
            and meter_read.last_service_date = version.last_service_date
            and meter_read.billing_month = version.billing_month
    inner join joining_version
        on version.version_id = joining_version.version_id

),

-- What joins another agreement is joined by none.
joined as (

    select joining.*
    from joining
    left join joining as other
        on
            joining.agreement_id = other.joining_agreement_id
            and joining.billing_month = other.billing_month
    where other.agreement_id is null

),

described as (

    select
        agreement_id,
        billing_month,
        {{ joined(
            "joining_agreement_id || chr(31) || cast(version_id as text)",
            'joining_agreement_id', 'chr(30)'
        ) }} as meters
    from joined
    group by agreement_id, billing_month

),

numbered as (

    select
        agreement_id,
        billing_month,
        cast(dense_rank() over (partition by agreement_id order by meters) as integer) as group_no
    from described

)

select
    joined.agreement_id,
    joined.billing_month,
    joined.joining_agreement_id,
    joined.version_id,
    numbered.group_no
from joined
inner join numbered
    on
        joined.agreement_id = numbered.agreement_id
        and joined.billing_month = numbered.billing_month
