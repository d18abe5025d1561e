-- The months that stand for a season, or the last one where nothing is billed.
-- One row per utility and billing month.

select distinct
    utility,
    billing_month
from study.typical
union
select
    utility,
    max(billing_month) as billing_month
from study.month
where utility not in (select typical.utility from study.typical as typical)
group by utility
