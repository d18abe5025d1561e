-- The years for which an agreement is judged, each with the last terms that hold in it: every
-- calendar year with reads, and the year after, for which the last reads decide (I9). Of the year
-- before, the calendar months count that the agreement held from their first day to their last.
-- One row per agreement and calendar year.

with agreement as (

    select * from {{ source('portfolio', 'service_agreement') }}

),

further as (

    select
        agreement_id,
        start_date,
        {{ joined("attribute || chr(31) || value", 'attribute', 'chr(30)') }} as further_attributes
    from {{ source('portfolio', 'service_agreement_attribute') }}
    group by agreement_id, start_date

),

life as (

    select
        agreement_id,
        {{ month_index('min(start_date)') }}
        + case when extract(day from min(start_date)) > 1 then 1 else 0 end as first_month_index,
        case
            when count(end_date) = count(*) then {{ month_index('max(end_date)') }} - 1
        end as last_month_index
    from agreement
    group by agreement_id

),

read_year as (

    select
        agreement_id,
        cast(extract(year from min(billing_month)) as integer) as first_year,
        cast(extract(year from max(billing_month)) as integer) + 1 as last_year
    from {{ source('portfolio', 'meter_read') }}
    group by agreement_id

),

month as (

    select distinct billing_month from {{ source('portfolio', 'meter_read') }}

),

calendar as (

    select cast(extract(year from billing_month) as integer) as calendar_year
    from month
    union
    select cast(extract(year from billing_month) as integer) + 1 as calendar_year
    from month

),

held as (

    select
        agreement.*,
        calendar.calendar_year,
        row_number() over (
            partition by agreement.agreement_id, calendar.calendar_year
            order by agreement.start_date desc
        ) as latest
    from agreement
    inner join read_year
        on agreement.agreement_id = read_year.agreement_id
    inner join calendar
        on
            calendar.calendar_year between read_year.first_year and read_year.last_year
            and calendar.calendar_year >= extract(year from agreement.start_date)
            and (
                agreement.end_date is null
                or calendar.calendar_year <= extract(year from agreement.end_date - interval '1' day)
            )

)

select
    held.agreement_id,
    held.calendar_year,
    held.start_date,
    held.utility,
    held.schedule,
    held.customer_class,
    held.voltage,
    held.phase,
    held.space_heating,
    held.water_heating,
    held.all_electric,
    held.secondary_metered,
    held.customer_owned_transformation,
    partner.schedule as partner_schedule,
    further.further_attributes,
    greatest(
        0,
        least(coalesce(life.last_month_index, held.calendar_year * 12), held.calendar_year * 12)
        - greatest(life.first_month_index, held.calendar_year * 12 - 11) + 1
    ) as months_held_before
from held
inner join life
    on held.agreement_id = life.agreement_id
left join held as partner
    on
        held.combined_with_agreement_id = partner.agreement_id
        and held.calendar_year = partner.calendar_year
        and partner.latest = 1
left join further
    on
        held.agreement_id = further.agreement_id
        and held.start_date = further.start_date
where held.latest = 1
