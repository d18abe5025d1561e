-- Which version of a schedule is in force, for each day and billing month that some read has: by
-- the last day of service, or by the month's label where the version says so, of its end alone or of its
-- beginning, too (G4).
-- One row per schedule, last day of service and billing month with a version in force.

with dated as (

    select distinct
        last_service_date,
        billing_month
    from {{ ref('stg_portfolio__meter_read') }}

),

version as (

    select * from {{ source('tariff', 'version') }}

),

clocked as (

    select
        version.version_id,
        version.schedule_id,
        version.status,
        version.status_reason,
        version.effective_from,
        coalesce(version.effective_to, cast('9999-12-31' as date)) as effective_to,
        dated.last_service_date,
        dated.billing_month,
        case version.clock
            when 'billing_month' then dated.billing_month
            else dated.last_service_date
        end as begun_by,
        case version.clock
            when 'service_end' then dated.last_service_date
            else dated.billing_month
        end as ended_by
    from version
    cross join dated

)

select
    schedule_id,
    last_service_date,
    billing_month,
    version_id,
    status,
    status_reason
from clocked
where begun_by >= effective_from and ended_by < effective_to
