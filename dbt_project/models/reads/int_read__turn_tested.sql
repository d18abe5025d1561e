-- Periods in which service begins or ends, by the first and the last terms of the agreement, for
-- utilities of which some clause asks that.
-- One row per agreement and billing month with which service begins or ends.

with assigned as (

    select * from {{ ref('int_read__assigned') }} where reason is null

),

terms as (

    select * from {{ source('portfolio', 'service_agreement') }}

),

asked as (

    select distinct
        schedule.utility,
        condition.kind
    from {{ source('tariff', 'condition') }} as condition
    inner join {{ source('tariff', 'condition_set') }} as condition_set
        on condition.condition_set_id = condition_set.condition_set_id
    inner join {{ source('tariff', 'version') }} as version
        on condition_set.version_id = version.version_id
    inner join {{ source('tariff', 'schedule') }} as schedule
        on version.schedule_id = schedule.schedule_id
    where condition.kind in ('opening', 'closing')

),

served as (

    select
        agreement_id,
        min(start_date) as first_date,
        case when count(end_date) = count(*) then max(end_date) end as end_date
    from terms
    group by agreement_id

),

turned as (

    select
        assigned.agreement_id,
        assigned.billing_month,
        asked.kind
    from assigned
    inner join asked
        on assigned.utility = asked.utility
    inner join served
        on assigned.agreement_id = served.agreement_id
    where
        case asked.kind
            when 'opening' then served.first_date >= assigned.read_from
            else served.end_date <= assigned.read_to
        end

)

select
    agreement_id,
    billing_month,
    ',' || {{ joined('kind', 'kind') }} || ',' as turn_key
from turned
group by agreement_id, billing_month
