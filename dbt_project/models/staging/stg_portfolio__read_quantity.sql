-- Everything a meter read says, as rows, and where it is blank what its intervals come to. Blank
-- received energy that no interval measures either is zero (G10); what else is unknown has no row.
-- One row per agreement, billing month and determinant.

with meter_read as (

    select * from {{ ref('stg_portfolio__meter_read') }}

),

further as (

    select further.*
    from {{ source('portfolio', 'meter_read_quantity') }} as further
    {%- if since_load() | int >= 0 %}
    inner join meter_read
        on
            further.agreement_id = meter_read.agreement_id
            and further.billing_month = meter_read.billing_month
    {%- endif %}

),

from_intervals as (

    select * from {{ ref('interval_determinant') }}

),

unpivoted as (

    {% for determinant in read_determinants() -%}
    select
        agreement_id,
        billing_month,
        '{{ determinant }}' as determinant,
        {{ determinant }} as quantity
    from meter_read
    where {{ determinant }} is not null
    union all
    {% endfor -%}
    select
        agreement_id,
        billing_month,
        'days' as determinant,
        cast(read_to - read_from as decimal(18, 6)) as quantity
    from meter_read

),

blank as (

    {% for determinant in ['kwh_received', 'kwh_interruption'] -%}
    select
        agreement_id,
        billing_month,
        '{{ determinant }}' as determinant
    from meter_read
    where {{ determinant }} is null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select
    agreement_id,
    billing_month,
    determinant,
    quantity
from unpivoted
union all
select
    agreement_id,
    billing_month,
    determinant,
    quantity
from further
union all
select
    agreement_id,
    billing_month,
    determinant,
    interval_quantity as quantity
from from_intervals
where source = 'intervals'
union all
select
    blank.agreement_id,
    blank.billing_month,
    blank.determinant,
    cast(0 as decimal(18, 6)) as quantity
from blank
left join from_intervals
    on
        blank.agreement_id = from_intervals.agreement_id
        and blank.billing_month = from_intervals.billing_month
        and blank.determinant = from_intervals.determinant
where from_intervals.agreement_id is null
