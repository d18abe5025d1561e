{{ config(tags=['standing']) }}
-- Quantities that a version names in what it derives, measures, splits, limits or tests. What a
-- charge prices and what a read must have are not among them.
-- One row per version and operand.

with named as (

    select
        determinant.version_id,
        term.operand
    from {{ source('tariff', 'determinant') }} as determinant
    inner join {{ source('tariff', 'determinant_term') }} as term
        on determinant.determinant_id = term.determinant_id
    union
    select
        demand_rule.version_id,
        term.operand
    from {{ source('tariff', 'demand_rule') }} as demand_rule
    inner join {{ source('tariff', 'demand_group') }} as demand_group
        on demand_rule.demand_rule_id = demand_group.demand_rule_id
    inner join {{ source('tariff', 'demand_term') }} as term
        on demand_group.demand_group_id = term.demand_group_id
    union
    select
        version_id,
        measured_operand as operand
    from {{ source('tariff', 'demand_rule') }}
    union
    select
        version_id,
        adjusted_operand as operand
    from {{ source('tariff', 'demand_rule') }}
    union
    select
        version_id,
        operand
    from {{ source('tariff', 'split') }}
    union
    select
        split.version_id,
        step.limit_operand as operand
    from {{ source('tariff', 'split') }} as split
    inner join {{ source('tariff', 'split_step') }} as step
        on split.split_id = step.split_id
    union
    select
        split.version_id,
        step.share_operand as operand
    from {{ source('tariff', 'split') }} as split
    inner join {{ source('tariff', 'split_step') }} as step
        on split.split_id = step.split_id
    union
    select
        charge.version_id,
        step.limit_operand as operand
    from {{ source('tariff', 'charge') }} as charge
    inner join {{ source('tariff', 'charge_step') }} as step
        on charge.charge_id = step.charge_id
    union
    select
        condition_set.version_id,
        condition.subject as operand
    from {{ source('tariff', 'condition_set') }} as condition_set
    inner join {{ source('tariff', 'condition') }} as condition
        on condition_set.condition_set_id = condition.condition_set_id
    where condition.kind = 'determinant'
    union
    select
        condition_set.version_id,
        condition.bound_operand as operand
    from {{ source('tariff', 'condition_set') }} as condition_set
    inner join {{ source('tariff', 'condition') }} as condition
        on condition_set.condition_set_id = condition.condition_set_id

)

select
    version_id,
    operand
from named
where operand is not null
