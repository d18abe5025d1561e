{{ config(materialized='ephemeral') }}
-- The windows of use that are open on a kind of day, and all of them as a text: days with the same
-- windows are alike to a version.
-- One row per version, calendar month, kind of day and window.

with opened as (

    select
        open_month.version_id,
        open_month.month as month_of_year,
        open_day.day_kind,
        open_day.ordinal
    from {{ source('tariff', 'time_of_use_month') }} as open_month
    inner join {{ source('tariff', 'time_of_use_day') }} as open_day
        on
            open_month.version_id = open_day.version_id
            and open_month.ordinal = open_day.ordinal
    where open_month.version_id in (select plan.version_id from {{ ref('int_interval__plan') }} as plan)

),

listed as (

    select
        version_id,
        month_of_year,
        day_kind,
        {{ joined('cast(ordinal as text)', 'ordinal') }} as windows
    from opened
    group by version_id, month_of_year, day_kind

)

select
    opened.version_id,
    opened.month_of_year,
    opened.day_kind,
    opened.ordinal,
    listed.windows
from opened
inner join listed
    on
        opened.version_id = listed.version_id
        and opened.month_of_year = listed.month_of_year
        and opened.day_kind = listed.day_kind
