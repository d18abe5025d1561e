-- The reconciliation of the run: a check passes where every row of its scope agrees, to the
-- cent and to the sixth decimal.
-- One row per check and scope (utility and schedule).

with compared as (

    select * from {{ ref('reconciliation_compared') }}

)

select
    cast({{ var('run_id') }} as integer) as run_id,
    check_name,
    scope,
    cast(sum(expected) as decimal(18, 6)) as expected,
    cast(sum(actual) as decimal(18, 6)) as actual,
    cast(sum(abs(actual - expected)) as decimal(18, 6)) as difference,
    case when sum(case when actual = expected then 0 else 1 end) = 0 then 'pass' else 'fail' end
        as status
from compared
group by check_name, scope
