-- What the reads, or their intervals, say of the quantities that some schedule's eligibility looks
-- at, as rows.
-- One row per agreement, billing month and determinant; an unknown quantity has no row.

with meter_read as (

    select * from {{ source('portfolio', 'meter_read') }}

),

looked_at as (

    select distinct named.value as determinant
    from {{ source('tariff', 'eligibility_value') }} as named
    inner join {{ source('tariff', 'eligibility_condition') }} as condition
        on
            named.eligibility_rule_id = condition.eligibility_rule_id
            and named.ordinal = condition.ordinal
    where condition.kind = 'demand'

)

{% for determinant in read_determinants() -%}
select
    agreement_id,
    billing_month,
    '{{ determinant }}' as determinant,
    {{ determinant }} as quantity
from meter_read
where
    {{ determinant }} is not null
    and '{{ determinant }}' in (select looked_at.determinant from looked_at)
union all
{% endfor -%}
select
    further.agreement_id,
    further.billing_month,
    further.determinant,
    further.quantity
from {{ source('portfolio', 'meter_read_quantity') }} as further
inner join looked_at
    on further.determinant = looked_at.determinant
union all
select
    interval_determinant.agreement_id,
    interval_determinant.billing_month,
    interval_determinant.determinant,
    interval_determinant.interval_quantity as quantity
from {{ ref('interval_determinant') }} as interval_determinant
inner join looked_at
    on interval_determinant.determinant = looked_at.determinant
where interval_determinant.source = 'intervals'
