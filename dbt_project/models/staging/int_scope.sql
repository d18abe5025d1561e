{{ config(materialized='table') }}
-- The agreements that loads after the one named by `since_load` have touched, and the first month
-- whose bill that can move: agreements that are combined move together, and a rate input moves its
-- whole utility. The months before it are read as far back as a ratchet or a bank reaches.
-- One row per agreement to be rated anew; none where everything is rated.

with changed as (

    select * from {{ source('portfolio', 'change') }}
    where
        load_id > {{ env_var('RATEBOOK_SINCE_LOAD', '-1') }}
        and {{ env_var('RATEBOOK_SINCE_LOAD', '-1') }} >= 0

),

agreement as (

    select distinct
        agreement_id,
        utility,
        combined_with_agreement_id
    from {{ source('portfolio', 'service_agreement') }}

),

reach as (

    select
        greatest(
            12,
            (
                select coalesce(max(window_months + skip_months), 0)
                from {{ source('tariff', 'demand_term') }}
            ),
            -- A ratchet on billed demand rests on all months before it: a hundred years reach them.
            (
                select case when count(*) > 0 then 1200 else 0 end
                from {{ source('tariff', 'demand_term') }}
                where kind = 'ratchet' and operand like '%^_demand^_kw' escape '^'
            ),
            (
                select coalesce(max(known_within_months), 0)
                from {{ source('tariff', 'demand_rule') }}
            )
        ) as months

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

partnered as (

    select
        agreement_id,
        first_month
    from named
    union all
    select
        link.partner_id as agreement_id,
        named.first_month
    from named
    inner join link
        on named.agreement_id = link.agreement_id

),

reached as (

    select
        agreement_id,
        first_month
    from partnered
    union all
    select
        link.partner_id as agreement_id,
        partnered.first_month
    from partnered
    inner join link
        on partnered.agreement_id = link.agreement_id

)

select
    reached.agreement_id,
    min(reached.first_month) as first_month,
    min({{ month_index('reached.first_month') }} - reach.months) as context_month_index
from reached
cross join reach
group by reached.agreement_id
