-- Requests that cannot be billed, each with the first of its reasons (G4): what its tariff prices and it
-- lacks, and where it lacks nothing itself, what the version lacks that a rider credits the difference to
-- (M23), of several such riders that of the first by name.
-- One row per request that cannot be billed.

with request as (

    select * from {{ ref('int_request__production') }}

),

lacking as (

    select * from {{ ref('int_request__lacking') }} where ordinal = 1

),

referenced as (

    select * from {{ ref('int_read__referenced') }}

),

step as (

    select * from {{ ref('int_recipe__charge_step') }} where kind = 'difference'

),

chosen as (

    select * from {{ ref('int_charge__chosen') }}

),

quantity as (

    select * from {{ ref('int_quantity') }} where quantity != 0

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
        request.request_id,
        reference_lacking.reason,
        'rider ' || rider.schedule || ' needs version ' || cast(version.effective_from as text)
        || ' of schedule ' || version.schedule || ': ' || reference_lacking.detail as detail,
        row_number() over (
            partition by request.request_id
            order by {{ bytewise('rider.schedule') }}
        ) as ordinal
    from lacking as reference_lacking
    inner join request as reference
        on
            reference_lacking.request_id = reference.request_id
            and reference.kind = 'reference'
    inner join version
        on reference.version_id = version.version_id
    inner join request
        on
            reference.agreement_id = request.agreement_id
            and reference.billing_month = request.billing_month
            and request.kind = 'production'
    inner join referenced
        on
            reference.agreement_id = referenced.agreement_id
            and reference.billing_month = referenced.billing_month
            and reference.version_id = referenced.version_id
    inner join step
        on
            request.recipe_id = step.recipe_id
            and referenced.rider_version_id = step.version_id
    inner join version as rider
        on step.version_id = rider.version_id
    inner join quantity
        on
            request.request_id = quantity.request_id
            and step.quantity_id = quantity.quantity_id
    left join chosen
        on
            request.request_id = chosen.request_id
            and step.charge_id = chosen.charge_id
    left join lacking
        on request.request_id = lacking.request_id
    where
        (not step.is_contingent or chosen.request_id is not null)
        and lacking.request_id is null

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
