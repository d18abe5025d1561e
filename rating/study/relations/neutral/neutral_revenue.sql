-- The revenue of the trial that was chosen, beside the present one.
-- One row per utility and schedule.

select
    utility,
    schedule,
    bills,
    present_usd,
    proposed_usd,
    cast(proposed_usd - present_usd as decimal(18, 2)) as change_usd
from study.trial_revenue
where trial_no = (select trial.trial_no from study.neutral_trial as trial where trial.is_chosen)
