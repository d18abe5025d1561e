-- What reads say to requests of other versions than their own: the months that a ratchet looks back
-- at with the meters added up that join the agreement's today, as the sheet of today says, and no
-- others (G6, M16), and intervals by the times of use of the version that asks. Only where that
-- can differ from int_read_quantity: of agreements that others join or once joined, or by other
-- times. What is billed by other times keeps the meters that were added to the read.
-- One row per request and determinant.

with times as (

    select * from {{ ref('int_interval__times') }}

),

recipe as (

    select
        recipe.recipe_id,
        coalesce(times.times_id, 0) as times_id
    from {{ ref('int_recipe') }} as recipe
    left join times
        on recipe.version_id = times.version_id

),

request as (

    select
        request.*,
        recipe.times_id,
        cast(extract(month from request.billing_month) as integer) as month_of_year
    from {{ ref('int_request') }} as request
    inner join recipe
        on request.recipe_id = recipe.recipe_id

),

read_joined as (

    select * from {{ ref('int_read__joined') }}

),

combined as (

    select * from {{ ref('int_read__combined') }} where reason = 'combined'

),

ever_joined as (

    select agreement_id
    from read_joined
    union
    select partner_agreement_id as agreement_id
    from combined

),

by_other_times as (

    select
        agreement_id,
        billing_month,
        version_id as times_id
    from {{ ref('int_interval__asked') }}
    where not is_own

),

concerned as (

    select request.*
    from request
    inner join ever_joined
        on request.agreement_id = ever_joined.agreement_id
    where request.is_history
    union
    select request.*
    from request
    inner join by_other_times
        on
            request.agreement_id = by_other_times.agreement_id
            and request.billing_month = by_other_times.billing_month
            and request.times_id = by_other_times.times_id

),

member as (

    select distinct
        read_joined.agreement_id,
        read_joined.group_no,
        read_joined.joining_agreement_id,
        read_joined.version_id,
        coalesce(times.times_id, 0) as times_id
    from read_joined
    left join times
        on read_joined.version_id = times.version_id

),

{{ joining_months() }},

meter_read as (

    select * from {{ ref('stg_portfolio__meter_read') }}

),

joined as (

    select
        concerned.request_id,
        concerned.agreement_id,
        concerned.billing_month,
        member.joining_agreement_id,
        member.version_id,
        member.times_id
    from concerned
    inner join member
        on
            concerned.agreement_id = member.agreement_id
            and concerned.group_no = member.group_no
    inner join joining_month
        on
            member.version_id = joining_month.version_id
            and concerned.month_of_year = joining_month.month
    inner join meter_read
        on
            member.joining_agreement_id = meter_read.agreement_id
            and concerned.billing_month = meter_read.billing_month
    where concerned.is_history
    union all
    select
        concerned.request_id,
        concerned.agreement_id,
        concerned.billing_month,
        combined.agreement_id as joining_agreement_id,
        combined.version_id,
        coalesce(times.times_id, 0) as times_id
    from concerned
    inner join combined
        on
            concerned.agreement_id = combined.partner_agreement_id
            and concerned.billing_month = combined.billing_month
    left join times
        on combined.version_id = times.version_id
    where not concerned.is_history

),

read_to_add as (

    select
        request_id,
        agreement_id,
        billing_month,
        times_id
    from concerned
    union
    select
        request_id,
        joining_agreement_id as agreement_id,
        billing_month,
        times_id
    from joined

),

timed as (

    select
        read_to_add.*,
        by_other_times.agreement_id is not null as is_by_other_times
    from read_to_add
    left join by_other_times
        on
            read_to_add.agreement_id = by_other_times.agreement_id
            and read_to_add.billing_month = by_other_times.billing_month
            and read_to_add.times_id = by_other_times.times_id

),

from_intervals as (

    select * from {{ ref('int_interval__determinant') }} where source = 'intervals'

),

-- Few of a city's: looked for once, for both uses.
read_quantity as materialized (

    select
        timed.request_id,
        timed.agreement_id,
        timed.billing_month,
        read_quantity.determinant,
        read_quantity.quantity
    from {{ ref('stg_portfolio__read_quantity') }} as read_quantity
    inner join timed
        on
            read_quantity.agreement_id = timed.agreement_id
            and read_quantity.billing_month = timed.billing_month
    left join from_intervals
        on
            timed.is_by_other_times
            and read_quantity.agreement_id = from_intervals.agreement_id
            and read_quantity.billing_month = from_intervals.billing_month
            and read_quantity.determinant = from_intervals.determinant
            and from_intervals.is_own
    where from_intervals.agreement_id is null
    union all
    select
        timed.request_id,
        timed.agreement_id,
        timed.billing_month,
        from_intervals.determinant,
        from_intervals.interval_quantity as quantity
    from timed
    inner join from_intervals
        on
            timed.agreement_id = from_intervals.agreement_id
            and timed.billing_month = from_intervals.billing_month
            and timed.times_id = from_intervals.version_id
    where timed.is_by_other_times

),

{{ meters_added(['request_id'], shared=['request_id']) }}

select
    concerned.request_id,
    read_quantity.determinant,
    read_quantity.quantity
from concerned
inner join read_quantity
    on
        concerned.request_id = read_quantity.request_id
        and concerned.agreement_id = read_quantity.agreement_id
left join added
    on
        concerned.request_id = added.request_id
        and read_quantity.determinant = added.determinant
where added.request_id is null
union all
select
    request_id,
    determinant,
    quantity
from added
where quantity is not null
