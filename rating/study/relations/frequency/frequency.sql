-- Bills and kWh by use blocks. A bill of exactly a block's upper edge belongs to the block below it, as
-- kWh are priced; the consolidated kWh are those that all bills together use up to that edge.
-- One row per utility, schedule, season and block with bills.

with used as (
    select
        utility,
        schedule,
        coalesce(season, '') as season,
        kwh,
        greatest(0, cast(ceil(kwh / $width) as bigint) - 1) as block
    from study.bill
    where kwh is not null
),

counted as (
    select
        utility,
        schedule,
        season,
        block,
        count(*) as bills,
        sum(kwh) as kwh
    from used
    group by utility, schedule, season, block
),

accumulated as (
    select
        *,
        sum(bills) over (
            partition by utility, schedule, season order by block
            rows between unbounded preceding and current row
        ) as cumulative_bills,
        sum(kwh) over (
            partition by utility, schedule, season order by block
            rows between unbounded preceding and current row
        ) as cumulative_kwh,
        sum(bills) over (partition by utility, schedule, season) as all_bills,
        sum(kwh) over (partition by utility, schedule, season) as all_kwh
    from counted
),

consolidated as (
    select
        *,
        cumulative_kwh + (all_bills - cumulative_bills) * (block + 1) * $width as consolidated_kwh
    from accumulated
)

select
    utility,
    schedule,
    season,
    block * $width as over_kwh,
    (block + 1) * $width as to_kwh,
    cast(bills as integer) as bills,
    kwh,
    cast(cumulative_bills as integer) as cumulative_bills,
    cumulative_kwh,
    consolidated_kwh,
    study.quotient(cumulative_bills * 100, all_bills) as cumulative_bills_percent,
    study.quotient(cumulative_kwh * 100, all_kwh) as cumulative_kwh_percent,
    study.quotient(consolidated_kwh, all_kwh) as consolidated_factor
from consolidated
