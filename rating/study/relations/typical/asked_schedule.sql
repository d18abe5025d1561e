-- The schedules that are asked for, with what decides which points suit them.
-- One row per utility and schedule.

select
    schedule.utility,
    schedule.schedule,
    schedule.kind,
    bool_or(requirement.operand is not null) as needs_kw,
    bool_or(demand_rule.version_id is not null) as has_demand
from tariff.schedule as schedule
inner join tariff.version as version
    on schedule.schedule_id = version.schedule_id
left join tariff.requirement as requirement
    on
        version.version_id = requirement.version_id
        and (requirement.operand = 'kw' or starts_with(requirement.operand, 'kw_'))
left join tariff.demand_rule as demand_rule
    on version.version_id = demand_rule.version_id
where
    schedule.kind in ('rate', 'lighting')
    and schedule.utility = coalesce($utility, schedule.utility)
    and (
        len(cast($schedules as text[])) = 0
        or list_contains(cast($schedules as text[]), schedule.schedule)
    )
group by schedule.utility, schedule.schedule, schedule.kind
