-- The clocks by which the interval reads of a run are told apart. A plan is a time zone, alone
-- (version 0) or with a version that has periods of use, on the days of the reads that it rates.
-- One row per utility and version.

with period as (

    select distinct version_id from {{ source('tariff', 'time_of_use_period') }}

)

select
    utility.utility,
    utility.time_zone,
    coalesce(period.version_id, 0) as version_id,
    min(assigned.read_from) as first_date,
    max(assigned.read_to) as end_date
from {{ ref('int_read__assigned') }} as assigned
inner join {{ source('tariff', 'utility') }} as utility
    on assigned.utility = utility.utility
left join period
    on assigned.version_id = period.version_id
where assigned.agreement_id in (
    select interval_read.agreement_id
    from {{ source('portfolio', 'interval_read') }} as interval_read
    where {{ is_in_scope('interval_read.agreement_id') }}
)
group by utility.utility, utility.time_zone, coalesce(period.version_id, 0)
