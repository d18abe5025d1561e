-- Everything a meter read says, as rows; an unknown quantity has no row.
-- One row per agreement, billing month and determinant.

with meter_read as (

    select * from {{ source('portfolio', 'meter_read') }}

),

further as (

    select * from {{ source('portfolio', 'meter_read_quantity') }}

),

unpivoted as (

    {% for determinant in [
        'kwh', 'kwh_received', 'kwh_on_peak', 'kwh_off_peak', 'kw', 'kw_on_peak', 'kw_off_peak',
        'power_factor', 'kwh_interruption'
    ] -%}
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
