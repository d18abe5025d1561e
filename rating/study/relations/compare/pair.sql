-- An agreement's own schedule and the cheapest of the others billed in all months, on a tie the first
-- by name. Not every pair can be scaled: the reason says why.
-- One row per agreement and determinant, kWh or kW.

with own as (
    select
        agreement_id,
        schedule,
        is_whole
    from study.comparison_total
    where schedule = actual_schedule
),

other as (
    select distinct on (agreement_id) *
    from study.comparison_total
    where schedule <> actual_schedule
    order by agreement_id asc, is_whole desc, bill_usd asc, schedule asc
),

settled as (
    select
        agreement_id,
        count(distinct actual_schedule) as schedules
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
    select
        unnest(['kwh', 'kw']) as determinant,
        unnest(['kWh', 'kW']) as unit
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
