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
        assigned.agreement_id,
        assigned.billing_month,
        assigned.read_from,
        assigned.last_service_date,
        spanned.condition_set_id,
        spanned.first_day,
        spanned.last_day
    from assigned
    inner join spanned
        on assigned.version_id = spanned.version_id
    union all
    select
        assigned.agreement_id,
        assigned.billing_month,
        assigned.read_from,
        assigned.last_service_date,
        spanned.condition_set_id,
        spanned.first_day,
        spanned.last_day
    from adjustment
    inner join spanned
        on adjustment.rider_version_id = spanned.version_id
    inner join assigned
        on
            adjustment.version_id = assigned.version_id
            and adjustment.last_service_date = assigned.last_service_date
            and adjustment.billing_month = assigned.billing_month
    union all
    select
        assigned.agreement_id,
        assigned.billing_month,
        assigned.read_from,
        assigned.last_service_date,
        spanned.condition_set_id,
        spanned.first_day,
        spanned.last_day
    from enrollment
    inner join spanned
        on enrollment.rider_version_id = spanned.version_id
    inner join assigned
        on
            enrollment.agreement_id = assigned.agreement_id
            and enrollment.billing_month = assigned.billing_month

),

dated as (

    select
        involved.agreement_id,
        involved.billing_month,
        involved.condition_set_id,
        extract(year from involved.read_from) * 10000 + extract(month from involved.read_from) * 100
        + extract(day from involved.read_from) as first_served,
        extract(year from involved.last_service_date) * 10000
        + extract(month from involved.last_service_date) * 100
        + extract(day from involved.last_service_date) as last_served,
        (extract(year from involved.read_from) + year_step.years) * 10000
        + involved.first_day as span_begins,
        (
            extract(year from involved.read_from) + year_step.years
            + case when involved.last_day < involved.first_day then 1 else 0 end
        ) * 10000 + involved.last_day as span_ends
    from involved
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
