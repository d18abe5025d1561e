-- By whose times of use the interval reads of a month are told apart: those of the version that
-- rates its read and, where they are others, those of a version that rates a part of it, prices it
-- again or looks back at it, also as the read of a meter that joins (G6).
-- One row per agreement, billing month and times of use.

with metered as (

    select distinct agreement_id
    from {{ source('portfolio', 'interval_read') }}
    where {{ is_in_scope('agreement_id') }}

),

times as (

    select * from {{ ref('int_interval__times') }}

),

own as (

    select
        assigned.agreement_id,
        assigned.billing_month,
        assigned.read_from,
        assigned.read_to,
        utility.time_zone,
        coalesce(times.times_id, 0) as times_id
    from {{ ref('int_read__assigned') }} as assigned
    inner join metered
        on assigned.agreement_id = metered.agreement_id
    inner join {{ source('tariff', 'utility') }} as utility
        on assigned.utility = utility.utility
    left join times
        on assigned.version_id = times.version_id

),

request as (

    select * from {{ ref('int_request') }}

),

member as (

    select distinct
        joined.agreement_id,
        joined.group_no,
        joined.joining_agreement_id,
        joined.version_id
    from {{ ref('int_read__joined') }} as joined
    inner join metered
        on joined.joining_agreement_id = metered.agreement_id

),

asking as (

    select distinct
        request.agreement_id,
        request.billing_month,
        recipe.version_id
    from request
    inner join metered
        on request.agreement_id = metered.agreement_id
    inner join {{ ref('int_recipe') }} as recipe
        on request.recipe_id = recipe.recipe_id
    union
    select
        member.joining_agreement_id as agreement_id,
        request.billing_month,
        member.version_id
    from request
    inner join member
        on
            request.agreement_id = member.agreement_id
            and request.group_no = member.group_no
    where request.is_history

),

asked as (

    select
        agreement_id,
        billing_month,
        read_from,
        read_to,
        time_zone,
        times_id,
        true as is_own
    from own
    union
    select
        own.agreement_id,
        own.billing_month,
        own.read_from,
        own.read_to,
        own.time_zone,
        coalesce(times.times_id, 0) as times_id,
        false as is_own
    from asking
    inner join own
        on
            asking.agreement_id = own.agreement_id
            and asking.billing_month = own.billing_month
    left join times
        on asking.version_id = times.version_id
    where coalesce(times.times_id, 0) != own.times_id

)

select
    asked.agreement_id,
    asked.billing_month,
    asked.read_from,
    asked.read_to,
    asked.time_zone,
    asked.times_id as version_id,
    coalesce(times.demand_minutes, 15) as demand_minutes,
    asked.is_own
from asked
left join times
    on asked.times_id = times.version_id
