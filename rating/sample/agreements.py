"""The agreements of the sample, its enrollments and its lights: the crowd's and the scripted."""

from collections.abc import Mapping

import duckdb

from rating.store.quoting import literal

# A prime that no crowd is a multiple of, so that the profiles lie mixed and each place is taken.
STRIDE = 15_485_863

# One row per agreement of the crowd: what it is (n, its place among the profiles) and what was
# drawn for it. Customers come, go, change their terms or lack reads, each only one of these, and
# never where another agreement is combined with theirs.
CROWD = """
create table crowd as
with place as (
    select utility, prefix, coalesce(scripted, 0) + 1 + p as number,
        (p * {stride} + {seed}) % crowd as n
    from (values {crowds}) as u (utility, crowd)
    inner join facts using (utility)
    left join (select utility, count(*) as scripted from script group by utility) using (utility),
    lateral (select unnest(range(crowd)) as p)
), drawn as (
    select place.utility, place.number, place.n, profile.* exclude (utility),
        prefix || lpad(cast(number as varchar), 7, '0') as agreement_id,
        first_n_of_host + (n - first_n) % nullif(next_n_of_host - first_n_of_host, 0) as host_n,
        die('use', place.utility, number) as use_die,
        die('life', place.utility, number) as life_die,
        die('event', place.utility, number) as event_die,
    from place
    inner join (
        select profile.*, host.first_n as first_n_of_host, host.next_n as next_n_of_host
        from profile left join profile as host on profile.host = host.name
    ) as profile
        on place.utility = profile.utility and n >= first_n and n < next_n
)
select drawn.* exclude (first_n_of_host, next_n_of_host),
    1 + pick(life_die, 0, 21) as cycle,
    low + (high - low) * pick(use_die, 0, 1024) * pick(use_die, 1, 1024) // 1048576 as base,
    load_low + pick(use_die, 2, load_high - load_low + 1) as load_factor,
    pick(use_die, 3, 100) < kw_percent as has_kw,
    case when pick(use_die, 4, 100) < pf_percent
        then 76 + pick(use_die, 5, 12) + pick(life_die, 5, 13) end as power_factor,
    case when {months} < 4 or high = 0 or combines or partner.host_n is not null then 'none'
        when pick(event_die, 0, 1024) < least(4 * {months}, 200) then 'comes'
        when pick(event_die, 0, 1024) < least(8 * {months}, 400) then 'goes'
        when pick(event_die, 0, 1024) < least(10 * {months}, 500) then 'changes'
        when pick(event_die, 0, 1024) < least(10 * {months}, 500) + 8 then 'lacks reads'
        else 'none' end as event,
    1 + pick(event_die, 1, greatest({months} - 2, 1)) as event_no,
from drawn
left join (select distinct host_n, utility from drawn where combines) as partner
    on drawn.n = partner.host_n and drawn.utility = partner.utility
"""

# One row per agreement of the crowd, with the dates of what happened.
LIVES = """
create table life as
select crowd.*,
    coalesce(
        case event when 'comes' then event_from + 3 + cast(pick(life_die, 1, 20) as integer) end,
        facts.first_month - 62 - cast(4 * pick(life_die, 1, 1024) as integer)
    ) as start_date,
    case event when 'goes' then event_from + 3 + cast(pick(life_die, 1, 20) as integer) end
        as end_date,
    case when event = 'changes' and change.name is not null
        then event_from + 11 * cast(pick(life_die, 2, 2) as integer) end as change_date,
    change.schedule as later_schedule, change.terms as later_terms,
    host.agreement_id as host_id,
    case when start_date >= replaced_from then replaced_by
        when base >= least_kwh then share.rider end as rider,
    greatest(start_date, earliest_date + cast(
        pick(life_die, 3, 1024) * spread_days // 1024 as integer)) as enrolled_date,
from crowd
left join (select utility, cycle, month_no, read_from as event_from from reading) as reading
    on crowd.utility = reading.utility and crowd.cycle = reading.cycle
    and event_no = reading.month_no
inner join facts on crowd.utility = facts.utility
left join profile_change as change on crowd.name = change.name
left join (select utility, n, agreement_id from crowd) as host
    on crowd.utility = host.utility and crowd.host_n = host.n
left join rider_share as share
    on crowd.utility = share.utility and crowd.schedule = share.schedule
    and pick(life_die, 4, 1024) >= share.first and pick(life_die, 4, 1024) < share.next
left join rider_facts on share.utility = rider_facts.utility and share.rider = rider_facts.rider
"""

# One row per agreement and stretch of terms.
TERMS = """
create table terms as
select agreement_id, start_date, coalesce(change_date, end_date) as end_date,
    'C' || coalesce(host_id, agreement_id) as account_id, utility, schedule, customer_class, terms,
    case when pick(life_die, 3, 100) < investment_percent
        then 1000 * (investment_low
            + pick(life_die, 4, investment_high - investment_low + 1)) end as investment,
    null as backup_firm_kw, if(combines, host_id, null) as partner_id,
from life
union all by name
select agreement_id, change_date as start_date, end_date, 'C' || agreement_id as account_id,
    utility, later_schedule as schedule, customer_class, later_terms as terms,
from life where change_date is not null
union all by name
select script.agreement_id, coalesce(first.read_from, scripts_begin) as start_date,
    last.read_to as end_date, 'C' || coalesce(partner.agreement_id, script.agreement_id)
        as account_id,
    script.utility, script.schedule, script.customer_class, script.terms,
    script.investment, script.backup as backup_firm_kw,
    partner.agreement_id as partner_id,
from script
inner join facts on script.utility = facts.utility
left join reading as first
    on script.utility = first.utility and script.cycle = first.cycle
    and nullif(script.first_no, 0) = first.month_no
left join reading as last
    on script.utility = last.utility and script.cycle = last.cycle
    and script.last_no = last.month_no
left join script as partner on script.partner = partner.name
"""

# One row per enrollment, none before the rider's earliest day.
ENROLLMENTS = """
create table enrollment as
with enrolled as (
    select agreement_id, utility, rider, enrolled_date as start_date,
        options[1 + pick(use_die, 0, len(options))] as option,
        fewest + pick(use_die, 1, most - fewest + 1) as quantity,
    from life inner join rider_facts using (utility, rider)
    union all by name
    select agreement_id, utility, rider,
        greatest(earliest_date, coalesce(start_day,
            cast(first_month + to_months(cast(start_no as integer)) as date))) as start_date,
        option, quantity,
    from script_rider
    inner join script using (agreement_id)
    inner join facts using (utility)
    inner join rider_facts using (utility, rider)
)
select enrolled.*,
    case when ends_on < first_month + to_months({months}) then ends_on end as end_date,
from enrolled
inner join facts using (utility)
inner join rider_facts using (utility, rider)
"""

# One row per kind of unit.
UNITS = """
create table unit as
select agreement_id, unit_code, watts as input_watts, start_date,
    cast(fewest + pick(die('unit', agreement_id, unit_code), 1, most - fewest + 1) as varchar)
        as quantity,
    cast(null as date) as end_date,
from life
inner join unit_choice using (utility, schedule)
where pick(die('unit', agreement_id, unit_code), 0, 100) < chance
union all by name
select agreement_id, unit_code, watts as input_watts,
    coalesce(first.read_from + 3, scripts_begin) as start_date, quantity,
    last.read_from + 3 as end_date,
from script_unit
inner join script using (agreement_id)
inner join facts using (utility)
left join reading as first
    on script.utility = first.utility and script.cycle = first.cycle
    and start_no = first.month_no
left join reading as last
    on script.utility = last.utility and script.cycle = last.cycle
    and end_no = last.month_no
where start_no is null or first.month_no is not null
"""


def make_agreements(
    connection: duckdb.DuckDBPyConnection, seed: int, months: int, crowds: Mapping[str, int]
) -> None:
    """Makes the tables `life`, `terms`, `enrollment` and `unit` from profiles and scripts."""
    values = ", ".join(f"({literal(utility)}, {crowd})" for utility, crowd in crowds.items())
    connection.execute(
        CROWD.format(stride=STRIDE, seed=seed % STRIDE, months=months, crowds=values)
    )
    connection.execute(LIVES)
    connection.execute("drop table crowd")
    connection.execute(TERMS)
    connection.execute(ENROLLMENTS.format(months=months))
    connection.execute(UNITS)
