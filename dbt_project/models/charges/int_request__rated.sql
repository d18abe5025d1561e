-- The requests that become bills.
-- One row per request.

select request.*
from {{ ref('int_request__production') }} as request
left join {{ ref('int_request__unrated') }} as unrated
    on request.request_id = unrated.request_id
where unrated.request_id is null
