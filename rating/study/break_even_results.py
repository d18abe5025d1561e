"""SQL for the break-even of an agreement's own schedule with the cheapest other one."""

# One row per agreement and determinant. The other schedule is the cheapest of those billed in all
# months, on a tie the first by name. Not every pair can be scaled.
PAIR = """
create or replace table study.pair as
with own as (
    select agreement_id, schedule, is_whole
    from study.comparison_total
    where schedule = actual_schedule
),

other as (
    select distinct on (agreement_id) *
    from study.comparison_total
    where schedule <> actual_schedule
    order by agreement_id, is_whole desc, bill_usd, schedule
),

settled as (
    select agreement_id, count(distinct actual_schedule) as schedules
    from study.comparison
    group by agreement_id
),

used as (
    select
        agreement_id,
        sum(kwh) as kwh,
        max(greatest(kw, kw_on_peak, kw_off_peak)) as kw
    from store.portfolio.meter_read
    group by agreement_id
),

metered as (
    select distinct agreement_id from store.portfolio.interval_read
),

determinant as (
    select unnest(['kwh', 'kw']) as determinant, unnest(['kWh', 'kW']) as unit
)

select
    other.agreement_id,
    other.schedule,
    other.actual_schedule,
    other.utility,
    other.customer_class,
    other.months,
    determinant.determinant,
    determinant.unit,
    candidate.candidate_id,
    own_candidate.candidate_id as own_candidate_id,
    case
        when not other.is_whole or not coalesce(own.is_whole, false)
            then 'not billed in every month on both schedules'
        when settled.schedules > 1 then 'its own schedule changes within the months'
        when metered.agreement_id is not null then 'its intervals tie kW to kWh'
        when determinant.determinant = 'kwh' and coalesce(used.kwh, 0) = 0 then 'it has no kWh'
        when determinant.determinant = 'kw' and coalesce(used.kw, 0) = 0 then 'it has no kW'
    end as reason
from other
cross join determinant
inner join study.candidate as candidate
    on other.agreement_id = candidate.agreement_id and other.schedule = candidate.schedule
inner join study.candidate as own_candidate
    on
        other.agreement_id = own_candidate.agreement_id
        and other.actual_schedule = own_candidate.schedule
inner join settled
    on other.agreement_id = settled.agreement_id
left join own
    on other.agreement_id = own.agreement_id
left join used
    on other.agreement_id = used.agreement_id
left join metered
    on other.agreement_id = metered.agreement_id
where $is_asked
"""
# The bills of the months compared at each factor that both have been rated at.
RATED_PAIR = """
create or replace table study.rated_pair as
with total as (
    select
        candidate.candidate_id,
        bill.kwh_factor,
        bill.kw_factor,
        count(*) as months,
        sum(bill.bill_usd) as bill_usd,
        sum(bill.kwh) as kwh,
        sum(bill.billing_demand_kw) as kw
    from study.comparison as compared
    inner join study.candidate as candidate
        on
            compared.agreement_id = candidate.agreement_id
            and compared.schedule = candidate.schedule
    inner join study.candidate_bill as bill
        on
            candidate.candidate_id = bill.candidate_id
            and compared.billing_month = bill.billing_month
    group by candidate.candidate_id, bill.kwh_factor, bill.kw_factor
),

paired as (
    select
        pair.agreement_id,
        pair.determinant,
        pair.months,
        case when pair.determinant = 'kwh' then one.kwh_factor else one.kw_factor end as factor,
        case when pair.determinant = 'kwh' then one.kw_factor else one.kwh_factor end as unmoved,
        one.kwh,
        coalesce(one.kw, own.kw) as kw,
        one.bill_usd,
        own.bill_usd as own_usd,
        one.bill_usd - own.bill_usd as difference_usd
    from study.pair as pair
    inner join total as one
        on pair.candidate_id = one.candidate_id and pair.months = one.months
    inner join total as own
        on
            pair.own_candidate_id = own.candidate_id
            and pair.months = own.months
            and one.kwh_factor = own.kwh_factor
            and one.kw_factor = own.kw_factor
    where pair.reason is null
)

select * exclude (unmoved) from paired
where unmoved = 1
"""
# Where the cheaper one changes: between the last factor rated at which one is cheaper and the next
# at which it no longer is. Of several the one next to today's use, on a tie the higher.
BRACKET = """
create or replace table study.bracket as
with followed as (
    select
        *,
        lead(factor) over (
            partition by agreement_id, determinant order by factor
            rows between current row and 1 following
        ) as next_factor
    from study.rated_pair
),

turned as (
    select
        agreement_id,
        determinant,
        difference_usd,
        lag(factor) over by_factor as lower_factor,
        lag(next_factor) over by_factor as upper_factor,
        lag(difference_usd) over by_factor as lower_usd
    from followed
    where difference_usd <> 0
    window by_factor as (
        partition by agreement_id, determinant order by factor
        rows between 1 preceding and current row
    )
)

select distinct on (agreement_id, determinant)
    agreement_id,
    determinant,
    lower_factor,
    upper_factor,
    lower_usd
from turned
where sign(difference_usd) <> sign(lower_usd)
order by
    agreement_id,
    determinant,
    least(abs(lower_factor - 1), abs(upper_factor - 1)),
    upper_factor desc
"""
BREAK_EVEN = """
create or replace table study.break_even as
with nearest as (
    select
        rated.*,
        bracket.lower_usd
    from study.rated_pair as rated
    inner join study.bracket as bracket
        on
            rated.agreement_id = bracket.agreement_id
            and rated.determinant = bracket.determinant
            and rated.factor = bracket.upper_factor
),

extreme as (
    select
        agreement_id,
        determinant,
        cast(min(factor) as decimal(9, 2)) as least_factor,
        cast(max(factor) as decimal(9, 2)) as greatest_factor,
        min(difference_usd) as least_usd,
        max(difference_usd) as greatest_usd
    from study.rated_pair
    group by agreement_id, determinant
)

select
    pair.agreement_id,
    pair.determinant,
    pair.utility,
    pair.customer_class,
    pair.actual_schedule,
    pair.schedule,
    pair.months,
    cast(nearest.factor as decimal(9, 3)) as factor,
    study.quotient(nearest.kwh, nearest.months) as kwh_a_month,
    study.quotient(nearest.kw, nearest.months) as billing_kw_a_month,
    study.quotient(nearest.kwh, nearest.kw) as hours_use,
    nearest.own_usd as actual_schedule_usd,
    nearest.bill_usd,
    nearest.difference_usd,
    case
        when nearest.lower_usd < 0 then pair.schedule
        when nearest.lower_usd > 0 then pair.actual_schedule
    end as cheaper_below,
    case
        when pair.reason is not null then pair.reason
        when nearest.factor is not null then null
        when extreme.greatest_factor is null then 'not billed at another use'
        else case
            when extreme.least_usd = 0 and extreme.greatest_usd = 0 then 'both bills are the same'
            when extreme.greatest_usd <= 0 then pair.schedule || ' is never dearer'
            else pair.actual_schedule || ' is never dearer'
        end || ' from ' || extreme.least_factor || ' to ' || extreme.greatest_factor
        || ' times its ' || pair.unit
    end as reason
from study.pair as pair
left join nearest
    on pair.agreement_id = nearest.agreement_id and pair.determinant = nearest.determinant
left join extreme
    on pair.agreement_id = extreme.agreement_id and pair.determinant = extreme.determinant
"""
