-- Points without a bill, and why. A month too short for the point's hours use has no bill of it. The
-- detail is of the last month.
-- One row per schedule, point and reason.

with listed as (
    select
        subject.utility,
        subject.schedule,
        subject.kw,
        subject.kwh,
        unbilled.billing_month,
        unbilled.reason,
        unbilled.detail
    from study.subject as subject
    inner join rating_build.unbilled_read as unbilled
        on subject.agreement_id = unbilled.agreement_id
    semi join study.month as month
        on
            subject.utility = month.utility
            and unbilled.billing_month = month.billing_month
            and month.is_billed
    union all
    select
        utility,
        schedule,
        kw,
        kwh,
        billing_month,
        'more_than_kw_hours' as reason,
        'the month has ' || hours || ' hours' as detail
    from study.rated
    where kwh > kw * hours
    union all
    select
        asked.utility,
        asked.schedule,
        point.kw,
        point.kwh,
        cast(null as date) as billing_month,
        'priced_by_units' as reason,
        'a point has kW and kWh, no lights or poles' as detail
    from study.asked_schedule as asked
    cross join study.point as point
    where asked.kind = 'lighting'
)

select
    utility,
    schedule,
    kw,
    kwh,
    reason,
    coalesce(arg_max(detail, billing_month), any_value(detail)) as detail,
    cast(count(billing_month) as integer) as months,
    min(billing_month) as first_month,
    max(billing_month) as last_month
from listed
group by utility, schedule, kw, kwh, reason
