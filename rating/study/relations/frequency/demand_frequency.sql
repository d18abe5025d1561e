-- Every schedule that bills a demand, by kW and hours use of it; an edge belongs to the band below, a
-- demand of 0 to the first band. No hours use is known where kW are 0 or kWh unknown.
-- One row per utility, schedule, season, band of kW and band of hours use with bills.

with banded as (
    select
        *,
        list_filter(cast($kw_edges as integer[]) || [0], lambda x: x < billing_demand_kw)
            as edges_below,
        list_filter(cast($kw_edges as integer[]), lambda x: x >= billing_demand_kw)
            as edges_above,
        cast(abs(cast(billing_demand_kw as decimal(30, 6))) * 1000000 as hugeint)
        * $hours_use_width as block_millionths,
        cast(abs(cast(kwh as decimal(30, 6))) * 1000000 as hugeint) as kwh_millionths
    from study.bill
    where billing_demand_kw is not null
),

blocked as (
    select
        *,
        case
            when kwh is not null and block_millionths > 0
                then greatest(
                    0, (kwh_millionths + block_millionths - 1) // block_millionths - 1
                )
        end as block
    from banded
)

select
    utility,
    schedule,
    coalesce(season, '') as season,
    coalesce(list_max(edges_below), 0) as over_kw,
    list_min(edges_above) as to_kw,
    cast(block * $hours_use_width as integer) as over_hours_use,
    cast((block + 1) * $hours_use_width as integer) as to_hours_use,
    cast(count(*) as integer) as bills,
    sum(billing_demand_kw) as billing_kw,
    sum(kwh) as kwh,
    sum(net_amount) as revenue_usd
from blocked
group by all
