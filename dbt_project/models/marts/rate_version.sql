{{ config(tags=['standing']) }}
-- The versions of the schedules. One that no text confirms from some date on is unconfirmed.
-- One row per utility, schedule and date it took effect.

select
    schedule.utility,
    schedule.schedule,
    version.effective_from,
    version.effective_to,
    case
        when version.status = 'complete' and version.unconfirmed_from is not null
            then 'unconfirmed'
        else version.status
    end as status,
    version.unconfirmed_from,
    sheet.document as source_document,
    sheet.page as sheet
from {{ source('tariff', 'version') }} as version
inner join {{ source('tariff', 'schedule') }} as schedule
    on version.schedule_id = schedule.schedule_id
inner join {{ source('tariff', 'sheet') }} as sheet
    on version.sheet_id = sheet.sheet_id
