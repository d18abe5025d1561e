"""The agreements of the sample, its enrolments and its lights: the crowd's and the scripted."""

from collections.abc import Mapping

import duckdb

from rating.portfolio_relations import literal
from rating.sample_profiles import PREFIX

# A prime that no crowd is a multiple of, so that the profiles lie mixed and each place is taken.
STRIDE = 15_485_863

# One row per agreement of the crowd: what it is (n, its place among the profiles) and what was
# drawn for it. Customers come, go, change their terms or lack reads, each only one of these, and
# never where another agreement is combined with theirs.
CROWD = """
create table crowd as
with place as (
    select utility, prefix, first_number + p as number, (p * {stride} + {seed}) % crowd as n
    from (values {crowds}) as u (utility, prefix, first_number, crowd), lateral (
        select unnest(range(crowd)) as p
    )
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
        first_month - 62 - cast(4 * pick(life_die, 1, 1024) as integer)
    ) as start_date,
    case event when 'goes' then event_from + 3 + cast(pick(life_die, 1, 20) as integer) end
        as end_date,
    case when event = 'changes' and change.name is not null
        then event_from + 11 * cast(pick(life_die, 2, 2) as integer) end as change_date,
    change.schedule as later_schedule, change.terms as later_terms,
    host.agreement_id as host_id,
    case when share.rider = 'ERDG' and start_date >= date '2019-09-01' then 'DG'
        when share.rider <> 'EDR-5' or base >= 100000 then share.rider end as rider,
    greatest(start_date, earliest_date + cast(
        pick(life_die, 3, 1024) * spread_days // 1024 as integer)) as enrolled_date,
from crowd
left join (select utility, cycle, month_no, read_from as event_from from reading) as reading
    on crowd.utility = reading.utility and crowd.cycle = reading.cycle
    and event_no = reading.month_no
inner join (select distinct utility, first_month from month) as first
    on crowd.utility = first.utility
left join profile_change as change on crowd.name = change.name
left join (select utility, n, agreement_id from crowd) as host
    on crowd.utility = host.utility and crowd.host_n = host.n
left join rider_share as share
    on crowd.schedule = share.schedule and pick(life_die, 4, 1024) >= share.first
    and pick(life_die, 4, 1024) < share.next
"""

# One row per agreement and stretch of terms.
TERMS = """
create table terms as
select agreement_id, start_date, coalesce(change_date, end_date) as end_date,
    'C' || coalesce(host_id, agreement_id) as account_id, utility, schedule, customer_class, terms,
    case when schedule in ('LP-2', 'SCIS-1') and pick(life_die, 3, 100) < 25
        then 1000 * (10 + pick(life_die, 4, 200)) end as investment,
    null as backup_firm_kw, if(combines, host_id, null) as partner_id,
from life
union all by name
select agreement_id, change_date as start_date, end_date, 'C' || agreement_id as account_id,
    utility, later_schedule as schedule, customer_class, later_terms as terms,
from life where change_date is not null
union all by name
select script.agreement_id, coalesce(first.read_from, date '2010-03-01') as start_date,
    last.read_to as end_date, 'C' || coalesce(partner.agreement_id, script.agreement_id)
        as account_id,
    script.utility, script.schedule, script.customer_class, script.terms,
    script.investment, script.backup as backup_firm_kw,
    partner.agreement_id as partner_id,
from script
left join reading as first
    on script.utility = first.utility and script.cycle = first.cycle
    and nullif(script.first_no, 0) = first.month_no
left join reading as last
    on script.utility = last.utility and script.cycle = last.cycle
    and script.last_no = last.month_no
left join script as partner on script.partner = partner.name
"""

# One row per enrolment, none before the rider's earliest day; ERDG ends with the billing of
# September 2029. The words of a script are rider, start, option and quantity.
ENROLLMENTS = """
create table enrollment as
with enrolled as (
    select agreement_id, rider, enrolled_date as start_date,
        case rider when 'EDR-5' then if(pick(use_die, 0, 2) = 0, 'A', 'B') end as option,
        case when rider in ('CSP-1', 'E-AE') then 1 + pick(use_die, 1, 5) end as quantity,
    from life where rider is not null
    union all by name
    select agreement_id, rider,
        greatest(earliest_date, case when words[2][1] = '+'
            then cast(first_month + to_months(cast(words[2] as integer)) as date)
            else cast(words[2] as date) end) as start_date,
        nullif(words[3], '-') as option, cast(words[4] as bigint) as quantity,
    from (select name, string_split(words, ' ') as words from script_rider)
    inner join script using (name)
    inner join (select distinct utility, first_month from month) using (utility)
    inner join (select distinct rider, earliest_date from rider_share) on rider = words[1]
)
select *, case when rider = 'ERDG' and {months} > 56 then date '2029-09-01' end as end_date,
from enrolled
"""

# One row per kind of unit. The words of a script are code, quantity, watts, month it starts and
# month it ends.
UNITS = """
create table unit as
select agreement_id, unit_code, cast(nullif(watts, 0) as varchar) as input_watts, start_date,
    cast(fewest + pick(die('unit', agreement_id, unit_code), 1, most - fewest + 1) as varchar)
        as quantity,
    cast(null as date) as end_date,
from life
inner join unit_choice using (schedule)
where pick(die('unit', agreement_id, unit_code), 0, 100) < chance
union all by name
select agreement_id, words[1] as unit_code, nullif(words[3], '-') as input_watts,
    coalesce(first.read_from + 3, date '2010-03-01') as start_date, words[2] as quantity,
    last.read_from + 3 as end_date,
from (select name, string_split(words, ' ') as words from script_unit)
inner join script using (name)
left join reading as first
    on script.utility = first.utility and script.cycle = first.cycle
    and try_cast(words[4] as bigint) = first.month_no
left join reading as last
    on script.utility = last.utility and script.cycle = last.cycle
    and try_cast(words[5] as bigint) = last.month_no
where try_cast(words[4] as bigint) is null or first.month_no is not null
"""


def make_agreements(
    connection: duckdb.DuckDBPyConnection, seed: int, months: int, crowds: Mapping[str, int]
) -> None:
    """Makes the tables `life`, `terms`, `enrollment` and `unit` from profiles and scripts."""
    scripted = dict(
        connection.execute("select utility, count(*) from script group by utility").fetchall()
    )
    values = ", ".join(
        f"({literal(utility)}, {literal(PREFIX[utility])}, {scripted[utility] + 1}, {crowd})"
        for utility, crowd in crowds.items()
    )
    connection.execute(
        CROWD.format(stride=STRIDE, seed=seed % STRIDE, months=months, crowds=values)
    )
    connection.execute(LIVES)
    connection.execute("drop table crowd")
    connection.execute(TERMS)
    connection.execute(ENROLLMENTS.format(months=months))
    connection.execute(UNITS)
