-- The bills of points by season, which is shown by its last month of the twelve.
-- One row per schedule, season and point.

with last as (
    select
        utility,
        schedule,
        season,
        max(billing_month) as billing_month
    from study.rated
    group by utility, schedule, season
)

select one.*
from study.typical_month as one
semi join last
    on
        one.utility = last.utility
        and one.schedule = last.schedule
        and one.billing_month = last.billing_month
