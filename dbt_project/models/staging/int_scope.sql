{{ config(materialized='table') }}
-- The agreements that loads after the one named by `since_load` have touched, and the first month
-- whose bill that can move: agreements that are or were combined move together, however many lie
-- between them, and a rate input moves its whole utility. The months before it are read as far back
-- as a ratchet or a bank of one of their tariffs reaches, to January of year 1 (13) at most.
-- One row per agreement to be rated anew; none where everything is rated.

with recursive changed as (

    select * from {{ source('portfolio', 'change') }}
    where
        load_id > {{ since_load() }}
        and {{ since_load() }} >= 0

),

agreement as (

    select distinct
        agreement_id,
        utility,
        schedule,
        combined_with_agreement_id
    from {{ source('portfolio', 'service_agreement') }}

),

enrollment as (

    select * from {{ source('portfolio', 'rider_enrollment') }}

),

schedule_reach as (

    select * from {{ ref('int_schedule__reached') }}

),

named as (

    select
        subject as agreement_id,
        first_month
    from changed
    where kind = 'agreement'
    union all
    select
        agreement.agreement_id,
        changed.first_month
    from changed
    inner join agreement
        on changed.subject = agreement.utility
    where changed.kind = 'utility'

),

link as (

    select
        agreement_id,
        combined_with_agreement_id as partner_id
    from agreement
    where combined_with_agreement_id is not null
    union
    select
        combined_with_agreement_id as agreement_id,
        agreement_id as partner_id
    from agreement
    where combined_with_agreement_id is not null

),

reached as (

    select
        agreement_id,
        first_month
    from named
    union
    select
        link.partner_id as agreement_id,
        reached.first_month
    from reached
    inner join link
        on reached.agreement_id = link.agreement_id

),

looking_back as (

    select
        agreement.agreement_id,
        schedule_reach.months
    from agreement
    inner join schedule_reach
        on
            agreement.utility = schedule_reach.utility
            and agreement.schedule = schedule_reach.schedule
    union all
    select
        enrollment.agreement_id,
        schedule_reach.months
    from enrollment
    inner join agreement
        on enrollment.agreement_id = agreement.agreement_id
    inner join schedule_reach
        on
            agreement.utility = schedule_reach.utility
            and enrollment.rider = schedule_reach.schedule

),

context as (

    select
        agreement_id,
        months
    from looking_back
    where agreement_id in (select reached.agreement_id from reached)
    union
    select
        link.partner_id as agreement_id,
        context.months
    from context
    inner join link
        on context.agreement_id = link.agreement_id

)

select
    reached.agreement_id,
    min(reached.first_month) as first_month,
    {{ month_start(
        'greatest(' ~ month_index('min(reached.first_month)')
        ~ ' - coalesce(max(context.months), 0), 13)'
    ) }} as context_month
from reached
left join context
    on reached.agreement_id = context.agreement_id
group by reached.agreement_id
