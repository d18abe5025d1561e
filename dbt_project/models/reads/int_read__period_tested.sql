-- Clauses that hold in a period with any day in a yearly span of days, such as June 20 to
-- September 10 (M17): the clauses that hold, for each read whose schedule, adjustment
-- clause or rider has such a clause.
-- One row per agreement and billing month.

with assigned as (

    select * from {{ ref('int_read__versioned') }}

),

adjustment as (

    select * from {{ ref('int_adjustment__in_force') }}

),

enrollment as (

    select * from {{ ref('int_enrollment__applied') }} where reason is null

),

condition_set as (

    select * from {{ source('tariff', 'condition_set') }}

),

span as (

    select * from {{ source('tariff', 'condition_span') }}

),

spanned as (

    select
        condition_set.version_id,
        span.condition_set_id,
        cast(substr(span.first_day, 1, 2) as integer) * 100
        + cast(substr(span.first_day, 4, 2) as integer) as first_day,
        cast(substr(span.last_day, 1, 2) as integer) * 100
        + cast(substr(span.last_day, 4, 2) as integer) as last_day
    from span
    inner join condition_set
        on span.condition_set_id = condition_set.condition_set_id

),

involved as (

    select
        agreement_id,
        billing_month,
        version_id
    from assigned
    union all
    select
        assigned.agreement_id,
        assigned.billing_month,
        adjustment.rider_version_id as version_id
    from assigned
    inner join adjustment
        on
            assigned.version_id = adjustment.version_id
            and assigned.last_service_date = adjustment.last_service_date
            and assigned.billing_month = adjustment.billing_month
    union all
    select
        agreement_id,
        billing_month,
        rider_version_id as version_id
    from enrollment

),

dated as (

    select
        involved.agreement_id,
        involved.billing_month,
        spanned.condition_set_id,
        extract(year from assigned.read_from) * 10000 + extract(month from assigned.read_from) * 100
        + extract(day from assigned.read_from) as first_served,
        extract(year from assigned.last_service_date) * 10000
        + extract(month from assigned.last_service_date) * 100
        + extract(day from assigned.last_service_date) as last_served,
        (extract(year from assigned.read_from) + year_step.years) * 10000
        + spanned.first_day as span_begins,
        (
            extract(year from assigned.read_from) + year_step.years
            + case when spanned.last_day < spanned.first_day then 1 else 0 end
        ) * 10000 + spanned.last_day as span_ends
    from involved
    inner join spanned
        on involved.version_id = spanned.version_id
    inner join assigned
        on
            involved.agreement_id = assigned.agreement_id
            and involved.billing_month = assigned.billing_month
    cross join (values (-1), (0), (1)) as year_step (years)

),

held as (

    select distinct
        agreement_id,
        billing_month,
        condition_set_id
    from dated
    where span_begins <= last_served and span_ends >= first_served

)

select
    agreement_id,
    billing_month,
    ',' || {{ joined('cast(condition_set_id as text)', 'condition_set_id') }} || ',' as period_key
from held
group by agreement_id, billing_month
