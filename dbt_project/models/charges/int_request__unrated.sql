-- Requests that cannot be billed, each with the first of its reasons (G4): what its tariff prices and it
-- lacks, and where it lacks nothing itself, what the version lacks that a rider credits the difference to
-- (M23), of several such riders that of the first by name.
-- One row per request that cannot be billed.

with lacking as (

    select * from {{ ref('int_request__lacking') }} where ordinal = 1

),

compared as (

    select * from {{ ref('int_request__compared') }}

),

version as (

    select
        version.version_id,
        version.effective_from,
        schedule.schedule
    from {{ source('tariff', 'version') }} as version
    inner join {{ source('tariff', 'schedule') }} as schedule
        on version.schedule_id = schedule.schedule_id

),

uncredited as (

    select
        compared.request_id,
        reference_lacking.reason,
        'rider ' || rider.schedule || ' needs version ' || cast(version.effective_from as text)
        || ' of schedule ' || version.schedule || ': ' || reference_lacking.detail as detail,
        row_number() over (
            partition by compared.request_id
            order by {{ bytewise('rider.schedule') }}
        ) as ordinal
    from compared
    inner join lacking as reference_lacking
        on compared.reference_request_id = reference_lacking.request_id
    inner join version
        on compared.reference_version_id = version.version_id
    inner join version as rider
        on compared.rider_version_id = rider.version_id
    left join lacking
        on compared.request_id = lacking.request_id
    where lacking.request_id is null

)

select
    request_id,
    reason,
    detail
from lacking
union all
select
    request_id,
    reason,
    detail
from uncredited
where ordinal = 1
