-- The determinants that interval reads come to, beside what the meter read says: where it says
-- something that is billed; where it does not, the intervals are, if the month is complete.
-- Periods of the sheet without an hour in the month come to zero.
-- One row per agreement, billing month, version whose times of use are asked for and determinant.

with summed as (

    select * from {{ ref('int_interval__read_summed') }}

),

covered as (

    select * from {{ ref('interval_coverage') }}

),

totalled as (

    select
        agreement_id,
        billing_month,
        version_id,
        is_own,
        '' as suffix,
        sum(kwh) as kwh,
        sum(kwh_received) as kwh_received,
        max(kw) as kw
    from summed
    group by agreement_id, billing_month, version_id, is_own

),

period as (

    select distinct
        version_id,
        period
    from {{ source('tariff', 'time_of_use_period') }}

),

by_period as (

    select
        totalled.agreement_id,
        totalled.billing_month,
        totalled.version_id,
        totalled.is_own,
        '_' || period.period as suffix,
        coalesce(summed.kwh, 0) as kwh,
        case when totalled.kwh_received is not null then coalesce(summed.kwh_received, 0) end
            as kwh_received,
        coalesce(summed.kw, 0) as kw
    from totalled
    inner join period
        on totalled.version_id = period.version_id
    left join summed
        on
            totalled.agreement_id = summed.agreement_id
            and totalled.billing_month = summed.billing_month
            and totalled.version_id = summed.version_id
            and period.period = summed.period
    union all
    select
        agreement_id,
        billing_month,
        version_id,
        is_own,
        suffix,
        kwh,
        kwh_received,
        kw
    from totalled

),

listed as (

    {% for quantity in ['kwh', 'kwh_received', 'kw'] -%}
    select
        agreement_id,
        billing_month,
        version_id,
        is_own,
        '{{ quantity }}' || suffix as determinant,
        cast({{ quantity }} as decimal(18, 6)) as interval_quantity
    from by_period
    where {{ quantity }} is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

compared as (

    select
        listed.agreement_id,
        listed.billing_month,
        listed.version_id,
        listed.is_own,
        listed.determinant,
        listed.interval_quantity,
        covered.is_complete,
        covered.is_asked_for,
        coalesce(
            further.quantity,
            case listed.determinant
                {% for determinant in read_determinants() -%}
                when '{{ determinant }}' then meter_read.{{ determinant }}
                {% endfor -%}
            end
        ) as read_quantity
    from listed
    inner join covered
        on
            listed.agreement_id = covered.agreement_id
            and listed.billing_month = covered.billing_month
    inner join {{ source('portfolio', 'meter_read') }} as meter_read
        on
            listed.agreement_id = meter_read.agreement_id
            and listed.billing_month = meter_read.billing_month
    left join {{ source('portfolio', 'meter_read_quantity') }} as further
        on
            listed.agreement_id = further.agreement_id
            and listed.billing_month = further.billing_month
            and listed.determinant = further.determinant

)

select
    agreement_id,
    billing_month,
    version_id,
    is_own,
    determinant,
    interval_quantity,
    read_quantity,
    cast(read_quantity - interval_quantity as decimal(18, 6)) as difference,
    case
        when read_quantity is not null then 'read'
        when is_complete then 'intervals'
        else 'none'
    end as source,
    is_asked_for
from compared
