-- How the changes of the bills are distributed.
-- One row per utility, class, size, load factor, direction and size of the change.

select
    utility,
    customer_class,
    size_from_kwh,
    load_factor_from_percent,
    direction,
    change_from_percent,
    cast(count(*) as integer) as agreements,
    sum(present_usd) as present_usd,
    sum(proposed_usd) as proposed_usd,
    sum(change_usd) as change_usd
from study.sized
group by
    utility, customer_class, size_from_kwh, load_factor_from_percent, direction,
    change_from_percent
