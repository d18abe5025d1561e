-- Reads with the day that dates them: the last day of service (G3, G4), whether they are to be
-- rated or only looked back at, and what they say. Where a run is told to rate what changed, only
-- reads that this can touch are taken.
-- One row per agreement and billing month.

{% set scope = ref('int_scope') -%}
with meter_read as (

    select
        *,
        {{ month_index('billing_month') }} as month_index,
        {{ from_month() }} as from_month
    from {{ source('portfolio', 'meter_read') }}

),

scoped as (

    select
        meter_read.*,
        {% if since_load() | int >= 0 -%}
        greatest(meter_read.from_month, scope.first_month) as asked_from
    from meter_read
    inner join {{ scope }} as scope
        on
            meter_read.agreement_id = scope.agreement_id
            and meter_read.billing_month >= scope.context_month
        {%- else -%}
        meter_read.from_month as asked_from
    from meter_read
        {%- endif %}

)

select
    agreement_id,
    billing_month,
    month_index,
    cast(extract(month from billing_month) as integer) as month_of_year,
    read_from,
    read_to,
    cast(read_to - interval '1' day as date) as last_service_date,
    asked_from,
    billing_month >= asked_from
    and billing_month <= {{ to_month() }} as is_asked_for,
    kwh,
    kwh_received,
    kwh_on_peak,
    kwh_off_peak,
    kw,
    kw_on_peak,
    kw_off_peak,
    power_factor,
    kwh_interruption
from scoped
