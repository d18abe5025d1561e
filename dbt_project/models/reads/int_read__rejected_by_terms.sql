-- Reads that cannot be rated before any quantity is looked at, with the first reason (G4):
-- terms, schedule and version, then combination, then the riders it is enrolled in: those that are
-- unknown first, then those without a version, then those that lack something.
-- One row per agreement and billing month.

with assigned as (

    select * from {{ ref('int_read__assigned') }}

),

versioned as (

    select * from {{ ref('int_read__versioned') }}

),

prorated as (

    select * from {{ ref('int_read__prorated') }}

),

combined as (

    select * from {{ ref('int_read__combined') }}

),

enrollment as (

    select * from {{ ref('int_enrollment__applied') }}

),

option_unknown as (

    select * from {{ ref('int_enrollment__option_unknown') }}

),

adjustment as (

    select * from {{ ref('int_adjustment__in_force') }}

),

found as (

    select
        agreement_id,
        billing_month,
        1 as priority,
        reason,
        detail
    from assigned
    where reason is not null
    union all
    select
        agreement_id,
        billing_month,
        1 as priority,
        'no_rate_in_force' as reason,
        detail
    from prorated
    where detail is not null
    union all
    select
        agreement_id,
        billing_month,
        2 as priority,
        reason,
        detail
    from combined
    union all
    select
        agreement_id,
        billing_month,
        case reason
            when 'unknown_schedule' then 3
            when 'no_rate_in_force' then 4
            else 5
        end as priority,
        reason,
        detail
    from enrollment
    where reason is not null
    union all
    select
        agreement_id,
        billing_month,
        5 as priority,
        'missing_determinant' as reason,
        detail
    from option_unknown
    union all
    select
        versioned.agreement_id,
        versioned.billing_month,
        6 as priority,
        'no_rate_in_force' as reason,
        'adjustment ' || adjustment.rider || ' has no version in force' as detail
    from versioned
    inner join adjustment
        on
            versioned.version_id = adjustment.version_id
            and versioned.last_service_date = adjustment.last_service_date
            and versioned.billing_month = adjustment.billing_month
    where adjustment.rider_version_id is null

),

ranked as (

    select
        agreement_id,
        billing_month,
        reason,
        detail,
        priority,
        row_number() over (
            partition by agreement_id, billing_month
            order by priority asc, {{ bytewise('detail') }} asc
        ) as ordinal
    from found

)

select
    ranked.agreement_id,
    ranked.billing_month,
    assigned.is_asked_for,
    ranked.priority > 2 as is_by_rider,
    ranked.reason,
    ranked.detail
from ranked
inner join assigned
    on
        ranked.agreement_id = assigned.agreement_id
        and ranked.billing_month = assigned.billing_month
where ranked.ordinal = 1
