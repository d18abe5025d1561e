-- The requests that are priced: those that become bills, and their references.
-- One row per request.

select request.*
from {{ ref('int_request__production') }} as request
left join {{ ref('int_request__unrated') }} as unrated
    on request.request_id = unrated.request_id
where unrated.request_id is null and request.kind != 'context'
