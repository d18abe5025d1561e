-- The meters of requests to which reads may say otherwise than to their own bills: what a ratchet looks back
-- at has the meters that join the agreement's today, as the sheet of today says, and no others (G6, M16);
-- what is billed by other times of use keeps the meters that were added to the read.
-- One row per request, of agreements that others join or once joined or by other times, and meter.

with times as (

    select * from {{ ref('int_interval__times') }}

),

by_other_times as (

    select
        agreement_id,
        billing_month,
        version_id as times_id
    from {{ ref('int_interval__asked') }}
    where not is_own

),

request as (

    select
        request.*,
        recipe.version_id,
        coalesce(times.times_id, 0) as times_id
    from {{ ref('int_request') }} as request
    inner join {{ ref('int_recipe') }} as recipe
        on request.recipe_id = recipe.recipe_id
    left join times
        on recipe.version_id = times.version_id

),

read_joined as (

    select distinct
        agreement_id,
        group_no,
        joining_agreement_id,
        version_id
    from {{ ref('int_read__joined') }}

),

combined as (

    select * from {{ ref('int_read__combined') }} where reason = 'combined'

),

meter_read as (

    select * from {{ ref('stg_portfolio__meter_read') }}

),

{{ joining_months() }},

concerned as (

    select request.*
    from request
    where
        request.is_history
        and (
            request.agreement_id in (select read_joined.agreement_id from read_joined)
            or request.agreement_id in (select combined.partner_agreement_id from combined)
        )
    union
    select request.*
    from request
    inner join by_other_times
        on
            request.agreement_id = by_other_times.agreement_id
            and request.billing_month = by_other_times.billing_month
            and request.times_id = by_other_times.times_id

),

metered as (

    select
        request_id,
        agreement_id,
        billing_month,
        agreement_id as meter_agreement_id,
        cast(null as integer) as joining_version_id,
        version_id
    from concerned
    union all
    select
        concerned.request_id,
        concerned.agreement_id,
        concerned.billing_month,
        read_joined.joining_agreement_id as meter_agreement_id,
        read_joined.version_id as joining_version_id,
        read_joined.version_id
    from concerned
    inner join read_joined
        on
            concerned.agreement_id = read_joined.agreement_id
            and concerned.group_no = read_joined.group_no
    inner join joining_month
        on
            read_joined.version_id = joining_month.version_id
            and cast(extract(month from concerned.billing_month) as integer) = joining_month.month
    inner join meter_read
        on
            read_joined.joining_agreement_id = meter_read.agreement_id
            and concerned.billing_month = meter_read.billing_month
    where concerned.is_history
    union all
    select
        concerned.request_id,
        concerned.agreement_id,
        concerned.billing_month,
        combined.agreement_id as meter_agreement_id,
        combined.version_id as joining_version_id,
        combined.version_id
    from concerned
    inner join combined
        on
            concerned.agreement_id = combined.partner_agreement_id
            and concerned.billing_month = combined.billing_month
    where not concerned.is_history

)

select
    metered.request_id,
    metered.agreement_id,
    metered.billing_month,
    metered.meter_agreement_id,
    metered.joining_version_id,
    coalesce(times.times_id, 0) as times_id,
    by_other_times.agreement_id is not null as is_by_other_times
from metered
left join times
    on metered.version_id = times.version_id
left join by_other_times
    on
        metered.meter_agreement_id = by_other_times.agreement_id
        and metered.billing_month = by_other_times.billing_month
        and coalesce(times.times_id, 0) = by_other_times.times_id
