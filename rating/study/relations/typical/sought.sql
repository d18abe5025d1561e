-- How far and in which steps a break-even is sought: a step is an hour's use of the kW, or a kWh where
-- there is no kW.
-- One row per kW of the points; none without a schedule to compare with.

select
    kw,
    case when kw is null then max(kwh) else 744 end as last_step,
    case when kw is null then greatest(1, cast(ceil(max(kwh) * 0.01) as integer)) else 10 end
        as width
from study.subject
where (kw is null or kw > 0) and $against <> ''
group by kw
