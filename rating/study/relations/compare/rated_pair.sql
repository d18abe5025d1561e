-- The bills of the months compared on both schedules of a pair.
-- One row per agreement, determinant and factor that both have been rated at.

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
